// @ts-check
// Packs: a page that the reader chose to keep, with every page that it leads to. The list of a pack is the links in the
// page's main part, so what is kept is what the reader sees there, and no second list has to be made at build.

import { isBusy } from "./offline-shelf.js";

/** @import { Shelf } from "./offline-shelf.js" */

/** @typedef {{url: string, title: string, lang: string, date: string, pages: number, of: number, bytes: number}} Pack */

const lanes = 4; // pages fetched at a time
const stale = 24 * 3600 * 1000; // ms after which a pack is asked for again

/** Where a pack notes what it is. @param {Shelf} shelf */
const noteOf = (shelf) => `${shelf.scope}offline/pack.json`;

/** @param {Shelf} shelf @returns {Promise<Pack[]>} the oldest first */
export async function packs(shelf) {
  const names = (await caches.keys()).filter((name) => name.startsWith(shelf.pack));
  const notes = await Promise.all(names.map((name) => caches.match(noteOf(shelf), { cacheName: name })));
  const found = await Promise.all(notes.map((note) => note?.json()));
  return found.filter((pack) => pack).sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** @param {Shelf} shelf @param {string} url */
export const removePack = (shelf, url) => caches.delete(shelf.pack + url);

/** Keeps or renews a pack. What was kept stays when it fails halfway; the pack then says how much it has.
 * @param {Shelf} shelf @param {string} url @param {(done: number, of: number) => void} [progress] */
export async function keepPack(shelf, url, progress = () => {}) {
  const first = await ask(url);
  const document = new DOMParser().parseFromString(await first.clone().text(), "text/html");
  const links = [...document.querySelectorAll("main a[href]")].map((link) => shelf.key(new URL(link.getAttribute("href") ?? "", url).href));
  const keys = new Set([url, ...links.filter((key) => key)]);
  const name = shelf.pack + url;
  /** @type {Pack} */
  const pack = {
    url, lang: document.documentElement.lang, title: document.querySelector("h1")?.textContent?.trim() ?? url,
    date: new Date().toISOString(), pages: 0, of: keys.size, bytes: 0,
  };
  const cache = await caches.open(name);
  const note = () => cache.put(noteOf(shelf), new Response(JSON.stringify(pack)));
  await note();
  const queue = keys.values();
  let done = 0;
  const lane = async () => {
    for (const key of queue) {
      const bytes = await shelf.keep(key, key === url ? first : await ask(key), name);
      if (bytes) pack.pages++;
      else pack.of--; // it is not for keeping, or gone
      pack.bytes += bytes;
      progress(++done, keys.size);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: lanes }, lane));
  await note();
  const broken = ends.find((end) => end.status === "rejected");
  if (broken) throw broken.reason;
  for (const { url: kept } of await cache.keys()) if (!keys.has(kept) && kept !== noteOf(shelf)) await cache.delete(kept);
  return pack;
}

/** As anybody would see it. @param {string} url */
async function ask(url) {
  const response = await fetch(url, { credentials: "omit", cache: "no-cache" });
  if (isBusy(response)) throw new Error(`${url}: ${response.status}`);
  return response;
}

/** Renews the oldest pack, one for each page that is opened, so that a weak line is never filled.
 * @param {Shelf} shelf */
export async function renew(shelf) {
  const [oldest] = await packs(shelf);
  if (!oldest || Reflect.get(navigator, "connection")?.saveData) return;
  if (Date.now() - Date.parse(oldest.date) > stale || oldest.pages < oldest.of) await keepPack(shelf, oldest.url).catch(() => {});
}
