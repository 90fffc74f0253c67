// @ts-check
// How dates, sizes and states are said in the language of the page.

const mark = document.querySelector('meta[name="kept-copy"]');
const locale = (mark instanceof HTMLElement && mark.lang) || document.documentElement.lang;

/** @param {string} date as ISO 8601, or as in a Date header */
export function when(date) {
  const at = new Date(date);
  return `${at.toLocaleDateString(locale, { dateStyle: "long" })}, ${at.toLocaleTimeString(locale, { timeStyle: "short" })}`;
}

/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 1e6).toLocaleString(locale, { maximumFractionDigits: 1, minimumFractionDigits: 1 });

/** @param {string | undefined} text @param {Record<string, string>} values */
export const fill = (text, values) => (text ?? "").replace(/#(\w+)/g, (whole, name) => values[name] ?? whole);

/** @param {DOMStringMap} texts @param {import("./offline-pack.js").Pack} pack */
export const stateOf = (texts, pack) => fill(pack.pages < pack.of ? texts.unfinished : texts.kept,
  { date: when(pack.date), pages: String(pack.pages), of: String(pack.of), size: megabytes(pack.bytes) });
