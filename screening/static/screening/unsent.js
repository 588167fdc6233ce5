// What the outbox has to tell: how much is unsent and why, and what the site refused.

export function showUnsent(place, { waiting, trouble }) {
  const n = waiting.length;
  const unsent = interpolate(ngettext("%(n)s unsent", "%(n)s unsent", n), { n }, true);
  place.textContent = n ? `${unsent}${trouble ? `. ${trouble}` : ""}` : "";
  place.classList.toggle("is-troubled", Boolean(trouble && waiting.length));
}

// `before` is the element above which the refusals stand until they are read.
export function showRefused(before, outbox) {
  const refused = outbox.refused ?? [];
  let list = document.getElementById("refused");
  if (!list && !refused.length) return;
  if (!list) {
    list = document.createElement("div");
    list.id = "refused";
    list.setAttribute("role", "alert");
    before.before(list);
  }
  list.replaceChildren(...refused.map((entry) => lineOf(entry, outbox)));
}

function lineOf(entry, outbox) {
  const line = document.createElement("p");
  line.className = "alert alert-warning";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-sm btn-quiet";
  close.textContent = gettext("I have read it");
  close.addEventListener("click", () => outbox.dismiss(entry.uuid));
  const told = { title: entry.title ?? gettext("A citation"), sentence: entry.sentence };
  line.append(interpolate(gettext("“%(title)s” was not stored: %(sentence)s"), told, true), " ", close);
  return line;
}
