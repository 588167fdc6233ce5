// What every page's frame does: wide tables, the stages on a phone, texts to copy.

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

// Without this the link to the stages opens them as the target of the address; with it, it closes them again too.
function openStages(toggle, isOpen) {
  toggle.setAttribute("aria-expanded", isOpen);
  toggle.closest(".stages").classList.toggle("is-open", isOpen);
}

const toggle = document.querySelector("[data-stages-toggle]");
if (toggle) {
  toggle.setAttribute("role", "button");
  openStages(toggle, false);
  toggle.addEventListener("click", (event) => {
    event.preventDefault();
    openStages(toggle, toggle.getAttribute("aria-expanded") !== "true");
  });
  toggle.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    toggle.click();
  });
  toggle.closest(".stages").addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openStages(toggle, false);
    toggle.focus();
  });
}

// A button with data-copy puts the value of the field that it names on the clipboard, and says so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy"); // a page without TLS has no clipboard of the newer kind
  }
  button.textContent = gettext("Copied");
});

watch(document);
document.addEventListener("htmx:afterSwap", () => watch(document));
