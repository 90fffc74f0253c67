// @ts-check
// Search in a copy of the site that is opened from a folder, where no page may
// fetch a file: the index is a script that has run before this one. All that it
// holds is written as text, never as markup.

/**
 * @typedef {[anchor: string, heading: string, text: string, page: number, lang: string]} Text
 * @typedef {[id: string, lang: string, kind: string, url: string, title: string, names: string, texts: Text[]]} Entry
 * @typedef {{kinds: Record<string, Record<string, string>>, languages: Record<string, string>, synonyms: string[][], stops: string, families: string, records: Entry[]}} Index
 * @typedef {{entry: Entry, text: Text, tf: number[]}} Passage
 * @typedef {{entry: Entry, text: Text, score: number, pinned: boolean, holds: number}} Hit
 */

const shown = 50; // results on the page
const snippetWords = 36;
// As in search/rank.go.
const k1 = 2; // BM25F: how soon a repeated word stops counting
const b = 0.5; // BM25F: how much a long text is held back
const weights = { title: 3, heading: 2, body: 1 };
const otherLanguage = 0.85;
const wholeRecord = 0.1; // what a record's other paragraphs add
const fewWords = 3; // of which a record must hold all

/** @type {Map<string, string>} */
const folds = new Map();

/** Small letters without accents. @param {string} word */
function fold(word) {
  let plain = folds.get(word);
  if (plain === undefined) {
    plain = word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    folds.set(word, plain);
  }
  return plain;
}

const wordPattern = /[\p{L}\p{M}\p{N}]+/gu;

/** @param {string} text */
const tokens = (text) => (text.match(wordPattern) ?? []).map(fold);

/** @type {Map<string, number[]>} the families that a word belongs to */
const families = new Map();

/** Reads the families, as cmd/cmc/export_index.go writes them. @param {string} text */
function readFamilies(text) {
  text.split(" ").forEach((family, i) => {
    const [beginning, ...endings] = family.split(",");
    for (const ending of endings) families.set(beginning + ending, [...(families.get(beginning + ending) ?? []), i]);
  });
}

/** A word that the index does not know, without its ending. @param {string} word */
const stem = (word) => (word.length > 4 ? word.replace(/(?:e[sn]|s|ed|ing)$/, "") : word);

/**
 * How well a word of a text answers one of the question, 0 for not at all.
 * @param {string} asked @param {string} word
 */
function likeness(asked, word) {
  if (word === asked) return 1;
  const family = families.get(asked);
  if (family?.some((i) => families.get(word)?.includes(i))) return 0.9;
  if (!family && stem(word) === stem(asked)) return 0.9;
  return asked.length > 3 && word.startsWith(stem(asked)) ? 0.5 : 0;
}

/**
 * What is asked for: each idea with its ways of being said.
 * @param {string[]} asked @param {string[][]} synonyms
 */
function ideas(asked, synonyms) {
  const free = new Set(asked.keys());
  /** @type {string[][][]} */
  const all = [];
  for (const group of synonyms.map((names) => names.map(tokens))) {
    for (const name of group) {
      const at = asked.findIndex((_, i) => name.length > 0 && name.every((word, j) => asked[i + j] === word && free.has(i + j)));
      if (at < 0) continue;
      name.forEach((_, j) => free.delete(at + j));
      all.push(group);
      break;
    }
  }
  return [...all, ...[...free].map((i) => [[asked[i]]])];
}

/**
 * The records that answer, best first, each with its best text.
 * @param {Index} index @param {string} query @param {string} lang
 */
function find(index, query, lang) {
  if (!families.size) readFamilies(index.families);
  const stops = new Set(index.stops.split(" "));
  const typed = tokens(query);
  const telling = typed.filter((word) => !stops.has(word));
  const wanted = ideas(telling.length ? telling : typed, index.synonyms);
  const words = [...new Set(wanted.flat(2))];
  const { passages, records, holders } = read(index, wanted, words);
  const rarities = holders.map((n) => Math.log(1 + (records - n + 0.5) / (n + 0.5)));
  /** @type {Map<Entry, Hit & {best: number[]}>} */
  const versions = new Map();
  for (const { entry, text, tf } of passages) {
    const parts = tf.map((n, i) => (rarities[i] * n * (k1 + 1)) / (n + k1));
    const score = sum(parts);
    const version = versions.get(entry) ?? { entry, text, score: -1, pinned: false, holds: 0, best: parts.map(() => 0) };
    versions.set(entry, version);
    parts.forEach((part, i) => (version.best[i] = Math.max(version.best[i], part)));
    if (score > version.score) [version.score, version.text] = [score, text];
  }
  for (const version of versions.values()) {
    version.holds = version.best.filter((part) => part > 0).length;
    version.score += wholeRecord * (sum(version.best) - version.score);
    if (version.entry[1] !== lang) version.score *= otherLanguage;
    const names = [version.entry[4], ...version.entry[5].split(" · ")];
    version.pinned = names.some((name) => tokens(name).join(" ") === typed.join(" "));
  }
  const all = [...versions.values()].sort((x, y) => Number(y.pinned) - Number(x.pinned) || y.score - x.score);
  const whole = all.filter((hit) => hit.pinned || hit.holds === wanted.length);
  const seen = new Set();
  const hits = whole.length && wanted.length <= fewWords ? whole : all;
  return { words, hits: hits.filter(({ entry: [id] }) => !seen.has(id) && seen.add(id)) };
}

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, n) => total + n, 0);

/**
 * How often each idea stands in each text that holds any, and how many records
 * hold it.
 * @param {Index} index @param {string[][][]} wanted @param {string[]} words
 */
function read(index, wanted, words) {
  /** @type {Map<string, [number, number][]>} */
  const known = new Map();
  /** @param {string[]} list @param {number} weight @param {number[]} sums */
  const count = (list, weight, sums) => {
    for (const token of list) {
      let like = known.get(token);
      if (!like) {
        like = words.map((word, i) => /** @type {[number, number]} */ ([i, likeness(word, token)])).filter(([, l]) => l > 0);
        known.set(token, like);
      }
      for (const [i, l] of like) sums[i] += weight * l;
    }
  };
  const bodies = index.records.map((entry) => entry[6].map((text) => tokens(text[2])));
  const lengths = bodies.flat().map((body) => body.length);
  const average = sum(lengths) / lengths.length;
  /** @type {Passage[]} */
  const passages = [];
  const holders = wanted.map(() => new Set());
  index.records.forEach((entry, n) => {
    const head = words.map(() => 0);
    count(tokens(`${entry[4]} ${entry[5]}`), weights.title, head);
    entry[6].forEach((text, m) => {
      const sums = [...head];
      count(tokens(text[1]), weights.heading, sums);
      count(bodies[n][m], weights.body / (1 - b + (b * bodies[n][m].length) / average), sums);
      const tf = wanted.map((ways) => Math.max(...ways.map((way) => (way.length ? Math.min(...way.map((word) => sums[words.indexOf(word)])) : 0))));
      tf.forEach((times, i) => times > 0 && holders[i].add(entry[0]));
      if (tf.some((times) => times > 0)) passages.push({ entry, text, tf });
    });
  });
  return { passages, records: new Set(index.records.map(([id]) => id)).size, holders: holders.map((set) => set.size) };
}

/**
 * The stretch of a text that holds most of the words, with these marked.
 * @param {string} text @param {string[]} words
 */
function snippet(text, words) {
  const places = [...text.matchAll(wordPattern)].map((m) => ({ at: m.index, end: m.index + m[0].length, marked: words.some((w) => likeness(w, fold(m[0])) > 0) }));
  let best = 0;
  let most = -1;
  for (let from = 0; from === 0 || from + snippetWords <= places.length; from++) {
    const marks = places.slice(from, from + snippetWords).filter((p) => p.marked).length;
    if (marks > most) [best, most] = [from, marks];
  }
  const part = places.slice(best, best + snippetWords);
  const last = best + snippetWords >= places.length;
  const end = last ? text.length : part[part.length - 1].end;
  let at = best ? part[0].at : 0;
  /** @type {(string | Node)[]} */
  const pieces = best ? ["… "] : [];
  for (const place of part) {
    if (!place.marked) continue;
    const mark = element("mark", "", text.slice(place.at, place.end));
    pieces.push(text.slice(at, place.at), mark);
    at = place.end;
  }
  return [...pieces, text.slice(at, end), last ? "" : " …"];
}

/** @param {string} name @param {string} className @param {...(string | Node)} children */
function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/**
 * @param {Hit} hit @param {string[]} words @param {Index} index
 * @param {DOMStringMap} texts @param {string} lang
 */
function result({ entry: [id, entryLang, kind, url, title], text }, words, index, texts, lang) {
  const link = element("a", "", title);
  link.setAttribute("href", new URL(url + (text[0] ? `#${encodeURIComponent(text[0])}` : ""), new URL(texts.root ?? "", location.href)).href);
  const meta = element("p", "hit-meta meta", element("span", "badge", index.kinds[lang]?.[kind] ?? kind));
  if (entryLang !== lang) {
    link.lang = entryLang;
    meta.append(" ", element("span", "", index.languages[entryLang] ?? entryLang));
  }
  const body = element("p", "hit-text", ...snippet(text[2], words));
  body.lang = text[4] || entryLang;
  const where = [text[1], text[3] ? (texts.page ?? "").replace("#", String(text[3])) : ""].filter(Boolean).join(" · ");
  const article = element("article", "hit", element("h3", "hit-title", link), meta, body);
  if (where) article.append(element("p", "hit-where meta", where));
  const item = element("li", "", article);
  item.dataset.record = id;
  return item;
}

/** @param {HTMLElement} box @param {Index} index */
function start(box, index) {
  const query = (new URLSearchParams(location.search).get("q") ?? "").slice(0, 200).trim();
  const input = box.querySelector("input");
  if (!input || !query) return;
  input.value = query;
  const lang = document.documentElement.lang;
  const { words, hits } = find(index, query, lang);
  const said = hits.length === 0 ? box.dataset.none : hits.length === 1 ? box.dataset.single : box.dataset.many;
  const list = element("ol", "hits", ...hits.slice(0, shown).map((hit) => result(hit, words, index, box.dataset, lang)));
  const status = box.querySelector("[role=status]");
  if (hits.length) {
    box.append(list);
    document.getElementById("search-browse")?.setAttribute("hidden", "");
  }
  status?.append(element("h2", "search-count", (said ?? "").replace("#", hits.length.toLocaleString(lang))));
}

const box = document.querySelector("[data-offline-search]");
const index = /** @type {Index | undefined} */ (Reflect.get(globalThis, "offlineIndex"));
if (box instanceof HTMLElement && index) start(box, index);
