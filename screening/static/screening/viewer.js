// The PDF viewer: pages and hits in view, and a selection that becomes the source of the cell last worked in.
//
// A cell is an element with data-source-cell that holds one [data-source-page] and one [data-source-quote] field.
// Before anything is filled, `winnow:quote` {page, quote, documentId, documentName, cell} goes to the document;
// who calls preventDefault() fills it in their own way. Filled fields get `input` and `change`.

const ZOOMS = [60, 80, 100, 125, 150, 200, 300];
let cell = null;
let cellField = null;

const viewer = () => document.querySelector("[data-viewer]");
const pagesOf = (frame) => frame?.querySelector("[data-viewer-pages]");

// --- Where in the PDF ---------------------------------------------------------------------------------------

function show(frame, target, block = "start") {
  const pages = pagesOf(frame);
  if (!pages || !target) return;
  const box = target.getBoundingClientRect();
  const frameBox = pages.getBoundingClientRect();
  const above = block === "center" ? (frameBox.height - box.height) / 3 : 8;
  pages.scrollTop += box.top - frameBox.top - Math.max(above, 8);
  if (box.right > frameBox.right || box.left < frameBox.left) pages.scrollLeft += box.left - frameBox.left - 40;
}

function showHit(frame, number) {
  const hit = frame.querySelector(`[data-hit="${number}"]`);
  if (!hit) return;
  frame.querySelectorAll(".page-hit.is-current").forEach((other) => other.classList.remove("is-current"));
  hit.classList.add("is-current");
  frame.dataset.hit = number;
  show(frame, hit, "center");
}

function pageInView(frame) {
  const pages = pagesOf(frame);
  const middle = pages.getBoundingClientRect().top + pages.clientHeight / 3;
  return [...pages.children].findLast((page) => page.getBoundingClientRect().top <= middle) ?? pages.firstElementChild;
}

function zoom(frame, steps) {
  const now = Number(localStorage.getItem("viewer-zoom") ?? 100);
  const at = ZOOMS.indexOf(now) < 0 ? 2 : ZOOMS.indexOf(now);
  const next = ZOOMS[Math.min(Math.max(at + steps, 0), ZOOMS.length - 1)];
  localStorage.setItem("viewer-zoom", next);
  const page = pageInView(frame);
  // A number for the style sheet, not a style: the site's policy allows none in a page.
  frame.dataset.zoom = next;
  if (steps) show(frame, page);
}

function open(frame) {
  if (!frame || frame.dataset.isOpen) return;
  frame.dataset.isOpen = "yes";
  zoom(frame, 0);
  frame.querySelectorAll("[data-quote-text]").forEach((button) => { button.hidden = !cell; });
  const pages = pagesOf(frame);
  if (!pages) return;
  const number = frame.dataset.openAt;
  // The address names the page for readers without scripts; here the frame scrolls, not the window.
  if (location.hash.startsWith("#page-")) window.scrollTo(0, 0);
  if (frame.querySelector("[data-hit='0']")) showHit(frame, 0);
  else if (number !== "1") show(frame, frame.querySelector(`[data-page="${number}"]`));
  const field = frame.querySelector("[data-viewer-page]");
  pages.addEventListener("scroll", () => {
    if (document.activeElement !== field) field.value = pageInView(frame).dataset.page;
  }, { passive: true });
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-viewer-page]")) return;
  const frame = event.target.closest("[data-viewer]");
  show(frame, frame.querySelector(`[data-page="${Number(event.target.value)}"]`));
});

document.addEventListener("click", (event) => {
  const frame = event.target.closest("[data-viewer]");
  if (!frame) return;
  const zoomed = event.target.closest("[data-viewer-zoom]");
  const hit = event.target.closest("[data-go-hit]");
  const quoted = event.target.closest("[data-quote-text]");
  if (zoomed) zoom(frame, Number(zoomed.dataset.viewerZoom));
  if (hit) { event.preventDefault(); showHit(frame, hit.dataset.goHit); }
  if (quoted) offer(frame, quoted.dataset.quotePage, quoted.dataset.quoteText);
});

// Within the pages the arrow keys scroll and nothing else: on a decision page they would decide.
const SCROLL_KEYS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End", " "];
document.addEventListener("keydown", (event) => {
  if (SCROLL_KEYS.includes(event.key) && event.target.closest?.("[data-viewer-pages]")) event.stopPropagation();
}, true);

// In the search field Enter searches, and searches on: the same words again go to the next place.
document.addEventListener("keydown", (event) => {
  const frame = event.target.closest?.("[data-viewer]");
  if (!frame) return;
  if (event.key === "Escape" && cellField?.isConnected) { cellField.focus(); return; }
  if (event.key !== "Enter" || event.target.id !== "viewer-find" || event.target.value !== event.target.defaultValue) return;
  const count = frame.querySelectorAll("[data-go-hit]").length;
  if (!count) return;
  event.preventDefault();
  showHit(frame, (Number(frame.dataset.hit ?? -1) + (event.shiftKey ? count - 1 : 1)) % count);
}, true);

// --- From a selection to a quote ------------------------------------------------------------------------------

function cleaned(text) {
  return text
    .replace(/(\p{L})[-\u00ad\u2010]\s*\n\s*(?=\p{Ll})/gu, "$1")
    .replace(/\s+/g, " ")
    .trim();
}

const elementAt = (node) => node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;

function selected(frame) {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0).cloneRange();
  const page = elementAt(range.startContainer).closest("[data-page]");
  if (!page || !frame.contains(page)) return null;
  // A hand that stops within a word means the word.
  const first = elementAt(range.startContainer).closest("tspan");
  const last = elementAt(range.endContainer).closest("tspan");
  if (first && range.startOffset < first.textContent.length) range.setStartBefore(first);
  if (last && range.endOffset > 0) range.setEndAfter(last);
  const copy = range.cloneContents();
  copy.querySelectorAll(".page-number").forEach((number) => number.remove());
  const quote = cleaned(copy.textContent);
  return quote ? { page: page.dataset.page, quote } : null;
}

function offerSelection(event) {
  const frame = viewer();
  if (!frame || event.target.closest?.(".viewer-bar")) return;
  // The browser settles what is selected after the event.
  setTimeout(() => {
    const found = selected(frame);
    if (found) offer(frame, found.page, found.quote);
  });
}

document.addEventListener("mouseup", offerSelection);
document.addEventListener("touchend", offerSelection);
document.addEventListener("keyup", (event) => {
  if (event.shiftKey || event.key === "Shift") offerSelection(event);
});

function offer(frame, page, quote) {
  const detail = {
    page, quote, cell,
    documentId: frame.dataset.document,
    documentName: frame.dataset.documentName,
  };
  const asked = new CustomEvent("winnow:quote", { detail, cancelable: true });
  if (!document.dispatchEvent(asked)) return;
  if (!cell?.isConnected) {
    if (document.querySelector("[data-source-cell]")) say(frame, gettext("Click into a cell of the form first; a selection then becomes its source."));
    return;
  }
  const field = cell.querySelector("[data-source-quote]");
  if (!field.value.trim() || field.dataset.fromPdf === field.value) fill(frame, page, quote);
  else ask(frame, page, quote, field.value);
}

function fill(frame, page, quote) {
  const fields = { page: cell.querySelector("[data-source-page]"), quote: cell.querySelector("[data-source-quote]") };
  const before = { page: fields.page?.value, quote: fields.quote.value };
  put(fields.page, page);
  // A cell without a field for the page, such as a note, has it behind the quote.
  put(fields.quote, fields.page ? quote : interpolate(gettext("“%(quote)s” (p. %(page)s)"), { quote, page }, true));
  fields.quote.dataset.fromPdf = fields.quote.value;
  const words = quote.length > 70 ? `${quote.slice(0, 70)}…` : quote;
  const told = { cell: named(cell), page, words };
  say(frame, interpolate(gettext("%(cell)s: page %(page)s, “%(words)s”."), told, true), [
    [gettext("Undo"), () => { put(fields.page, before.page); put(fields.quote, before.quote); say(frame, gettext("Undone.")); }],
  ]);
}

function ask(frame, page, quote, standing) {
  say(frame, interpolate(gettext("%(cell)s has a quote already."), { cell: named(cell) }, true), [
    [gettext("Replace it"), () => fill(frame, page, quote)],
    [gettext("Add to it"), () => fill(frame, cell.querySelector("[data-source-page]")?.value || page, `${standing} … ${quote}`)],
  ]);
}

function put(field, value) {
  if (!field) return;
  field.value = field.maxLength > 0 ? value.slice(0, field.maxLength) : value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

const named = (element) => element.dataset.sourceName ? `“${element.dataset.sourceName}”` : gettext("this cell");

function say(frame, sentence, acts = []) {
  const place = frame.querySelector("[data-viewer-said]");
  place.textContent = sentence;
  for (const [label, act] of acts) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-secondary";
    button.textContent = label;
    button.addEventListener("click", act);
    place.append(button);
  }
}

document.addEventListener("focusin", (event) => {
  const entered = event.target.closest("[data-source-cell]");
  if (!entered) return;
  cellField = event.target;
  if (entered === cell) return;
  cell?.classList.remove("is-source-target");
  cell = entered;
  cell.classList.add("is-source-target");
  const frame = viewer();
  if (!frame?.querySelector("[data-viewer-said]")) return;
  say(frame, interpolate(gettext("Select text in the PDF to make it the source of %(cell)s."), { cell: named(cell) }, true));
  frame.querySelectorAll("[data-quote-text]").forEach((button) => { button.hidden = false; });
});

document.addEventListener("htmx:afterSettle", () => open(viewer()));
open(viewer());
