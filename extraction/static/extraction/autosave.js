// Saves cells as they are typed. A change carries what the page knew before, so that two windows never overwrite
// one another silently; what could not be saved stays marked until it is mended.

const RETRY_AFTER = 3000;

export class Autosave {
  constructor(form, listeners) {
    this.form = form;
    this.listeners = listeners;
    this.stored = new Map();
    this.queued = new Map();
    this.waiting = new Map();
    this.timer = null;
    this.running = null;
    window.addEventListener("beforeunload", (event) => {
      if (this.queued.size || this.waiting.size || this.running) event.preventDefault();
    });
  }

  // `known` is what the page showed when it was loaded.
  queue(cell, part, value, known) {
    const key = `${part} ${cell}`;
    if (!this.stored.has(key)) this.stored.set(key, known);
    this.waiting.delete(key);
    if (same(this.stored.get(key), value)) this.queued.delete(key);
    else this.queued.set(key, { cell, part, value });
    this.listeners.state(this.queued.size ? "typing" : "saved");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), 200);
  }

  known(cell, part, fallback) {
    const key = `${part} ${cell}`;
    return this.stored.has(key) ? this.stored.get(key) : fallback;
  }

  accept(cell, part, value) {
    this.stored.set(`${part} ${cell}`, value);
  }

  async flush() {
    clearTimeout(this.timer);
    while (this.running) await this.running;
    if (!this.queued.size) return;
    this.running = this.send();
    await this.running;
    this.running = null;
    if (this.queued.size && !this.stopped) this.timer = setTimeout(() => this.flush(), this.failed ? RETRY_AFTER : 0);
  }

  // What waits for a partner (events for their n) is sent again with any other cell of its row.
  rejoin() {
    const rows = new Set([...this.queued.values()].map((change) => rowOf(change.cell)));
    for (const [key, change] of this.waiting) {
      if (rows.has(rowOf(change.cell)) && !this.queued.has(key)) this.queued.set(key, change);
    }
  }

  async send() {
    this.rejoin();
    const sent = new Map(this.queued);
    this.queued.clear();
    const changes = [...sent].map(([key, change]) => ({ ...change, was: this.stored.get(key) ?? "" }));
    try {
      const answer = await fetch(this.form.dataset.saveTo, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value,
        },
        body: JSON.stringify({ changes }),
      });
      const told = await answer.json();
      this.failed = false;
      if (told.refused) {
        this.stopped = true;
        this.listeners.state("refused", told.refused);
        return;
      }
      this.receive(told, sent);
    } catch {
      this.failed = true;
      for (const [key, change] of sent) if (!this.queued.has(key)) this.queued.set(key, change);
      this.listeners.state("failed");
    }
  }

  receive(told, sent) {
    for (const result of told.cells) {
      const key = `${result.part} ${result.cell}`;
      if (result.state === "saved") this.stored.set(key, result.value);
      if (result.state === "saved" || result.state === "conflict") this.waiting.delete(key);
      if (result.state === "waiting") this.waiting.set(key, sent.get(key));
      this.listeners.cell(result, this.queued.has(key));
    }
    for (const [address, row] of Object.entries(told.rows)) this.listeners.row(address, row);
    const bad = told.cells.filter((result) => result.state !== "saved");
    if (this.queued.size) this.listeners.state("typing");
    else this.listeners.state(bad.length ? "partly" : "saved", bad.length);
  }
}

function rowOf(cell) {
  return cell.slice(0, cell.lastIndexOf("/"));
}

function same(left, right) {
  return JSON.stringify(left ?? "") === JSON.stringify(right ?? "");
}
