// @ts-check
// What a page does about offline reading: it starts the worker, and on the pages that have a place for it offers to
// keep them or lists what is kept. Only static pages carry the mark that this looks for.
import { openList } from "./offline-list.js";
import { offer } from "./offline-offer.js";
import { renew } from "./offline-pack.js";
import { Shelf } from "./offline-shelf.js";

/** @param {string} worker */
async function start(worker) {
  const { scope } = await navigator.serviceWorker.register(worker, { updateViaCache: "none" });
  const shelf = new Shelf(scope);
  const here = location.origin + location.pathname;
  const list = document.querySelector("[data-offline-list]");
  if (list instanceof HTMLElement) await openList(shelf, list);
  const pack = document.querySelector("[data-pack]");
  if (pack instanceof HTMLElement) await offer(shelf, pack, here);
  // The first page of a visit came before the worker.
  if (!navigator.serviceWorker.controller) await shelf.keep(shelf.key(here), await fetch(here));
  await renew(shelf);
}

// A live region speaks of what changes in it once it is there, so the notice of a kept copy is put in again.
const notice = document.querySelector(".kept-copy > p");
if (notice) setTimeout(() => notice.replaceWith(notice.cloneNode(true)), 500);

const mark = document.querySelector('meta[name="kept-copy"]');
const watched = document.cookie.split("; ").includes("cmc-watch=1"); // an author wants to see the site as it is
if (mark instanceof HTMLElement && mark.dataset.worker && !watched && "serviceWorker" in navigator && location.protocol.startsWith("http")) {
  const { worker } = mark.dataset;
  addEventListener("load", () => start(worker).catch(() => {})); // a browser may refuse all storage
}
