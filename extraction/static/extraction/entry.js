// The share in percent beside events and n, as they are typed: a wrong denominator shows at once.

function showShare(row) {
  const events = row.querySelector("[name$='-events']");
  const total = row.querySelector("[name$='-n']");
  const output = row.querySelector("[data-share]");
  if (!events || !total || !output) return;
  const share = Number(events.value) / Number(total.value);
  const known = events.value !== "" && Number(total.value) > 0;
  output.textContent = known ? `${(100 * share).toFixed(1)}%` : "";
  output.classList.toggle("text-danger", known && share > 1);
}

for (const row of document.querySelectorAll("[data-result-row]")) {
  showShare(row);
  row.addEventListener("input", () => showShare(row));
}
