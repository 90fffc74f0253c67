// @ts-check
// A question to a copy, taken apart by the grammar of search/query.go: words, "phrases", -words, and fields such as
// country:BHS. What cannot be read as one of these is read as words.
import { tokens } from "./offline-text.js";

/** @typedef {{field: string, values: string[], not: boolean}} Filter */
/** @typedef {{words: string[], weight: number}} Way one way of saying what is asked for */
/** @typedef {{ways: Way[], tag?: import("./offline-site.js").Tag, surface: string}} Idea */

/** @type {Record<string, string>} */
const fields = {
  type: "type", tipo: "type", kind: "type", soort: "type", country: "country", pais: "country", pays: "country", land: "country",
  theme: "theme", tema: "theme", thema: "theme", year: "year", ano: "year", annee: "year", jaar: "year",
  lang: "lang", language: "lang", idioma: "lang", langue: "lang", taal: "lang",
};

const pieces = /([-−–]?)(?:["“”„«»]([^"“”„«»]*)["“”„«»]|([\p{L}]+):(?:"([^"]*)"|(\S+))|([^\s"“”„«»]+))/gu;
const otherName = 0.8; // as in search/rank.go: synonymWeight, of a phrase
const translation = 0.5;
const longestName = 8; // words

/** The values that a field's word means. @param {import("./offline-site.js").Site} site @param {string} field @param {string} text */
function valuesOf(site, field, text) {
  const key = tokens(text).join(" ");
  if (field === "year") {
    const [, from, range, to] = /^(\d{4})?(\.\.|-)?(\d{4})?$/.exec(text) ?? [];
    if (!from && !to) return [];
    return site.index.records.map(({ 7: [, , date] }) => date.slice(0, 4)).filter((year) => year >= (from ?? "0") && year <= (to ?? (range ? "9999" : from)));
  }
  if (field === "lang") return site.index.languages[key] ? [key] : [];
  if (field === "type") {
    const stem = key.replace(/(e[ns]|s)$/, "");
    return Object.values(site.index.kinds).flatMap((labels) => Object.entries(labels)).filter(([kind, label]) => kind === key || tokens(label).some((word) => word === key || word.replace(/(e[ns]|s)$/, "") === stem)).map(([kind]) => kind);
  }
  const tag = site.tags.get(key);
  return tag?.field === field ? [tag.value] : [];
}

/** @param {import("./offline-site.js").Site} site @param {string} query */
export function parse(site, query) {
  /** @type {Filter[]} */
  const filters = [];
  /** @type {string[]} */
  const words = [];
  /** @type {string[][]} */
  const phrases = [];
  /** @type {string[][]} */
  const without = [];
  for (const [piece, minus, phrase, key, quoted, plain] of query.matchAll(pieces)) {
    const field = fields[tokens(key ?? "").join("")];
    const values = field ? valuesOf(site, field, quoted ?? plain) : [];
    if (values.length) filters.push({ field, values, not: minus !== "" });
    else if (minus) without.push(tokens(piece));
    else if (phrase !== undefined) phrases.push(tokens(phrase));
    else words.push(...tokens(piece));
  }
  const some = (/** @type {string[][]} */ list) => list.filter((l) => l.length);
  return { words, phrases: some(phrases), without: some(without), filters };
}

/**
 * What words ask for: each idea, the longest names first, with its ways of being said.
 * @param {import("./offline-site.js").Site} site @param {string[]} asked @param {string} lang
 * @returns {Idea[]}
 */
export function ideas(site, asked, lang) {
  /** @type {Idea[]} */
  const all = [];
  for (let at = 0; at < asked.length;) {
    let length = Math.min(longestName, asked.length - at);
    let idea = null;
    for (; length > 0; length--) {
      const name = asked.slice(at, at + length);
      if (length === 1 && site.stops.has(name[0]) && asked.length > 1) continue;
      idea = named(site, name, lang);
      if (idea) break;
    }
    if (idea) all.push(idea);
    else if (!site.stops.has(asked[at]) || asked.every((word) => site.stops.has(word))) all.push({ ways: [{ words: [asked[at]], weight: 1 }], surface: asked[at] });
    at += idea ? length : 1;
  }
  return all;
}

/** @param {import("./offline-site.js").Site} site @param {string[]} name @param {string} lang @returns {Idea | null} */
function named(site, name, lang) {
  const key = name.join(" ");
  const tag = site.tags.get(key);
  /** @type {Way[]} */
  const ways = [];
  const is = (/** @type {string} */ other) => tokens(other).join(" ") === key;
  const add = (/** @type {string} */ other, /** @type {number} */ weight) => is(other) || ways.push({ words: tokens(other), weight });
  for (const group of site.index.synonyms) if (group.some(is)) group.forEach((other) => add(other, otherName));
  for (const term of site.index.terms) {
    const spoken = Object.keys(term).filter((l) => term[l].some(is));
    for (const l of Object.keys(term)) if (spoken.length) term[l].forEach((other) => add(other, spoken.includes(l) || l === lang ? otherName : translation));
  }
  if (tag) for (const { entry } of site.records) if (entry[2] === tag.field && entry[7][tag.field === "country" ? 0 : 1] === tag.value) add(entry[4], otherName);
  if (!ways.length && !tag) return null;
  return { ways: [{ words: name, weight: 1 }, ...ways], tag, surface: key };
}
