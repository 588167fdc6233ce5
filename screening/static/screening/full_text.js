// Full-text decisions go through the outbox too, so that a lost net or a closed tab loses none and a second
// click doubles none. One report is before the reader at a time: the next comes once the site has the decision.
// Without this script the form posts itself.

import "./keys.js";
import { newUuid, Outbox } from "./outbox.js";
import { showRefused, showUnsent } from "./unsent.js";

const RETRY_AFTER = 3000;

class Desk {
  constructor(root) {
    this.pending = null; // the act whose storing is awaited, and the page to go on to
    this.outbox = new Outbox(Number(root.dataset.reviewer));
    this.outbox.addEventListener("changed", () => this.changed());
    this.outbox.addEventListener("refused", ({ detail }) => this.refused(detail));
    this.outbox.ready.then(() => this.goOnWithEarlier());
    document.addEventListener("submit", (event) => this.submitted(event));
    window.addEventListener("online", () => this.changed());
  }

  get root() { return document.getElementById("screen"); }
  get form() { return this.root.querySelector("[data-full-text-form]"); }

  submitted(event) {
    const form = event.target;
    if (!form.matches("[data-full-text-form]")) return;
    event.preventDefault();
    const button = event.submitter;
    if (!button) return;
    if (button.dataset.act === "undo") return this.undo(button);
    if (this.pending) return;
    const uuid = form.elements.client_uuid.value;
    const { citation, title } = form.dataset;
    const about = { uuid, citation: Number(citation), note: form.elements.note.value };
    const act = button.dataset.act === "skip" ? { ...about, kind: "skip" } : { ...about, kind: "decide", verdict: button.value };
    this.send(act, title, this.root.dataset.page);
  }

  send(act, title, next) {
    this.pending = { uuid: act.uuid, next };
    this.setBusy(true);
    this.outbox.add(this.root.dataset.acts, act, title);
  }

  // What is not posted yet is taken out of the outbox; what is, by an act that names it.
  undo(button) {
    if (this.pending && this.outbox.cancel(this.pending.uuid)) {
      this.pending = null;
      this.form.elements.client_uuid.value = newUuid();
      this.setBusy(false);
      return;
    }
    if (this.pending || !button.dataset.of) return;
    const next = `${this.root.dataset.page}?citation=${button.dataset.back}`;
    this.send({ uuid: newUuid(), kind: "undo", of: button.dataset.of }, button.dataset.title, next);
  }

  // Decided on a page that was left before the site had answered: this page still shows its report.
  goOnWithEarlier() {
    const here = Number(this.form?.dataset.citation);
    const entry = this.outbox.waiting.find(({ act }) => act.citation === here);
    if (!entry || this.pending) return;
    this.pending = { uuid: entry.act.uuid, next: this.root.dataset.page };
    this.setBusy(true);
    this.changed();
  }

  changed() {
    this.tell();
    if (!this.pending || this.outbox.waiting.some(({ act }) => act.uuid === this.pending.uuid)) return;
    const { next } = this.pending;
    this.pending = null;
    this.open(next);
  }

  refused(act) {
    if (this.pending?.uuid !== act.uuid) return;
    // The report stays where it is, with what was written, under an act of its own.
    this.pending = null;
    if (this.form) this.form.elements.client_uuid.value = newUuid();
    this.setBusy(false);
  }

  async open(address) {
    const before = this.root;
    await window.htmx.ajax("GET", address, { target: "#screen", select: "#screen", swap: "outerHTML" });
    this.tell();
    if (this.root !== before) return;
    before.querySelector("[data-unsent]").textContent = gettext("Stored. The next report comes when the connection is back.");
    setTimeout(() => this.open(address), RETRY_AFTER);
  }

  setBusy(isBusy) {
    for (const button of this.form?.querySelectorAll("button:not([data-act=undo])") ?? []) button.disabled = isBusy;
    const undo = this.form?.querySelector("[data-act=undo]");
    if (undo) undo.disabled = !isBusy && !undo.dataset.of;
  }

  tell() {
    const place = this.root.querySelector("[data-unsent]");
    if (place) showUnsent(place, this.outbox);
    showRefused(this.form ?? this.root.firstElementChild, this.outbox);
  }
}

const root = document.getElementById("screen");
if (root) window.winnowDesk = new Desk(root);
