// @ts-check
// The search of a copy. It ranks as search/rank.go does, over texts that it counts as it goes.
import { ideas, parse } from "./offline-query.js";
import { likeness, loose } from "./offline-site.js";
import { nearest } from "./offline-spell.js";
import { fold, sum, together, tokens } from "./offline-text.js";

/** @typedef {import("./offline-site.js").Entry} Entry */
/** @typedef {import("./offline-site.js").Site} Site */
/** @typedef {import("./offline-query.js").Idea} Idea */
/** @typedef {{entry: Entry, text: import("./offline-site.js").Text, score: number, pinned: boolean, best: number[]}} Hit */

const k1 = 2; // BM25F: how soon a repeated word stops counting
const b = 0.5; // BM25F: how much a long text is held back
const weights = { title: 3, heading: 2, body: 1 };
const tagWeight = 0.5; // of belonging to the country or theme that was named
const phraseWeight = 1.4;
const otherLanguage = 0.7;
const ownEnough = 0.5; // share of a translation's score from which a record is shown in the reader's language
const wholeRecord = 0.1; // what a record's other paragraphs add
const nearWeight = 0.3; // of words that follow each other as they were typed
const fewWords = 3; // of which a record must hold all

/**
 * The records that answer, best first, each with its best text. Where none has all the words, those of a sure
 * correction take their place.
 * @param {Site} site @param {string} query @param {string} lang
 */
export function find(site, query, lang) {
  let found = answer(site, query, lang);
  if (!found.hits.length) found = answer(site, query.replace(/["“”„«»]/g, " "), lang); // a phrase that nothing holds
  if (found.whole || !found.missing.length) return { ...found, correction: "", instead: false };
  let [correction, sure] = [query, true];
  for (const word of found.missing) {
    const near = nearest(site, word, lang);
    const typed = query.split(/\s+/).find((piece) => tokens(piece).join("") === word) ?? word;
    if (near) [correction, sure] = [correction.replace(typed, near.word), sure && near.sure];
  }
  if (correction === query) return { ...found, correction: "", instead: false };
  const other = sure ? answer(site, correction, lang) : found;
  return other !== found && other.whole ? { ...other, correction, instead: true } : { ...found, correction, instead: false };
}

/** @param {Site} site @param {string} query @param {string} lang */
function answer(site, query, lang) {
  const q = parse(site, query);
  /** @type {Idea[]} */
  const wanted = [...ideas(site, q.words, lang), ...q.phrases.map((words) => ({ ways: [{ words, weight: phraseWeight }], surface: "" }))];
  const words = [...new Set(wanted.flatMap(({ ways }) => ways.flatMap((way) => way.words)))];
  const { versions, holders } = read(site, wanted, words, q);
  const total = new Set(site.records.map(({ entry: [id] }) => id)).size;
  const rarities = holders.map((n) => Math.log(1 + (total - n + 0.5) / (n + 0.5)));
  const asked = names(site, q, query);
  for (const version of versions) {
    version.pinned = asked.some(({ key, kinds }) => version.keys.has(key) && (!kinds.length || kinds.includes(version.entry[2])));
    weigh(version, rarities, wanted, lang);
  }
  const holds = (/** @type {Hit} */ hit) => hit.best.every((part) => part > 0);
  const all = versions.filter((hit) => hit.pinned || !wanted.length || hit.best.some((part) => part > 0));
  const whole = all.filter((hit) => hit.pinned || holds(hit));
  const missing = wanted.filter((idea, i) => !holders[i] && idea.surface && idea.ways.length === 1).map(({ surface }) => surface);
  return { words, whole: whole.length > 0, missing, hits: best(whole.length && wanted.length <= fewWords ? whole : all, lang, !wanted.length) };
}

/** What a word adds that stands so often in a text. @param {number} rarity @param {number} times */
const saturated = (rarity, times) => (rarity * times * (k1 + 1)) / (times + k1);

/** The scores of a version: its best text, and a share of what the others add. @param {Version} version @param {number[]} rarities @param {Idea[]} wanted @param {string} lang */
function weigh(version, rarities, wanted, lang) {
  version.best = rarities.map(() => 0);
  version.score = -1;
  for (const { tf, text, body } of version.passages) {
    const parts = tf.map((n, i) => saturated(rarities[i], n));
    const score = sum(parts) + sum(wanted.slice(1).map(({ ways: [{ words: [next] }] }, i) => {
      const pair = [wanted[i].ways[0].words.at(-1) ?? "", next];
      return saturated(nearWeight * Math.min(rarities[i], rarities[i + 1]), together(pair, version.title) + together(pair, body));
    }));
    parts.forEach((part, i) => (version.best[i] = Math.max(version.best[i], part)));
    if (score > version.score) [version.score, version.text] = [score, text];
  }
  version.score += wholeRecord * Math.max(0, sum(version.best) - version.score);
  if (version.entry[1] !== lang) version.score *= otherLanguage;
}

/** @typedef {Hit & {keys: Set<string>, title: string[], passages: {tf: number[], text: import("./offline-site.js").Text, body: string[]}[]}} Version */

/** The names that a question may be, as in search/naming.go. @param {Site} site @param {ReturnType<typeof parse>} q @param {string} query */
function names(site, q, query) {
  /** @type {string[]} */
  const kinds = [];
  const rest = q.words.filter((word) => {
    const of = Object.values(site.index.kinds).flatMap((labels) => Object.entries(labels)).filter(([, label]) => likeness(site, fold(label), word) > 0.5).map(([kind]) => kind);
    kinds.push(...of);
    return !of.length;
  });
  const telling = rest.filter((word) => !site.stops.has(word));
  /** @type {{key: string, kinds: string[]}[]} */
  const all = q.without.length ? [] : [{ key: tokens(query).join(" "), kinds: [] }];
  if (all.length && telling.length && telling.length <= 4) all.push({ key: rest.join(" "), kinds }, { key: telling.join(" "), kinds }, { key: loose(telling), kinds });
  return all;
}

/** One version of each record, in order. @param {Hit[]} hits @param {string} lang @param {boolean} byDate */
function best(hits, lang, byDate) {
  /** @type {Map<string, Hit>} */
  const chosen = new Map();
  for (const hit of hits) {
    const other = chosen.get(hit.entry[0]);
    const share = hit.entry[1] === lang ? 1 / ownEnough : other?.entry[1] === lang ? ownEnough : 1;
    if (!other || Number(hit.pinned) - Number(other.pinned) > 0 || (hit.pinned === other.pinned && hit.score * share > other.score)) chosen.set(hit.entry[0], hit);
  }
  if (byDate) return [...chosen.values()].sort((x, y) => y.entry[7][2].localeCompare(x.entry[7][2]) || x.entry[4].localeCompare(y.entry[4]));
  return [...chosen.values()].sort((x, y) => Number(y.pinned) - Number(x.pinned) || y.score - x.score);
}

/** Whether a record has what a filter asks for. @param {Entry} entry @param {import("./offline-query.js").Filter} filter */
function passes([, lang, kind, , , , , [countries, themes, date]], { field, values, not }) {
  const own = { type: [kind], country: countries.split(" "), theme: themes.split(" "), year: [date.slice(0, 4)], lang: [lang] }[field] ?? [];
  return own.some((value) => values.includes(value)) !== not;
}

/**
 * The versions that may answer, how often each idea stands in each of their texts, and how many records hold it.
 * @param {Site} site @param {Idea[]} wanted @param {string[]} words @param {ReturnType<typeof parse>} q
 */
function read(site, wanted, words, q) {
  /** @type {Map<string, [number, number][]>} */
  const known = new Map();
  /** @param {string[]} list @param {number} weight @param {number[]} sums */
  const count = (list, weight, sums) => {
    for (const token of list) {
      let like = known.get(token);
      if (!like) known.set(token, (like = words.map((word, i) => /** @type {[number, number]} */ ([i, likeness(site, word, token)])).filter(([, l]) => l > 0)));
      for (const [i, l] of like) sums[i] += weight * l;
    }
  };
  const at = new Map(words.map((word, i) => [word, i]));
  const holders = wanted.map(() => new Set());
  /** @type {Version[]} */
  const versions = [];
  for (const { entry, head, texts, keys } of site.records) {
    if (!q.filters.every((filter) => passes(entry, filter))) continue;
    if (q.without.some((no) => together(no, head) || texts.some(({ heading, body }) => together(no, heading) || together(no, body)))) continue;
    const base = words.map(() => 0);
    count(head, weights.title, base);
    const tagged = wanted.map(({ tag }) => (tag && entry[7][tag.field === "country" ? 0 : 1].split(" ").includes(tag.value) ? tagWeight : 0));
    const passages = texts.map(({ heading, body, text }) => {
      const sums = [...base];
      count(heading, weights.heading, sums);
      count(body, weights.body / (1 - b + (b * body.length) / site.average), sums);
      const tf = wanted.map(({ ways }, i) => tagged[i] + Math.max(0, ...ways.map(({ words: way, weight }) =>
        weight * (way.length > 1 && weight !== 1 ? together(way, heading) * weights.heading + together(way, body) + together(way, head) * weights.title : Math.min(...way.map((word) => sums[at.get(word) ?? 0]))))));
      tf.forEach((times, n) => times > 0 && holders[n].add(entry[0]));
      return { tf, text, body };
    });
    versions.push({ entry, keys, title: tokens(entry[4]), passages, text: texts[0].text, score: 0, pinned: false, best: [] });
  }
  return { versions, holders: holders.map((set) => set.size) };
}
