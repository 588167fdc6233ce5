// Settling by key: 1 or the left arrow takes the left value, 2 or the right arrow the right one, n a new one.

const form = document.querySelector("[data-compare]");
const cells = [...(form?.querySelectorAll("[data-cell]") ?? [])];
const isOpen = (cell) => !cell.querySelector("input[type=radio]:checked");

function count() {
  const place = document.querySelector("[data-left-open]");
  if (place) place.textContent = interpolate(gettext("%s still open."), [cells.filter(isOpen).length]);
}

function goto(cell) {
  if (!cell) return form.querySelector("button.btn-primary").focus();
  cell.focus();
  cell.scrollIntoView({ block: "nearest" });
}

function next(cell) {
  const after = cells.slice(cells.indexOf(cell) + 1);
  goto(after.find(isOpen) ?? cells.find(isOpen));
}

function take(cell, value) {
  // The side that has no such row says: leave it out.
  const radio = cell.querySelector(`input[type=radio][value=${value}]`) ?? cell.querySelector("input[value=neither]");
  if (!radio) return;
  radio.checked = true;
  count();
  const typed = value === "new" && cell.querySelector(".new-input");
  if (typed) typed.focus();
  else next(cell);
}

const ACTS = { 1: "left", ArrowLeft: "left", 2: "right", ArrowRight: "right", n: "new", x: "neither" };

form?.addEventListener("keydown", (event) => {
  const cell = event.target.closest("[data-cell]");
  if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target.classList.contains("new-input");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (isTyping && event.key === "Enter") next(cell);
  else if (isTyping && event.key === "Escape") goto(cell);
  else if (step) goto(cells[cells.indexOf(cell) + step] ?? cell);
  else if (!isTyping && ACTS[event.key]) take(cell, ACTS[event.key]);
  else return;
  event.preventDefault();
});
form?.addEventListener("change", count);
form?.addEventListener("input", (event) => {
  if (!event.target.classList.contains("new-input")) return;
  event.target.closest("[data-cell]").querySelector("[value=new]").checked = true;
  count();
});
for (const cell of cells) cell.tabIndex = 0;
count();
cells.find(isOpen)?.focus({ preventScroll: true });
