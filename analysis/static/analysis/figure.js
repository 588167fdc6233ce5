// A mark of a figure and its row in the table point at one another: hovering over either, or reaching it with
// Tab, marks both and says the row in words. Without this script the marks are plain links with a title.

const figure = document.querySelector("[data-linked-figure]");

if (figure) {
  const said = document.querySelector("[data-figure-said]");
  const marks = new Map();
  for (const link of figure.querySelectorAll("a")) {
    const group = link.querySelector("[id^='row-']");
    if (group) marks.set(group.id, link);
  }
  const rows = new Map();
  for (const row of document.querySelectorAll("[data-figure-row]")) {
    rows.set(`row-${row.dataset.figureRow}`, row);
  }

  function mark(name, on) {
    marks.get(name)?.classList.toggle("is-pointed-at", on);
    rows.get(name)?.classList.toggle("is-marked", on);
    if (on && said && marks.has(name)) said.textContent = marks.get(name).getAttribute("aria-label");
  }

  function follow(element, name) {
    for (const [event, on] of [["pointerenter", true], ["pointerleave", false], ["focusin", true], ["focusout", false]]) {
      element.addEventListener(event, () => mark(name, on));
    }
  }

  for (const [name, link] of marks) follow(link, name);
  for (const [name, row] of rows) follow(row, name);

  // Arrow keys go from mark to mark, as in a list, so that Tab need not pass every one of a long figure.
  const order = [...marks.values()];
  figure.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const at = order.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    order[(at + step + order.length) % order.length].focus();
  });
}
