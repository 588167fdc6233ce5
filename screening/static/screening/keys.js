// Keys for the decision pages: each element names its own in data-key; nothing happens while a field has focus.

function isTyping(target) {
  return target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])") || target.isContentEditable;
}

function opens(key) {
  const keys = document.querySelector("[data-open-keys]")?.dataset.openKeys ?? "o";
  return keys.split(" ").includes(key);
}

function act(element) {
  if (element.matches("textarea, input:not([type=checkbox]):not([type=radio])")) element.focus({ preventScroll: true });
  else if (element.tagName === "DETAILS") element.open = !element.open;
  else if (element.dataset.sameTab !== undefined) element.click();
  else if (element.tagName === "A") window.open(element.href, "_blank", "noopener,noreferrer");
  else element.click();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isTyping(event.target)) event.target.blur();
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector(".modal.show, dialog[open]") || event.repeat) return;
  const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const keyed = [...document.querySelectorAll("[data-key]")]
    .find((element) => !element.disabled && element.dataset.key.split(" ").includes(pressed))
    // Links of a citation have no key of their own in the page: the first of them answers to the key for opening.
    ?? (opens(pressed) ? document.querySelector("[data-open]") : null);
  if (!keyed) return;
  event.preventDefault();
  act(keyed);
});

// What is marked in texts stays as this person last had it on this machine.
const SWITCHES = document.querySelectorAll("[data-toggle-class]");
for (const box of SWITCHES) {
  const name = box.dataset.toggleClass;
  const show = () => document.body.classList.toggle(name, !box.checked);
  box.checked = localStorage.getItem(name) !== "yes";
  box.addEventListener("change", () => {
    localStorage.setItem(name, box.checked ? "no" : "yes");
    show();
  });
  show();
}
for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;

// After each decision the reader, and the screen reader, is at the new citation's title.
document.addEventListener("htmx:afterSwap", () => {
  document.getElementById("citation-title")?.focus({ preventScroll: true });
  window.scrollTo(0, 0);
});

// An act that did not arrive changes nothing: it may be pressed again, and is the same act then.
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, () => {
    const place = document.querySelector("[data-trouble]");
    if (place) place.textContent = gettext("The site did not answer, so nothing was stored. Please press again.");
  });
}
