// @ts-check
// A text that is being written is kept in this browser until the forum shows
// it as a post: every post of the reader's own carries the client id with
// which it was sent, and that alone proves that it arrived.

const prefix = "draft:";
const life = 30 * 24 * 3600 * 1000; // milliseconds

/** @typedef {{text: string, client: string, at: number}} Draft */

/** @param {string} key @returns {Draft | null} */
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null; // no storage here, or not ours
  }
}

/** Takes away every draft for which drop says so. @param {(d: Draft) => boolean} drop */
export function forget(drop) {
  try {
    for (const key of Object.keys(localStorage)) {
      const draft = key.startsWith(prefix) ? read(key) : null;
      if (draft && drop(draft)) localStorage.removeItem(key);
    }
  } catch {
    // no storage here
  }
}

/** @param {HTMLTextAreaElement} area */
export function keep(area) {
  const key = prefix + area.dataset.draft;
  const client = area.form?.elements.namedItem("client");
  const draft = read(key);
  if (draft && "fresh" in area.dataset && draft.text !== area.value) {
    area.value = draft.text;
    // The same id: should the first sending have arrived, this one adds nothing.
    if (client instanceof HTMLInputElement) client.value = draft.client;
    const note = document.createElement("p");
    note.className = "field-hint";
    note.setAttribute("role", "status");
    area.after(note);
    note.textContent = area.dataset.restored ?? "";
  }
  area.addEventListener("input", () => {
    try {
      if (!area.value) {
        localStorage.removeItem(key);
        return;
      }
      const id = client instanceof HTMLInputElement ? client.value : "";
      localStorage.setItem(key, JSON.stringify({ text: area.value, client: id, at: Date.now() }));
    } catch {
      // Full or forbidden: the text stays in the form.
    }
  });
}

const arrived = new Set([...document.querySelectorAll("[data-client]")].map((e) => e.getAttribute("data-client")));
forget((d) => arrived.has(d.client) || !(Date.now() - d.at < life));
