// @ts-check
// Corrections in a copy: a nearer and more usual word for one that no text holds. search/misspelling.go and
// search/doubt.go have the same costs and the same doubts.

const reach = 2; // letters that may be wrong
const sounds = "bv sz cs cz gj iy ij kc kq cq dt ph fv wv mn ao xs xc xz gh".split(" ");
const vowel = /[aeiouy]/;

/** @param {string} a @param {string} b */
const alike = (a, b) => sounds.includes(a + b) || sounds.includes(b + a);

/** What a letter costs that only one of two words has. @param {string} word @param {number} at */
const extra = (word, at) => (at > 0 && word[at] === word[at - 1] ? 0.4 : word[at] === "h" ? 0.5 : at === 0 ? 1.4 : 1);

/** What it costs to write one word for another. @param {string} a @param {string} b */
export function slips(a, b) {
  const rows = [[0]];
  for (let j = 1; j <= b.length; j++) rows[0][j] = rows[0][j - 1] + extra(b, j - 1);
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [rows[i - 1][0] + extra(a, i - 1)];
    for (let j = 1; j <= b.length; j++) {
      const [x, y] = [a[i - 1], b[j - 1]];
      const change = x === y ? 0 : (alike(x, y) ? 0.5 : vowel.test(x) && vowel.test(y) ? 0.9 : 1) + (i === 1 || j === 1 ? 0.4 : 0);
      let best = Math.min(rows[i - 1][j] + extra(a, i - 1), rows[i][j - 1] + extra(b, j - 1), rows[i - 1][j - 1] + change);
      if (i > 1 && j > 1 && x === b[j - 2] && a[i - 2] === y) best = Math.min(best, rows[i - 2][j - 2] + 0.7);
      if (i > 1 && j > 1 && /^(?:eiij|ijei)$/.test(a[i - 2] + x + b[j - 2] + y)) best = Math.min(best, rows[i - 2][j - 2] + 0.5);
      rows[i][j] = best;
    }
  }
  return rows[a.length][b.length];
}

/**
 * The likeliest word for one that no text holds, or the two that it may be made of, and whether it must have been meant.
 * @param {import("./offline-site.js").Site} site @param {string} word @param {string} lang
 * @returns {{word: string, sure: boolean} | null}
 */
export function nearest(site, word, lang) {
  const most = word.length < 4 ? 0 : word.length < 6 ? 1 : reach;
  let best = null;
  let least = Infinity;
  for (const [term, counts] of site.vocabulary) {
    const own = counts.get(lang) ?? 0;
    if (!own || Math.abs(term.length - word.length) > most || site.stops.has(term)) continue;
    const cost = slips(word, term);
    const often = 0.05 * Math.log10(Math.min(own, 100));
    const share = cost / word.length;
    if (cost > most || share > 0.15 + often || (cost > 1 && term[0] !== word[0])) continue;
    const rank = cost - 0.2 * Math.log10(own);
    if (rank < least) [best, least] = [{ word: term, sure: share <= 0.07 + often, cost }, rank];
  }
  return best && best.cost <= 1 ? best : (split(site, word, lang) ?? best);
}

/** @param {import("./offline-site.js").Site} site @param {string} word @param {string} lang */
function split(site, word, lang) {
  for (let at = 4; at <= word.length - 4; at++) {
    const halves = [word.slice(0, at), word.slice(at)];
    if (halves.every((half) => site.vocabulary.get(half)?.has(lang))) return { word: halves.join(" "), sure: true };
  }
  return null;
}
