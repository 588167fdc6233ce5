// Moving, pasting and undoing in a table of inputs, as in a spreadsheet.

const undone = [];
// While a cell is being typed into, Ctrl+Z is the browser's own.
const atFocus = new WeakMap();
let editing = false;

const visible = (input) => input.offsetParent !== null && !input.disabled;

function cellsOf(row) {
  return [...row.querySelectorAll("td input, td select")].filter(visible);
}

function rowsOf(grid) {
  return [...grid.tBodies[0].rows].filter((row) => cellsOf(row).length);
}

function goto(input) {
  if (!input) return;
  input.focus();
  input.select?.();
}

// Down at the bottom goes on at the top of the next column, up at the top at the bottom of the one before.
function vertical(input, step) {
  const grid = input.closest("[data-grid]");
  const rows = rowsOf(grid);
  const row = input.closest("tr");
  const column = cellsOf(row).indexOf(input);
  const next = rows[rows.indexOf(row) + step];
  if (next) return goto(cellsOf(next)[Math.min(column, cellsOf(next).length - 1)]);
  const wrapped = cellsOf(step > 0 ? rows[0] : rows.at(-1))[column + step];
  return goto(wrapped);
}

function horizontal(input, step) {
  const all = rowsOf(input.closest("[data-grid]")).flatMap(cellsOf);
  goto(all[all.indexOf(input) + step]);
}

// Tab after the last cell goes on in the next table, past what chooses its columns; Shift+Tab goes there.
function nextTable(input) {
  const grid = input.closest("[data-grid]");
  if (rowsOf(grid).flatMap(cellsOf).at(-1) !== input) return false;
  const grids = [...grid.closest("form").querySelectorAll("[data-entry]")];
  const first = grids.slice(grids.indexOf(grid) + 1).flatMap(rowsOf).flatMap(cellsOf)[0];
  if (!first || !grids.includes(grid)) return false;
  return goto(first);
}

function atEdge(input, step) {
  if (input.selectionStart !== input.selectionEnd) return false;
  return step > 0 ? input.selectionEnd === input.value.length : input.selectionStart === 0;
}

export function write(input, value, group) {
  if (input.value === value) return;
  group.push([input, input.value]);
  input.value = value;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

export function remember(group) {
  if (group.length) undone.push(group);
}

export function undo() {
  const group = undone.pop();
  if (!group) return false;
  for (const [input, before] of group.reverse()) {
    input.value = before;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  goto(group[0][0]);
  return true;
}

export const canUndo = () => undone.length > 0;

// What one printed cell says of several columns: by the column it is typed into, what follows in the brackets.
const NUMBER = "([-−–]?[\\d.,·]+)";
const SHAPES = [
  ["events", new RegExp(`^${NUMBER}\\s*(?:/|of|de)\\s*${NUMBER}$`), ["events", "n"]],
  ["events", new RegExp(`^${NUMBER}\\s*\\(?\\s*${NUMBER}\\s*%\\)?$`), ["events", "percent"]],
  ["mean", new RegExp(`^${NUMBER}\\s*(?:±|\\+/-)\\s*${NUMBER}$`), ["mean", "sd"]],
  ["mean", new RegExp(`^${NUMBER}\\s*\\(\\s*(?:SD\\s*)?${NUMBER}\\s*\\)$`, "i"), ["mean", "sd"]],
  ["median", new RegExp(`^${NUMBER}\\s*[([]\\s*${NUMBER}\\s*(?:-|–|to|a|,|;)\\s*${NUMBER}\\s*[)\\]]$`), ["median", "q1", "q3"]],
  ["estimate", new RegExp(`^${NUMBER}\\s*[([]\\s*${NUMBER}\\s*(?:-|–|to|a|,|;)\\s*${NUMBER}\\s*[)\\]]$`), ["estimate", "ci_low", "ci_high"]],
];

function beside(input, column) {
  let cell = input.closest("td");
  while (cell && cell.dataset.column !== column) cell = cell.nextElementSibling;
  return cell?.querySelector("input");
}

// The cells a text fills, as [input, value] pairs; one pair unless the text is compound.
export function split(input, text) {
  const column = input.closest("td")?.dataset.column;
  for (const [first, shape, names] of SHAPES) {
    const found = column === first && shape.exec(text.trim());
    if (!found) continue;
    const targets = names.map((name) => (name === column ? input : beside(input, name)));
    if (targets.every(Boolean)) return targets.map((target, n) => [target, found[n + 1]]);
  }
  return [[input, text.trim()]];
}

function fits(input, text) {
  return input.inputMode !== "decimal" || /\d/.test(text);
}

function grow(grid, rows) {
  if (grid.dataset.grows === undefined) return;
  const body = grid.tBodies[0];
  while (body.rows.length < rows) {
    const number = body.rows.length;
    const row = body.rows[number - 1].cloneNode(true);
    for (const input of row.querySelectorAll("input")) {
      for (const name of ["name", "id"]) input.setAttribute(name, input.getAttribute(name).replace(/-\d+-(\d+)$/, `-${number}-$1`));
      input.setAttribute("aria-label", input.getAttribute("aria-label").replace(/\d+$/, number + 1));
      input.value = "";
      input.defaultValue = "";
    }
    body.append(row);
  }
}

function paste(input, lines) {
  const grid = input.closest("[data-grid]");
  const first = [...grid.tBodies[0].rows].indexOf(input.closest("tr"));
  grow(grid, first + lines.length);
  const rows = rowsOf(grid);
  const top = rows.indexOf(input.closest("tr"));
  const left = cellsOf(rows[top]).indexOf(input);
  const group = [];
  const skipped = [];
  lines.forEach((line, r) => {
    const targets = rows[top + r] ? cellsOf(rows[top + r]).slice(left) : [];
    for (const text of line) {
      const target = targets[0];
      if (!text.trim()) targets.shift();
      else if (!target || !fits(target, text)) {
        skipped.push(text.trim());
        targets.shift();
      } else {
        for (const [each, value] of split(target, text)) {
          write(each, value, group);
          const place = targets.indexOf(each);
          if (place >= 0) targets.splice(0, place + 1);
        }
      }
    }
  });
  remember(group);
  return { filled: group.length, skipped };
}

export function listen(form, { pasted, leave }) {
  form.addEventListener("focusin", (event) => {
    editing = false;
    atFocus.set(event.target, event.target.value);
    if (event.target.closest("[data-grid]")) event.target.select?.();
  });
  form.addEventListener("paste", (event) => {
    const input = event.target;
    if (!input.closest?.("[data-grid]")) return;
    const lines = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "").split("\n").map((l) => l.split("\t"));
    if (lines.length === 1 && lines[0].length === 1 && split(input, lines[0][0]).length === 1) return;
    event.preventDefault();
    pasted(paste(input, lines));
  });
  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.closest?.("[data-grid]")) return;
    const isSelect = input.tagName === "SELECT";
    const act = {
      ArrowUp: () => !isSelect && vertical(input, -1),
      ArrowDown: () => !isSelect && vertical(input, 1),
      Enter: () => vertical(input, event.shiftKey ? -1 : 1),
      ArrowLeft: () => (!editing && !isSelect) || (editing && atEdge(input, -1)) ? horizontal(input, -1) : false,
      ArrowRight: () => (!editing && !isSelect) || (editing && atEdge(input, 1)) ? horizontal(input, 1) : false,
      Tab: () => (event.shiftKey ? false : nextTable(input)),
      F2: () => {
        editing = !editing;
        input.setSelectionRange?.(input.value.length, input.value.length);
      },
      Escape: () => leave(input),
    }[event.key];
    const withControl = event.ctrlKey || event.metaKey;
    if (withControl && event.key === "z" && input.value === atFocus.get(input) && undo()) event.preventDefault();
    if (!act || withControl || event.altKey) return;
    if (act() !== false) event.preventDefault();
  });
}
