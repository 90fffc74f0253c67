// @ts-check
// What a copy's search knows of its index before anything is asked.
import { sum, tokens } from "./offline-text.js";

/**
 * @typedef {[anchor: string, heading: string, text: string, page: number, lang: string]} Text
 * @typedef {[countries: string, themes: string, date: string]} Facets
 * @typedef {[id: string, lang: string, kind: string, url: string, title: string, names: string, texts: Text[], facets: Facets]} Entry
 * @typedef {{kinds: Record<string, Record<string, string>>, languages: Record<string, string>, synonyms: string[][], terms: Record<string, string[]>[], stops: string, families: string, records: Entry[]}} Index
 * @typedef {{entry: Entry, head: string[], texts: {heading: string[], body: string[], text: Text}[], keys: Set<string>}} Read
 * @typedef {{field: string, value: string}} Tag
 */

/** The families that each word belongs to, as cmd/cmc/export_index.go writes them. @param {string} text */
function familiesOf(text) {
  /** @type {Map<string, number[]>} */
  const families = new Map();
  text.split(" ").forEach((family, i) => {
    const [beginning, ...endings] = family.split(",");
    for (const ending of endings) families.set(beginning + ending, [...(families.get(beginning + ending) ?? []), i]);
  });
  return families;
}

/** A name without the order of its words. @param {string[]} words */
export const loose = (words) => [...new Set(words)].sort().join(" ");

/** A record with its words. @param {Entry} entry @param {Set<string>} stops @returns {Read} */
function read(entry, stops) {
  const names = [entry[4], ...entry[5].split(" · "), entry[0]];
  const steps = entry[5].split(" · ")[0].split("/");
  if (steps.length > 3) names.push(steps.slice(-2).join("/"), steps.slice(-2).join(""));
  const keys = names.map((name) => tokens(name).join(" "));
  for (const name of names.filter((n) => n.includes(" "))) keys.push(loose(tokens(name).filter((word) => !stops.has(word))));
  return {
    entry, keys: new Set(keys.filter(Boolean)), head: tokens(`${entry[4]} ${entry[5]}`),
    texts: entry[6].map((text) => ({ heading: tokens(text[1]), body: tokens(text[2]), text })),
  };
}

/** @param {Index} index */
export function open(index) {
  const stops = new Set(index.stops.split(" "));
  const records = index.records.map((entry) => read(entry, stops));
  /** @type {Map<string, Map<string, number>>} in how many texts of each language a word stands */
  const vocabulary = new Map();
  for (const { entry, texts } of records) {
    for (const { heading, body, text } of texts) {
      const lang = text[4] || entry[1];
      for (const word of new Set([...heading, ...body])) {
        const counts = vocabulary.get(word) ?? new Map();
        vocabulary.set(word, counts.set(lang, (counts.get(lang) ?? 0) + 1));
      }
    }
  }
  /** @type {Map<string, Tag>} countries and themes by their names */
  const tags = new Map();
  for (const { entry: [, , kind, , title, names, , [countries, themes]] } of records) {
    const value = kind === "country" ? countries : kind === "theme" ? themes : "";
    if (!value || value.includes(" ")) continue;
    for (const name of [value, title, ...names.split(" · ")]) tags.set(tokens(name).join(" "), { field: kind, value });
  }
  const lengths = records.flatMap(({ texts }) => texts.map(({ body }) => body.length));
  return { index, stops, records, vocabulary, tags, families: familiesOf(index.families), average: sum(lengths) / lengths.length };
}

/** @typedef {ReturnType<typeof open>} Site */

/** A word that the index does not know, without its ending. @param {string} word */
const stem = (word) => (word.length > 4 ? word.replace(/(?:e[sn]|s|ed|ing)$/, "") : word);

/**
 * How well a word of a text answers one of the question, 0 for not at all.
 * @param {Site} site @param {string} asked @param {string} word
 */
export function likeness(site, asked, word) {
  if (word === asked) return 1;
  const family = site.families.get(asked);
  if (family?.some((i) => site.families.get(word)?.includes(i))) return 0.9;
  if (!family && stem(word) === stem(asked)) return 0.9;
  return asked.length > 3 && word.startsWith(stem(asked)) ? 0.5 : 0;
}
