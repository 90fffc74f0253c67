// @ts-check
// Words as a copy's search compares them: small letters without accents.

/** @type {Map<string, string>} */
const folds = new Map();

/** @param {string} word */
export function fold(word) {
  let plain = folds.get(word);
  if (plain === undefined) {
    plain = word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    folds.set(word, plain);
  }
  return plain;
}

export const wordPattern = /[\p{L}\p{M}\p{N}]+/gu;

/** @param {string} text */
export const tokens = (text) => (text.match(wordPattern) ?? []).map(fold);

/** @param {number[]} numbers */
export const sum = (numbers) => numbers.reduce((total, n) => total + n, 0);

/** Places where some words follow each other. @param {string[]} words @param {string[]} text */
export const together = (words, text) => text.filter((_, at) => words.every((word, i) => text[at + i] === word)).length;
