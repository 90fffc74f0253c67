// @ts-check
// Search in a copy of the site that is opened from a folder, where no page may
// fetch a file: the index is a script that has run before this one. All that it
// holds is written as text, never as markup.

import { find } from "./offline-find.js";
import { likeness, open } from "./offline-site.js";
import { fold, wordPattern } from "./offline-text.js";

/** @typedef {import("./offline-find.js").Hit} Hit */
/** @typedef {import("./offline-site.js").Site} Site */

const shown = 50; // results on the page
const snippetWords = 36;

/**
 * The stretch of a text that holds most of the words, with these marked.
 * @param {string} text @param {string[]} words @param {Site} site
 */
function snippet(text, words, site) {
  const places = [...text.matchAll(wordPattern)].map((m) => ({ at: m.index, end: m.index + m[0].length, marked: words.some((w) => likeness(site, w, fold(m[0])) > 0) }));
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
 * @param {Hit} hit @param {string[]} words @param {Site} site
 * @param {DOMStringMap} texts @param {string} lang
 */
function result({ entry: [id, entryLang, kind, url, title], text }, words, site, texts, lang) {
  const { index } = site;
  const link = element("a", "", title);
  link.setAttribute("href", new URL(url + (text[0] ? `#${encodeURIComponent(text[0])}` : ""), new URL(texts.root ?? "", location.href)).href);
  const meta = element("p", "hit-meta meta", element("span", "badge", index.kinds[lang]?.[kind] ?? kind));
  if (entryLang !== lang) {
    link.lang = entryLang;
    meta.append(" ", element("span", "", index.languages[entryLang] ?? entryLang));
  }
  const body = element("p", "hit-text", ...snippet(text[2], words, site));
  body.lang = text[4] || entryLang;
  const where = [text[1], text[3] ? (texts.page ?? "").replace("#", String(text[3])) : ""].filter(Boolean).join(" · ");
  const article = element("article", "hit", element("h3", "hit-title", link), meta, body);
  if (where) article.append(element("p", "hit-where meta", where));
  const item = element("li", "", article);
  item.dataset.record = id;
  return item;
}

/**
 * What was searched for instead, or may have been meant.
 * @param {string} query @param {string} correction @param {boolean} instead @param {DOMStringMap} texts
 */
function notice(query, correction, instead, texts) {
  const link = element("a", "", correction);
  link.setAttribute("href", `?${new URLSearchParams({ q: correction })}`);
  return element("p", "notice", `${((instead ? texts.instead : texts.meant) ?? "").replace("#", () => query)} `, link);
}

/** @param {HTMLElement} box @param {import("./offline-site.js").Index} index */
function start(box, index) {
  const query = (new URLSearchParams(location.search).get("q") ?? "").slice(0, 200).trim();
  const input = box.querySelector("input");
  if (!input || !query) return;
  input.value = query;
  const lang = document.documentElement.lang;
  const site = open(index);
  const { words, hits, correction, instead } = find(site, query, lang);
  const texts = box.dataset;
  const said = hits.length === 0 ? texts.none : hits.length === 1 ? texts.single : texts.many;
  const list = element("ol", "hits", ...hits.slice(0, shown).map((hit) => result(hit, words, site, texts, lang)));
  if (correction) box.append(notice(query, correction, instead, texts));
  if (hits.length) {
    box.append(list);
    document.getElementById("search-browse")?.setAttribute("hidden", "");
  }
  box.querySelector("[role=status]")?.append(element("h2", "search-count", (said ?? "").replace("#", hits.length.toLocaleString(lang))));
}

const box = document.querySelector("[data-offline-search]");
const index = /** @type {import("./offline-site.js").Index | undefined} */ (Reflect.get(globalThis, "offlineIndex"));
if (box instanceof HTMLElement && index) start(box, index);
