// Sends what a form of the documentation says, with the token that was typed, and shows what comes back.

const token = document.getElementById("api-token");

function address(form) {
  let path = `/api/v1${form.dataset.path.replace("/api/v1", "")}`;
  const query = new URLSearchParams();
  for (const field of form.querySelectorAll("[data-place]")) {
    const value = field.value.trim();
    if (field.dataset.place === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(value));
    else if (value) query.set(field.name, value);
  }
  const asked = query.toString();
  return asked ? `${path}?${asked}` : path;
}

function shown(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function send(event) {
  event.preventDefault();
  const form = event.target;
  const panel = form.closest("details");
  const status = form.querySelector("[data-status]");
  const body = form.querySelector("[data-body]");
  const headers = { Authorization: `Bearer ${token.value.trim()}` };
  if (body) headers["Content-Type"] = "application/json";
  status.textContent = gettext("Sending…");
  try {
    const answer = await fetch(address(form), {
      method: form.dataset.method, headers, body: body ? body.value : undefined, credentials: "omit",
    });
    panel.querySelector("[data-answer]").textContent = shown(await answer.text());
    panel.querySelector("[data-answer-title]").textContent = gettext("Answer");
    status.textContent = `${answer.status} ${answer.statusText}`;
  } catch {
    status.textContent = gettext("Nothing came back: is the site reachable?");
  }
}

for (const form of document.querySelectorAll(".api-form")) form.addEventListener("submit", send);
