// A question with a rule is shown only where the answer it hangs on is among the rule's. Without JavaScript
// every question is shown, and hidden ones are not required.

function answerTo(scope, name) {
  const fields = [...scope.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  return fields.flatMap((field) => (field.type === "checkbox" && !field.checked ? [] : [field.value]));
}

export function showAsked(scope) {
  // In order: what hangs on a question that is now hidden is hidden too.
  for (const row of scope.querySelectorAll("[data-show-if]")) {
    const rule = JSON.parse(row.dataset.showIf);
    const asked = scope.querySelector(`[name="${CSS.escape(rule.field)}"]`)?.closest(".answer-row");
    const given = asked?.hidden ? [] : answerTo(scope, rule.field);
    row.hidden = !given.some((value) => rule.values.includes(value));
  }
}

const scopes = () => document.querySelectorAll("form:has(.answers)");
scopes().forEach(showAsked);
document.addEventListener("htmx:afterSettle", () => scopes().forEach(showAsked));
document.addEventListener("input", (event) => {
  const scope = event.target.closest?.("form:has(.answers)");
  if (scope) showAsked(scope);
});
for (const preview of document.querySelectorAll("[data-preview]")) {
  preview.addEventListener("submit", (event) => event.preventDefault());
}
