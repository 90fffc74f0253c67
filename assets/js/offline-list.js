// @ts-check
// The page that lists what is kept; the worker also shows it in place of a page that is not.
import { packs, removePack } from "./offline-pack.js";
import { fill, stateOf, when } from "./offline-words.js";

/** @import { Shelf } from "./offline-shelf.js" */
/** @import { Pack } from "./offline-pack.js" */

/** @param {Shelf} shelf @param {HTMLElement} box */
export async function openList(shelf, box) {
  if (!location.pathname.endsWith("/offline/")) document.querySelector("[data-not-kept]")?.removeAttribute("hidden");
  box.querySelector("[data-forget]")?.addEventListener("click", async () => {
    await caches.delete(shelf.read);
    await list(shelf, box);
    say(box, box.dataset.forgotten ?? "");
  });
  await list(shelf, box);
  box.hidden = false;
}

/** @param {Shelf} shelf @param {HTMLElement} box */
async function list(shelf, box) {
  const chosen = (await packs(shelf)).map((pack) => packItem(shelf, box, pack));
  const read = await caches.open(shelf.read);
  const pages = await Promise.all((await read.keys()).reverse().map(async ({ url }) => pageItem(url, await read.match(url))));
  box.querySelector("[data-packs]")?.replaceChildren(...chosen);
  box.querySelector("[data-read]")?.replaceChildren(...pages);
  for (const [part, items] of Object.entries({ packs: chosen, read: pages })) {
    for (const shown of box.querySelectorAll(`[data-if="${part}"]`)) shown.toggleAttribute("hidden", items.length === 0);
    for (const shown of box.querySelectorAll(`[data-unless="${part}"]`)) shown.toggleAttribute("hidden", items.length > 0);
  }
}

/** @param {Shelf} shelf @param {HTMLElement} box @param {Pack} pack */
function packItem(shelf, box, pack) {
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "button button-quiet";
  remove.textContent = box.dataset.remove ?? "";
  remove.setAttribute("aria-label", `${box.dataset.remove}: ${pack.title}`);
  remove.addEventListener("click", async () => {
    await removePack(shelf, pack.url);
    await list(shelf, box);
    say(box, fill(box.dataset.removed, { title: pack.title }));
  });
  const made = item(pack.url, pack.title, pack.lang, stateOf(box.dataset, pack));
  made.append(remove);
  return made;
}

/** @param {string} url @param {Response | undefined} kept */
async function pageItem(url, kept) {
  const page = new DOMParser().parseFromString((await kept?.text()) ?? "", "text/html");
  const title = page.querySelector("h1")?.textContent?.trim() ?? page.title;
  return item(url, title, page.documentElement.lang, when(kept?.headers.get("Date") ?? ""));
}

/** @param {string} url @param {string} title @param {string} lang @param {string} state */
function item(url, title, lang, state) {
  const link = document.createElement("a");
  link.href = url;
  link.lang = lang;
  link.textContent = title;
  const meta = document.createElement("span");
  meta.textContent = state;
  const made = document.createElement("li");
  made.append(link, meta);
  return made;
}

/** @param {HTMLElement} box @param {string} text */
function say(box, text) {
  const status = box.querySelector("[role=status]");
  if (!(status instanceof HTMLElement)) return;
  status.textContent = text;
  status.focus(); // the button that was pressed may be gone
}
