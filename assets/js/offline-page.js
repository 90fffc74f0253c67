// @ts-check
// What a page does about offline reading: it starts the worker, offers to keep what it leads to, and on the page for it
// lists what is kept. Only static pages carry the mark that this looks for.
import { keepPack, packs, removePack, renew } from "./offline-pack.js";
import { Shelf } from "./offline-shelf.js";

const mark = document.querySelector('meta[name="kept-copy"]');
const keyHere = location.origin + location.pathname;

/** @param {string} date as ISO 8601, or as in a Date header */
const when = (date) => `${new Date(date).toLocaleDateString(localeOfPage(), { dateStyle: "long" })}, ${new Date(date).toLocaleTimeString(localeOfPage(), { timeStyle: "short" })}`;
const localeOfPage = () => (mark instanceof HTMLElement && mark.lang) || document.documentElement.lang;
/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 1e6).toLocaleString(localeOfPage(), { maximumFractionDigits: 1, minimumFractionDigits: 1 });

/** @param {string | undefined} text @param {Record<string, string>} values */
const fill = (text, values) => (text ?? "").replace(/#(\w+)/g, (whole, name) => values[name] ?? whole);

/** @param {DOMStringMap} texts @param {import("./offline-pack.js").Pack} pack */
const stateOf = (texts, pack) => fill(pack.pages < pack.of ? texts.unfinished : texts.kept,
  { date: when(pack.date), pages: String(pack.pages), of: String(pack.of), size: megabytes(pack.bytes) });

/** @param {Shelf} shelf @param {HTMLElement} box */
async function offer(shelf, box) {
  const button = box.querySelector("button");
  const status = box.querySelector("[role=status]");
  const progress = box.querySelector("progress");
  if (!button || !status || !progress) return;
  const show = async () => {
    const pack = (await packs(shelf)).find(({ url }) => url === keyHere);
    button.setAttribute("aria-pressed", String(Boolean(pack && pack.pages >= pack.of)));
    status.textContent = pack ? stateOf(box.dataset, pack) : "";
  };
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    if (button.getAttribute("aria-pressed") === "true") {
      await removePack(shelf, keyHere);
      await show();
    } else {
      status.textContent = box.dataset.working ?? "";
      progress.hidden = false;
      navigator.storage.persist?.();
      try {
        await keepPack(shelf, keyHere, (done, of) => Object.assign(progress, { value: done, max: of }));
        await show();
      } catch {
        await show();
        status.textContent = `${box.dataset.failed ?? ""} ${status.textContent}`;
      }
      progress.hidden = true;
    }
    button.removeAttribute("aria-busy");
  });
  await show();
  box.hidden = false;
}

/** @param {string} name @param {string} text */
function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

/** @param {string} href @param {string} text @param {string} lang */
function link(href, text, lang) {
  const made = element("a", text);
  made.setAttribute("href", href);
  made.lang = lang;
  return made;
}

/** @param {Shelf} shelf @param {HTMLElement} box */
async function list(shelf, box) {
  const texts = box.dataset;
  const found = await packs(shelf);
  box.querySelector("[data-packs]")?.replaceChildren(...found.map((pack) => {
    const item = element("li", "");
    const remove = element("button", texts.remove ?? "");
    remove.className = "button button-quiet";
    remove.setAttribute("type", "button");
    remove.setAttribute("aria-label", `${texts.remove}: ${pack.title}`);
    remove.addEventListener("click", async () => {
      await removePack(shelf, pack.url);
      await list(shelf, box);
      say(box, fill(texts.removed, { title: pack.title }));
    });
    item.append(link(pack.url, pack.title, pack.lang), element("span", stateOf(texts, pack)), remove);
    return item;
  }));
  const read = await caches.open(shelf.read);
  const pages = await Promise.all((await read.keys()).reverse().map(async ({ url }) => {
    const response = await read.match(url);
    const page = new DOMParser().parseFromString((await response?.text()) ?? "", "text/html");
    const item = element("li", "");
    item.append(link(url, page.querySelector("h1")?.textContent?.trim() ?? page.title, page.documentElement.lang), element("span", when(response?.headers.get("Date") ?? "")));
    return item;
  }));
  box.querySelector("[data-read]")?.replaceChildren(...pages);
  for (const [part, many] of Object.entries({ packs: found.length, read: pages.length })) {
    for (const shown of box.querySelectorAll(`[data-if="${part}"]`)) shown.toggleAttribute("hidden", !many);
    for (const shown of box.querySelectorAll(`[data-unless="${part}"]`)) shown.toggleAttribute("hidden", many > 0);
  }
}

/** @param {HTMLElement} box @param {string} text */
function say(box, text) {
  const status = box.querySelector("[role=status]");
  if (!(status instanceof HTMLElement)) return;
  status.textContent = text;
  status.focus(); // the button that was pressed is gone
}

/** @param {Shelf} shelf @param {HTMLElement} box */
async function openList(shelf, box) {
  if (!/\/offline\/$/.test(location.pathname)) document.querySelector("[data-not-kept]")?.removeAttribute("hidden");
  box.querySelector("[data-forget]")?.addEventListener("click", async () => {
    await caches.delete(shelf.read);
    await list(shelf, box);
    say(box, box.dataset.forgotten ?? "");
  });
  await list(shelf, box);
  box.hidden = false;
}

async function start() {
  if (!(mark instanceof HTMLElement) || !mark.dataset.worker) return;
  const { scope } = await navigator.serviceWorker.register(mark.dataset.worker, { updateViaCache: "none" });
  const shelf = new Shelf(scope);
  const box = document.querySelector("[data-offline-list]");
  if (box instanceof HTMLElement) await openList(shelf, box);
  const pack = document.querySelector("[data-pack]");
  if (pack instanceof HTMLElement) await offer(shelf, pack);
  // The first page of a visit came before the worker.
  if (!navigator.serviceWorker.controller) await shelf.keep(shelf.key(location.href), await fetch(keyHere));
  await renew(shelf);
}

// A live region speaks of what changes in it after it is there.
const notice = document.querySelector(".kept-copy > p");
if (notice) setTimeout(() => notice.replaceWith(notice.cloneNode(true)), 500);

// An author who watches a site wants to see it as it is.
const watched = document.cookie.split("; ").includes("cmc-watch=1");
if (mark && !watched && "serviceWorker" in navigator && /^https?:$/.test(location.protocol)) {
  addEventListener("load", () => start().catch(() => {})); // a browser may refuse all storage
}
