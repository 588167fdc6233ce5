// A table that is wider than the screen can be scrolled by keyboard too.
function reach(wrap) {
  const overflows = wrap.scrollWidth > wrap.clientWidth;
  if (!overflows || wrap.querySelector("a[href], button, input, select, textarea")) wrap.removeAttribute("tabindex");
  else wrap.tabIndex = 0;
}

const watcher = new ResizeObserver((entries) => entries.forEach((entry) => reach(entry.target)));

function watch(part) {
  for (const wrap of part.querySelectorAll(".table-wrap")) watcher.observe(wrap);
}

watch(document);
document.addEventListener("htmx:afterSwap", () => watch(document));
