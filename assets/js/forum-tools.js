// @ts-check
// A small toolbar over a text: each button writes the Markdown that its name
// stands for, around what is selected. Nothing needs it. It is one stop of the
// Tab key; the arrows go from button to button (WCAG 2.1.1, ARIA toolbar).

/** Puts marks around the selection. @param {HTMLTextAreaElement} area @param {string} before @param {string} after */
function wrap(area, before, after) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const inside = value.slice(start, end);
  put(area, start, end, before + inside + after);
  area.setSelectionRange(start + before.length, start + before.length + inside.length);
}

/** Begins every line of the selection with a mark. @param {HTMLTextAreaElement} area @param {string} mark */
function begin(area, mark) {
  const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const lines = area.value.slice(start, area.selectionEnd).split("\n");
  const text = lines.map((line) => mark + line).join("\n");
  put(area, start, area.selectionEnd, text);
  area.setSelectionRange(start + text.length, start + text.length);
}

/** Writes as a keyboard does, so that it can be undone. @param {HTMLTextAreaElement} area @param {number} start @param {number} end @param {string} text */
function put(area, start, end, text) {
  area.focus();
  area.setSelectionRange(start, end);
  // Deprecated, and still the only way that keeps undo; false where it is gone.
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text);
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}

/** In the order of their names on the page. @type {((area: HTMLTextAreaElement) => void)[]} */
const tools = [
  (area) => wrap(area, "**", "**"),
  (area) => wrap(area, "*", "*"),
  (area) => wrap(area, "[", "](https://)"),
  (area) => begin(area, "- "),
  (area) => begin(area, "> "),
];

/** @param {HTMLTextAreaElement} area */
export function equip(area) {
  const [label, ...names] = (area.dataset.tools ?? "").split("|");
  if (names.length !== tools.length) return;
  const bar = document.createElement("div");
  bar.className = "tools";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", label);
  bar.setAttribute("aria-controls", area.id);
  const buttons = tools.map((act, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = i ? -1 : 0;
    button.textContent = names[i];
    button.addEventListener("click", () => act(area));
    return button;
  });
  bar.addEventListener("keydown", (e) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    if (!step || at < 0) return;
    const next = buttons[(at + step + buttons.length) % buttons.length];
    for (const b of buttons) b.tabIndex = b === next ? 0 : -1;
    next.focus();
    e.preventDefault();
  });
  bar.append(...buttons);
  area.before(bar);
  if (!area.dataset.quote) return;
  // Below what is quoted; not before the page has been scrolled to the composer,
  // which takes the focus away.
  addEventListener("load", () => {
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  });
}
