// The extraction page: cells save themselves, a bar shows where the focused cell stands, a dialog derives.

import { Autosave } from "./autosave.js";
import { canUndo, listen, remember, split, undo, write } from "./grid_keys.js";

const form = document.querySelector("[data-entry-form]");
const bar = form.querySelector("[data-cell-bar]");
const part = (name) => bar.querySelector(`[data-bar-${name}]`);
const dialog = document.querySelector("[data-row-dialog]");
const status = form.querySelector("[data-save-state]");
const messages = new Map();
let current = null;
let isCurrentInGrid = false;

const addressOf = (input) => input.name.slice("cell:".length);
const inputAt = (address) => form.querySelector(`[name="${CSS.escape(`cell:${address}`)}"]`);
const isCell = (element) => element?.name?.startsWith?.("cell:");

const STATES = {
  typing: () => gettext("Saving…"),
  saved: () => gettext("All saved."),
  failed: () => gettext("Not saved: no connection. Trying again…"),
  refused: (text) => text,
  partly: (count) => interpolate(ngettext("%s cell is not saved: see the marked ones.", "%s cells are not saved: see the marked ones.", count), [count]),
};

const autosave = new Autosave(form, {
  state(name, detail) {
    status.textContent = STATES[name](detail);
    status.dataset.state = name;
    form.querySelector("[data-undo]").hidden = !canUndo();
  },
  cell(result, isQueued) {
    const input = result.cell.startsWith("answer/") ? answerInput(result.cell) : inputAt(result.cell);
    if (!input) return;
    mark(input, result);
    if (result.part === "value" && result.state === "saved" && !isQueued && isCell(input) && input !== document.activeElement) {
      input.value = result.value;
    }
  },
  row(address, row) {
    for (const [column, value] of Object.entries(row.values)) follow(inputAt(`${address}/${column}`), value, row.derived[column]);
    const link = form.querySelector(`[data-row="${CSS.escape(address)}"]`);
    if (!link) return;
    link.textContent = row.findings.length ? "! ⋯" : "⋯";
    link.classList.toggle("warns", row.findings.length > 0);
    link.title = row.findings.join(" ") || gettext("Derive, note, checks");
  },
});

// A derived value follows its inputs.
function follow(input, value, derived) {
  if (!input) return;
  const wasDerived = "derived" in input.dataset;
  if (derived) input.dataset.derived = derived;
  else delete input.dataset.derived;
  input.closest("td").classList.toggle("is-derived", Boolean(derived));
  if ((derived || wasDerived) && input !== document.activeElement) {
    input.value = value;
    autosave.accept(addressOf(input), "value", value);
  }
}

function mark(input, result) {
  const place = input.closest("td, .answer-row") ?? input;
  place.classList.remove("is-wrong", "is-waiting", "is-conflict");
  if (result.state === "saved") messages.delete(input);
  else {
    place.classList.add(`is-${result.state}`);
    messages.set(input, result);
  }
  if (input === current) showMessage();
}

// The bar

function showBar(input) {
  current = input;
  isCurrentInGrid = true;
  bar.hidden = false;
  part("name").textContent = input.getAttribute("aria-label");
  part("page").value = input.dataset.page ?? "";
  part("quote").value = input.dataset.quote ?? "";
  part("derived").textContent = input.dataset.derived ? interpolate(gettext("Derived: %s"), [input.dataset.derived]) : "";
  const link = rowLink(input);
  part("derive").hidden = !link;
  if (link) part("derive").href = link.href;
  bar.querySelector(".bar-fields").hidden = addressOf(input).startsWith("arm/") && input.tagName === "SELECT";
  showMessage();
}

function rowLink(input) {
  const address = addressOf(input);
  return form.querySelector(`[data-row="${CSS.escape(address.slice(0, address.lastIndexOf("/")))}"]`);
}

function showMessage() {
  const place = part("message");
  const told = messages.get(current);
  place.replaceChildren(told ? `${told.message} ` : "");
  if (told?.state === "conflict") place.append(button(gettext("Keep mine"), () => settle(told, true)), " ", button(gettext("Take the other"), () => settle(told, false)));
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm btn-secondary";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function settle(told, isMine) {
  const input = current;
  const typed = input.value;
  autosave.accept(told.cell, told.part, told.value);
  if (isMine) autosave.queue(told.cell, told.part, typed);
  else {
    input.value = told.value;
    mark(input, { state: "saved" });
  }
  input.focus();
}

for (const name of ["page", "quote"]) {
  part(name).addEventListener("change", () => keepSource(name));
  part(name).addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    if (event.key === "Enter") keepSource(name);
    if (event.key === "Enter" && name === "page") part("quote").focus();
    else current.focus();
  });
}

function keepSource(name) {
  const known = current.dataset[name] ?? "";
  const value = part(name).value.trim();
  current.dataset[name] = value;
  current.closest("td").classList.toggle("has-source", Boolean(current.dataset.page || current.dataset.quote));
  autosave.queue(addressOf(current), name, value, known);
}

// Text selected in the PDF goes to the cell last worked in; answers have fields of their own for it.
document.addEventListener("winnow:quote", (event) => {
  if (!isCurrentInGrid || !current) return;
  event.preventDefault();
  part("page").value = event.detail.page ?? "";
  part("quote").value = event.detail.quote ?? "";
  keepSource("page");
  keepSource("quote");
});

// What is typed

function answerInput(address) {
  const row = form.querySelector(`[data-source-cell="${CSS.escape(address)}"]`);
  return row?.querySelector("input, select, textarea");
}

const now = { text: (field) => field.value, ticked: (box) => box.checked };
const rendered = {
  text: (field) => (field.tagName === "SELECT" ? ([...field.options].find((o) => o.defaultSelected) ?? field.options[0]).value : field.defaultValue),
  ticked: (box) => box.defaultChecked,
};

function answerOf(row, read = now) {
  const table = row.querySelector("[data-grid]");
  if (table) return [...table.tBodies[0].rows].map((r) => [...r.querySelectorAll("input")].map(read.text)).filter((r) => r.some(Boolean));
  const boxes = [...row.querySelectorAll("input[type=checkbox]")];
  if (boxes.length) return boxes.filter(read.ticked).map((box) => box.value);
  return read.text(row.querySelector(".answer-value").querySelector("input, select, textarea"));
}

// The page as the server sent it is what is known to be stored. What was typed before this module had loaded, or
// what the browser filled in again after going back, is a change like any other.
function begin() {
  for (const row of form.querySelectorAll("[data-source-cell]")) {
    const cell = row.dataset.sourceCell;
    autosave.accept(cell, "value", answerOf(row, rendered));
    for (const name of ["page", "quote"]) {
      const field = row.querySelector(`[data-source-${name}]`);
      autosave.accept(cell, name, field?.defaultValue ?? "");
      if (field && field.value !== field.defaultValue) autosave.queue(cell, name, field.value.trim());
    }
    const typed = answerOf(row);
    if (JSON.stringify(typed) !== JSON.stringify(answerOf(row, rendered))) autosave.queue(cell, "value", typed);
  }
  for (const input of form.querySelectorAll("[name^='cell:']")) {
    const known = rendered.text(input);
    if (input.value !== known) input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function changed(event) {
  const input = event.target;
  if (isCell(input)) {
    const pairs = input.tagName === "SELECT" ? [[input, input.value]] : split(input, input.value);
    const group = [];
    if (event.isTrusted && pairs.length === 1) group.push([input, autosave.known(addressOf(input), "value", input.defaultValue)]);
    for (const [target, value] of pairs.slice(1)) write(target, value, group);
    if (pairs.length > 1) input.value = pairs[0][1];
    if (event.isTrusted) remember(group);
    autosave.queue(addressOf(input), "value", input.value.trim(), rendered.text(input));
    return;
  }
  const row = input.closest("[data-source-cell]");
  if (!row) return;
  const name = ["page", "quote"].find((each) => `source${each[0].toUpperCase()}${each.slice(1)}` in input.dataset) ?? "value";
  autosave.queue(row.dataset.sourceCell, name, name === "value" ? answerOf(row) : input.value.trim());
}

form.addEventListener("change", changed);
// Long texts save while they are written, not only when they are left.
let slow = null;
form.addEventListener("input", (event) => {
  if (event.target.tagName !== "TEXTAREA") return;
  clearTimeout(slow);
  slow = setTimeout(() => changed(event), 1500);
});
form.addEventListener("focusin", (event) => {
  if (isCell(event.target)) showBar(event.target);
  else if (!bar.contains(event.target)) {
    isCurrentInGrid = false;
    bar.hidden = !event.target.closest("[data-source-cell]") || !messages.has(event.target);
    if (!bar.hidden) showAnswerMessage(event.target);
  }
});

function showAnswerMessage(input) {
  current = input;
  part("name").textContent = input.closest("[data-source-cell]").dataset.sourceName;
  part("derived").textContent = "";
  bar.querySelector(".bar-fields").hidden = true;
  showMessage();
}

listen(form, {
  pasted({ filled, skipped }) {
    const rest = skipped.length ? ` ${interpolate(gettext("Left out, as no number or no place for it: %s."), [skipped.slice(0, 6).join(", ")])}` : "";
    part("message").textContent = interpolate(ngettext("%s cell filled.", "%s cells filled.", filled), [filled]) + rest;
  },
  leave(input) {
    input.value = isCell(input) ? autosave.known(addressOf(input), "value", input.defaultValue) : input.defaultValue;
    input.select?.();
  },
});
form.querySelector("[data-undo]").addEventListener("click", undo);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  document.activeElement?.blur?.();
  await autosave.flush();
});
const submit = document.querySelector("[data-submit]");
submit.disabled = false;
submit.form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await autosave.flush();
  submit.form.submit();
});

// Columns on request

for (const grid of form.querySelectorAll("[data-entry]")) {
  const show = (column, isShown) => {
    grid.querySelectorAll(`.is-more[data-column="${column}"]`).forEach((cell) => cell.classList.toggle("is-open", isShown));
    const heads = [...grid.querySelectorAll(".group-head")];
    const open = grid.tHead.querySelectorAll("th[data-column]:not(.is-more), th.is-open").length / Math.max(1, heads.length);
    for (const head of heads) head.colSpan = open + 1;
  };
  for (const column of grid.dataset.open.split(" ").filter(Boolean)) show(column, true);
  const key = `winnow-columns-${grid.dataset.entry}`;
  const chosen = new Set(JSON.parse(localStorage.getItem(key) ?? "[]"));
  for (const box of grid.querySelectorAll("[data-more] input")) {
    if (chosen.has(box.value)) box.checked = true;
    show(box.value, box.checked);
    box.addEventListener("change", () => {
      show(box.value, box.checked);
      chosen[box.checked ? "add" : "delete"](box.value);
      localStorage.setItem(key, JSON.stringify([...chosen]));
    });
  }
  document.addEventListener("htmx:afterSwap", () => {
    for (const box of grid.querySelectorAll("[data-more] input")) show(box.value, box.checked);
  });
}
document.addEventListener("htmx:afterSwap", (event) => {
  event.target.querySelector?.("tr:last-child input")?.focus();
});

// The dialog of one row

let isChanged = false;
// What was sent and not yet answered: a reload in between would show the row as it was.
let sending = Promise.resolve();

async function load(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const body = dialog.querySelector("[data-row-body]");
  body.replaceChildren(page.querySelector("#row-page") ?? gettext("The row cannot be shown."));
  body.querySelector("button, input, summary")?.focus();
}

async function openRow(address) {
  await autosave.flush();
  sessionStorage.setItem("winnow-cell", current?.name ?? "");
  dialog.dataset.address = address;
  await load(await fetch(address));
  dialog.showModal();
}

dialog.addEventListener("submit", async (event) => {
  event.preventDefault();
  const data = new FormData(event.target);
  if (event.submitter?.name) data.append(event.submitter.name, event.submitter.value);
  isChanged = true;
  sending = fetch(dialog.dataset.address, { method: "POST", body: data }).then(load);
  await sending;
});
dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", async () => {
  await sending.catch(() => {});
  if (isChanged) location.reload();
  else current?.focus();
});
form.addEventListener("click", (event) => {
  const link = event.target.closest("[data-row], [data-bar-derive]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  openRow(link.href);
});
document.addEventListener("keydown", (event) => {
  if (!event.altKey || !current || dialog.open) return;
  if (event.key === "p") part("page").focus();
  else if (event.key === "d" && !part("derive").hidden) openRow(part("derive").href);
  else return;
  event.preventDefault();
});

begin();
const last = sessionStorage.getItem("winnow-cell");
sessionStorage.removeItem("winnow-cell");
if (last) form.querySelector(`[name="${CSS.escape(last)}"]`)?.focus();
