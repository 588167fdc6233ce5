// Keys for the decision pages: each element names its own in data-key; nothing happens while a field has focus.

function isTyping(target) {
  return target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])") || target.isContentEditable;
}

function act(element) {
  if (element.tagName === "DETAILS") element.open = !element.open;
  else if (element.tagName === "A") window.open(element.href, "_blank", "noopener,noreferrer");
  else element.click();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isTyping(event.target)) event.target.blur();
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector(".modal.show") || event.repeat) return;
  const field = document.querySelector(`[data-key-focus="${CSS.escape(event.key)}"]`);
  const keyed = [...document.querySelectorAll("[data-key]")]
    .find((element) => !element.disabled && element.dataset.key.split(" ").includes(event.key));
  if (!field && !keyed) return;
  event.preventDefault();
  if (field) field.focus();
  else act(keyed);
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-toggle-highlights]")) return;
  const off = localStorage.getItem("highlights") !== "off";
  localStorage.setItem("highlights", off ? "off" : "on");
  showHighlights();
});

function showHighlights() {
  document.body.classList.toggle("no-highlights", localStorage.getItem("highlights") === "off");
}

// After each decision the reader, and the screen reader, is at the new citation's title.
document.addEventListener("htmx:afterSwap", () => {
  document.getElementById("citation-title")?.focus({ preventScroll: true });
  window.scrollTo(0, 0);
});

showHighlights();
