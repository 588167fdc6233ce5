// The form builder: questions are dragged by mouse, moved by Alt and the arrow keys; fields of other kinds hide.

let dragged = null;

function list(event) {
  return event.target.closest?.("[data-builder]");
}

document.addEventListener("dragstart", (event) => {
  const question = event.target.closest?.(".question");
  if (!question || !list(event)) return;
  dragged = question;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", question.dataset.key);
  question.classList.add("is-dragged");
});

document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.(".question, .question-list, .builder-section");
  if (!dragged || !over) return;
  event.preventDefault();
  if (over.classList.contains("question")) {
    if (over === dragged) return;
    const box = over.getBoundingClientRect();
    over[event.clientY > box.top + box.height / 2 ? "after" : "before"](dragged);
  } else if (!over.contains(dragged)) {
    over.closest(".builder-section").querySelector(".question-list").append(dragged);
  }
});

document.addEventListener("drop", (event) => {
  if (dragged) event.preventDefault();
});

document.addEventListener("dragend", () => {
  if (!dragged) return;
  dragged.classList.remove("is-dragged");
  const form = document.querySelector("[data-order]");
  const questions = [...document.querySelectorAll(".builder-section .question")];
  form.elements.order.value = questions
    .map((each) => `${each.dataset.key}\t${each.closest("[data-section]").dataset.section}`)
    .join("\n");
  form.elements.key.value = dragged.dataset.key;
  dragged = null;
  form.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const question = event.target.closest?.(".question");
  if (!question) return;
  event.preventDefault();
  question.querySelector(`button[value=${event.key === "ArrowUp" ? "up" : "down"}]`)?.click();
});

function showKind(form) {
  const kind = form.elements.kind.value;
  for (const part of form.querySelectorAll("[data-for-kind]")) {
    part.hidden = !part.dataset.forKind.split(" ").includes(kind);
  }
}

function prepare() {
  document.querySelectorAll("[data-field-form]").forEach((form) => {
    showKind(form);
    if (!form.contains(document.activeElement)) form.elements.label.focus();
  });
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-field-form]");
  if (form && event.target.name === "kind") showKind(form);
});
document.addEventListener("htmx:afterSettle", () => {
  prepare();
  // The question just moved keeps the focus, so that the key can be pressed again.
  if (!document.querySelector("[data-field-form]")) {
    document.querySelector(".question.is-touched button[value=up]")?.focus();
  }
});
// htmx shows what a refused form answers with.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) event.detail.shouldSwap = true;
});
prepare();
