// The screening room: the page holds the next citations and shows the next one in the frame of the key.
// Every act is posted in the background through the outbox. Without this script the forms do the same, slower.

import "./keys.js";
import { newUuid, Outbox } from "./outbox.js";
import { swipeable } from "./swipe.js";
import { showRefused, showUnsent } from "./unsent.js";

const REFILL_AT = 6;
const CARDS_KEPT = 100;
const SHOWN_LAST = 5;
const RECENT = 120_000;
const RECENT_KEPT = 60;

// In the turn after the next frame was painted.
function afterPaint(work) {
  requestAnimationFrame(() => setTimeout(work));
}

function tagOf(name) {
  const tag = document.createElement("span");
  tag.className = "tag tag-label";
  tag.textContent = name;
  return tag;
}

// What this person decided a moment ago on this machine: a page that was on its way meanwhile may still show it.
class Recent {
  constructor(person) {
    this.name = `winnow-recent-${person}`;
  }

  read() {
    try { return new Map(JSON.parse(localStorage.getItem(this.name) ?? "[]")); } catch { return new Map(); }
  }

  keys() {
    return [...this.read()].filter(([, at]) => Date.now() - at < RECENT).map(([citation]) => citation);
  }

  add(citation) { this.write(this.read().set(citation, Date.now())); }

  remove(citation) {
    const kept = this.read();
    if (kept.delete(citation)) this.write(kept);
  }

  write(kept) {
    localStorage.setItem(this.name, JSON.stringify([...kept].slice(-RECENT_KEPT)));
  }
}

class Room {
  constructor(root) {
    this.root = root;
    this.place = root.querySelector("[data-card]");
    this.form = root.querySelector("[data-decision-form]");
    this.note = this.form.elements.note;
    this.last = root.querySelector("[data-last-decisions]");
    this.progress = root.querySelector("[data-progress]");
    this.current = this.place.firstElementChild;
    this.ahead = [...root.querySelector("[data-next-cards]").content.children].map((card) => document.adoptNode(card));
    this.recent = new Recent(root.dataset.reviewer);
    this.past = [];                 // what can be undone, newest last
    this.gone = new Set();          // decided in this page and not undone: never shown again
    this.outbox = new Outbox(Number(root.dataset.reviewer));
    this.outbox.addEventListener("refused", ({ detail }) => this.forget(detail.citation));
    this.outbox.addEventListener("changed", () => this.showUnsentSoon());
    this.others = "BroadcastChannel" in window ? new BroadcastChannel("winnow-screening") : null;
    if (this.others) this.others.onmessage = ({ data }) => this.decidedElsewhere(data);
    this.form.addEventListener("submit", (event) => this.submitted(event));
    window.addEventListener("scroll", () => { this.isScrolled = true; }, { passive: true });
    window.addEventListener("online", () => this.refill());
    this.labelForm = root.querySelector("[data-label-form]");
    this.labelForm?.addEventListener("submit", (event) => this.label(event));
    swipeable(this.place, (side) => this.press(side === "right" ? "include" : "exclude"));
    // Whoever comes by the address of one citation means that one, decided or not.
    if (!window.location.search) this.leaveOut(this.recent.keys());
    this.outbox.ready.then(() => this.leaveOut(this.outbox.citations())).finally(() => { this.knowsWhatWaits = true; });
    this.standBy();
  }

  submitted(event) {
    event.preventDefault();
    const { current } = this;
    if (this.knowsWhatWaits) return this.act(event.submitter);
    // An earlier page may have left a decision on this very citation, which is read in a moment.
    this.outbox.ready.finally(() => setTimeout(() => this.current === current && this.act(event.submitter)));
  }

  act(button) {
    const act = button?.dataset.act;
    if (this.isEmpty && act !== "undo") return;
    if (act === "undo") this.undo();
    else if (act === "skip") this.skip();
    else if (button) this.decide(button);
  }

  press(verdict) {
    this.form.querySelector(`button[name=verdict][value=${verdict}]`)?.click();
  }

  get citation() { return Number(this.current.dataset.citation); }

  decide(button) {
    const act = { uuid: newUuid(), kind: "decide", citation: this.citation, verdict: button.value, note: this.note.value };
    const entry = { act, card: this.current, title: this.current.dataset.title };
    this.remember(entry);
    this.gone.add(act.citation);
    this.goOn(act);
    this.recent.add(act.citation);
    // The side follows one frame later: first the next citation.
    afterPaint(() => this.note.isConnected && !entry.isUndone && this.noteDown(entry, button));
  }

  noteDown(entry, button) {
    entry.isCounted = true;
    entry.line = this.lineOf(entry.card, button);
    this.last.querySelector("[data-none-yet]")?.remove();
    this.last.prepend(entry.line);
    while (this.last.children.length > SHOWN_LAST) this.last.lastElementChild.remove();
    this.count(1);
  }

  skip() {
    const act = { uuid: newUuid(), kind: "skip", citation: this.citation, note: this.note.value };
    this.remember({ act, card: this.current, title: this.current.dataset.title });
    this.goOn(act);
  }

  // Show the next card first; keeping and posting the act follows in the same turn.
  goOn(act) {
    const { title } = this.current.dataset;
    this.show(this.ahead.shift());
    this.outbox.add(this.root.dataset.acts, act, title);
    this.others?.postMessage(act.citation);
    if (this.ahead.length < REFILL_AT) this.refill();
  }

  remember(entry) {
    this.past.push(entry);
    // Older cards are asked for again when somebody goes that far back; their lines have left the side by then.
    const old = this.past[this.past.length - 1 - CARDS_KEPT];
    if (old) old.card = old.line = null;
  }

  async undo() {
    const entry = this.past.pop();
    if (!entry) return this.undoEarlier();
    const { act } = entry;
    entry.isUndone = true;
    if (!this.outbox.cancel(act.uuid)) {
      const back = act.kind === "decide" ? { kind: "undo", of: act.uuid } : { kind: "unskip", citation: act.citation };
      this.outbox.add(this.root.dataset.acts, { uuid: newUuid(), ...back }, entry.title);
    }
    entry.line?.remove();
    if (entry.isCounted) this.count(-1);
    this.forget(act.citation);
    this.ahead = this.ahead.filter((card) => Number(card.dataset.citation) !== act.citation);
    const card = entry.card ?? (await this.ask(`citation=${act.citation}`))[0];
    if (!card) return;
    if (!this.isEmpty) this.ahead.unshift(this.current);
    this.show(card, act.note);
  }

  // Put the label on; writing one that is on takes it off.
  label(event) {
    event.preventDefault();
    const field = this.labelForm.elements.name;
    const typed = field.value.trim().replace(/\s+/g, " ");
    if (!typed || this.isEmpty) return;
    const { dataset } = this.current;
    const names = dataset.labels ? dataset.labels.split("\n") : [];
    const on = names.find((each) => each.toLowerCase() === typed.toLowerCase());
    const name = on ?? this.knownLabel(typed) ?? typed;
    const now = on ? names.filter((each) => each !== on) : [...names, name];
    dataset.labels = now.join("\n");
    this.current.querySelector("[data-card-labels]").replaceChildren(...now.flatMap((each) => [tagOf(each), " "]));
    this.outbox.add(this.root.dataset.acts, { uuid: newUuid(), kind: "label", citation: this.citation, name, on: !on }, dataset.title);
    field.value = "";
    field.blur();
  }

  // The shared label of this name, whatever its case; a new one is offered from now on.
  knownLabel(typed) {
    const list = this.labelForm.querySelector("[data-all-labels]");
    const known = [...list.children].find((option) => option.value.toLowerCase() === typed.toLowerCase());
    if (!known) list.append(new Option("", typed));
    return known?.value;
  }

  // What was decided before this page was opened is taken back by the server, which then shows it.
  async undoEarlier() {
    await this.outbox.post();
    if (this.outbox.waiting.length) return;
    const button = this.form.querySelector("[data-act=undo]");
    this.form.action = button.formAction;
    this.form.submit();
  }

  show(card, note) {
    this.isEmpty = !card;
    if (card) this.bringOn(card);
    else this.place.replaceChildren(this.waitingLine());
    this.setNote(note ?? card?.dataset.note ?? "");
    if (this.isScrolled) window.scrollTo(0, 0);
    this.isScrolled = false;
    // After the frame: where the focus is changes nothing that is seen, and asking for it now costs a layout.
    afterPaint(() => {
      // Whoever has begun to write meanwhile goes on writing: letters that leave the field would decide.
      if (!document.activeElement?.matches("input, textarea, select")) {
        this.place.querySelector("#citation-title")?.focus({ preventScroll: true });
      }
      this.standBy();
    });
  }

  bringOn(card) {
    for (const other of [...this.place.children]) if (other !== card) other.remove();
    if (card.parentNode !== this.place) this.place.append(card);
    card.classList.remove("is-next");
    card.inert = false;
    card.querySelector("[data-title-of-next]")?.setAttribute("id", "citation-title");
    this.current = card;
    this.form.action = card.dataset.decide;
    if (this.labelForm) this.labelForm.action = card.dataset.label;
    this.form.querySelector("[data-duplicate-link]").href = card.dataset.duplicate;
    this.form.querySelector("[data-act=skip]").formAction = card.dataset.skip;
    // Should the script fail later, the form still posts the citation that is shown, under an act of its own.
    this.form.elements.client_uuid.value = newUuid();
  }

  // The next card waits in its place, laid out but not seen, so that the key has only to uncover it.
  standBy() {
    const [next] = this.ahead;
    if (!next || this.isEmpty || next.parentNode === this.place) return;
    for (const stale of this.place.querySelectorAll(".is-next")) stale.remove();
    next.classList.add("is-next");
    next.inert = true;
    const title = next.querySelector("#citation-title");
    title?.setAttribute("data-title-of-next", "");
    title?.removeAttribute("id");
    this.place.append(next);
  }

  setNote(text) {
    if (this.note.value !== text) this.note.value = text;
  }

  waitingLine() {
    const line = document.createElement("p");
    line.className = "quiet";
    line.setAttribute("role", "status");
    line.textContent = navigator.onLine
      ? gettext("Fetching the next citations …")
      : gettext("The next citations come when the connection is back.");
    return line;
  }

  // Held are those on the page and those whose act the server may not have seen.
  held() {
    const cards = this.isEmpty ? this.ahead : [this.current, ...this.ahead];
    return [...new Set([...cards.map((card) => Number(card.dataset.citation)), ...this.outbox.citations()])];
  }

  async refill() {
    if (this.asking) return;
    this.asking = true;
    // Counting takes longer than fetching, and the page counts along: only now and then is it asked for.
    this.refills = (this.refills ?? 0) + 1;
    const count = this.refills % 5 === 0 && !this.outbox.waiting.length;
    const cards = await this.ask(`held=${this.held().join(",")}${count ? "&counts=1" : ""}`, count);
    this.asking = false;
    if (!cards) return void setTimeout(() => this.ahead.length < REFILL_AT && this.refill(), 3000);
    const known = new Set(this.held());
    for (const card of cards) {
      const pk = Number(card.dataset.citation);
      if (!known.has(pk) && !this.gone.has(pk)) this.ahead.push(card);
    }
    if (this.isEmpty && this.ahead.length) this.show(this.ahead.shift());
    else if (this.isEmpty && cards.length) setTimeout(() => this.refill(), 3000);
    else if (this.isEmpty) this.finish();
    else this.standBy();
  }

  // Cards from the server; nothing when it cannot be reached.
  async ask(query, takeCounts = false) {
    try {
      const answer = await fetch(`${this.root.dataset.cards}?${query}`, { redirect: "manual" });
      if (!answer.ok) return null;
      const parsed = document.createElement("template");
      parsed.innerHTML = await answer.text();
      const told = parsed.content.firstElementChild;
      if (takeCounts && !this.outbox.waiting.length) this.setCounts(Number(told.dataset.decided), Number(told.dataset.waiting));
      return [...told.children].map((card) => document.adoptNode(card));
    } catch {
      return null;
    }
  }

  // All is decided: the server says so itself, once it has everything.
  async finish() {
    await this.outbox.post();
    if (!this.outbox.waiting.length) window.location.assign(window.location.pathname);
    else setTimeout(() => this.refill(), 3000);
  }

  // Decided on an earlier page: whatever the server's page still shows, they do not come up again.
  leaveOut(citations) {
    const out = new Set(citations);
    if (!out.size) return;
    for (const citation of out) this.gone.add(citation);
    this.ahead = this.ahead.filter((card) => !out.has(Number(card.dataset.citation)));
    if (!this.past.length && out.has(this.citation)) this.show(this.ahead.shift());
    if (this.ahead.length < REFILL_AT) this.refill();
  }

  // Taken back or refused: it may come up again.
  forget(citation) {
    this.gone.delete(citation);
    this.recent.remove(citation);
  }

  decidedElsewhere(citation) {
    this.ahead = this.ahead.filter((card) => Number(card.dataset.citation) !== citation);
    if (!this.isEmpty && this.citation === citation) this.show(this.ahead.shift());
    if (this.ahead.length < REFILL_AT) this.refill();
  }

  count(by) {
    this.setCounts(this.progress.value + by, this.progress.max - this.progress.value - by);
  }

  setCounts(decided, waiting) {
    this.progress.max = Math.max(1, decided + waiting);
    this.progress.value = decided;
    for (const place of this.root.querySelectorAll("[data-decided-count]")) place.textContent = decided;
    for (const place of this.root.querySelectorAll("[data-waiting-count]")) place.textContent = waiting;
  }

  lineOf(card, button) {
    const line = document.createElement("li");
    const tag = document.createElement("span");
    tag.className = `tag tag-${button.value.split(":")[0]}`;
    tag.textContent = button.dataset.verdict;
    const link = document.createElement("a");
    link.href = card.dataset.page;
    link.textContent = card.dataset.title;
    line.append(tag, " ", link);
    if (button.dataset.reason) {
      const reason = document.createElement("span");
      reason.className = "small-print";
      reason.textContent = ` ${button.dataset.reason}`;
      line.append(reason);
    }
    return line;
  }

  showUnsentSoon() {
    if (this.isShowingUnsent) return;
    this.isShowingUnsent = true;
    afterPaint(() => {
      this.isShowingUnsent = false;
      this.showUnsent();
    });
  }

  showUnsent() {
    showUnsent(this.root.querySelector("[data-unsent]"), this.outbox);
    showRefused(this.place, this.outbox);
  }
}

const root = document.getElementById("screen");
if (root?.querySelector("[data-decision-form]")) window.winnowRoom = new Room(root);
else if (root) new Outbox(Number(root.dataset.reviewer));
