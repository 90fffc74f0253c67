// @ts-check
// A field that filters the rows of a table, and a button in each heading that sorts them. Without this script the
// table stands in the order of names, whole.

/** @param {string} text */
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** A cell sorts by its data-sort, else by its text; empty ones come last in either direction.
 * @param {HTMLTableRowElement} row @param {number} column */
const keyOf = (row, column) => row.cells[column]?.dataset.sort ?? row.cells[column]?.textContent?.trim() ?? "";

/** @param {HTMLTableElement} table @param {HTMLTableCellElement} head @param {string} label */
function addSort(table, head, label) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "table-sort";
  button.setAttribute("aria-label", `${label} ${head.textContent?.trim() ?? ""}`);
  button.addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead?.rows[0]?.cells ?? []) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const rows = [...body.rows].sort((a, b) => {
      const one = keyOf(a, head.cellIndex);
      const two = keyOf(b, head.cellIndex);
      if (!one || !two) return Number(!one) - Number(!two);
      return one.localeCompare(two, document.documentElement.lang) * (down ? -1 : 1);
    });
    body.append(...rows);
  });
  head.append(button);
}

/** @param {HTMLElement} place @param {HTMLTableElement} table */
function addFilter(place, table) {
  const label = document.createElement("label");
  label.className = "table-filter";
  label.textContent = place.dataset.filterLabel ?? "";
  const input = document.createElement("input");
  input.type = "search";
  const count = document.createElement("output");
  label.append(input);
  const apply = () => {
    const wanted = fold(input.value.trim());
    const rows = [...table.tBodies[0].rows];
    for (const row of rows) row.hidden = !fold(row.textContent ?? "").includes(wanted);
    // The page's own buttons hide rows too, by style.
    count.textContent = `${rows.filter((row) => row.getClientRects().length > 0).length} / ${rows.length}`;
  };
  input.addEventListener("input", apply);
  for (const choice of place.parentElement?.querySelectorAll("input[type=radio]") ?? []) choice.addEventListener("change", apply);
  place.before(label, count);
}

for (const place of document.querySelectorAll("[data-table-tools]")) {
  const table = place.querySelector("table");
  if (!(place instanceof HTMLElement) || !table) continue;
  addFilter(place, table);
  for (const head of table.tHead?.rows[0]?.cells ?? []) addSort(table, head, place.dataset.sortLabel ?? "");
}
