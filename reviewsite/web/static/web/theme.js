// Light or dark: the reader's choice if they made one, else the system's. Loaded before the style sheets so that
// no page flashes in the wrong one.
const root = document.documentElement;
const system = window.matchMedia("(prefers-color-scheme: dark)");

function chosen() {
  return localStorage.getItem("theme") || (system.matches ? "dark" : "light");
}

root.dataset.bsTheme = chosen();
system.addEventListener("change", () => { root.dataset.bsTheme = chosen(); });

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  localStorage.setItem("theme", root.dataset.bsTheme === "dark" ? "light" : "dark");
  root.dataset.bsTheme = chosen();
});
