// @ts-check
// The service worker: the network first, with a kept copy behind it. It stands at the root of the site, so that its
// scope is all of it. Hugo fills in what every page needs; a build with other files is therefore another worker.
import { files, offline, root } from "@params";
import { Shelf, isBusy } from "../offline-shelf.js";

/** @type {ServiceWorkerGlobalScope} */
const worker = /** @type {any} */ (self);
const patience = 3000; // ms that a kept copy waits for the network
const fingerprint = /[._-][0-9a-f]{32,}\./;

/** @param {string} path */
const absolute = (path) => new URL(path, worker.location.href).href;
const shelf = new Shelf(absolute(root));
/** @type {string[]} the pages that list what is kept, one for each language */
const lists = offline.map(absolute);
const needed = [...lists, ...files.map(absolute)];

worker.addEventListener("install", (event) => {
  // Nothing that is open depends on the old worker, so the new one need not wait.
  event.waitUntil(Promise.all([shelf.keepFiles(needed, "no-cache"), worker.skipWaiting()]));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([shelf.sweep(needed), worker.clients.claim()]));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(shelf.scope)) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (/^(?:style|script|image)$/.test(request.destination)) event.respondWith(file(request));
});

/** @param {FetchEvent} event */
async function page(event) {
  const { request } = event;
  const key = shelf.key(request.url);
  const network = fetch(request);
  event.waitUntil(network.then(async (response) => {
    if (key) await shelf.keep(key, response.clone()).then(() => shelf.trim());
    else if (response.ok && lists.includes(request.url)) await shelf.keepFiles([request.url], "no-cache");
  }).catch(() => {}));
  const kept = await shelf.find(key);
  const late = kept && new Promise((resolve) => setTimeout(resolve, patience));
  try {
    const response = await (late ? Promise.race([network, late]) : network);
    if (response && (!kept || !isBusy(response))) return response;
  } catch {
    // No connection.
  }
  return kept ? labelled(kept) : (await caches.match(list(request.url), { cacheName: shelf.files })) ?? Response.error();
}

/** The list in the language of an address: the longest of the homes that it stands below. @param {string} address */
function list(address) {
  const home = (/** @type {string} */ page) => page.slice(0, -"offline/".length);
  return lists.filter((page) => address.startsWith(home(page))).sort((a, b) => b.length - a.length)[0] ?? lists[0];
}

/** A kept page that says so, and of when it is. @param {Response} kept */
async function labelled(kept) {
  const text = await kept.text();
  const [, lang, words = "#"] = text.match(/<meta name="?kept-copy"? lang="?([^"\s>]*)"? content="([^"]*)"/) ?? [];
  const date = new Date(kept.headers.get("Date") ?? "");
  const day = date.toLocaleDateString(lang, { dateStyle: "long" });
  const time = date.toLocaleTimeString(lang, { timeStyle: "short" });
  const said = `<div class="wrap kept-copy" role="status"><p class="notice notice-warning">${words.replace("#", `<time datetime="${date.toISOString()}">${day}, ${time}</time>`)}</p></div>`;
  const headers = new Headers(kept.headers);
  headers.delete("Content-Length");
  return new Response(text.replace(/<main\b[^>]*>/, (main) => main + said), { headers });
}

/** @param {Request} request */
async function file(request) {
  const find = () => caches.match(request.url, { cacheName: shelf.files });
  const kept = fingerprint.test(request.url) && (await find());
  if (kept) return kept;
  try {
    return await fetch(request);
  } catch {
    return (await find()) ?? Response.error();
  }
}
