// @ts-check
// What of the site is kept on the reader's device. The worker and the pages share this file, so that one rule decides
// what may be kept: only what anybody may read, and never what the server makes for one reader.
//
// There are three kinds of store, all named after the scope, since several sites may share a host:
//   "SCOPE read"          pages that were opened, the oldest go first
//   "SCOPE pack ADDRESS"  a page that the reader chose, with all that it leads to; kept until it is removed
//   "SCOPE files"         styles, scripts and pictures of the kept pages

/** Rooms of the server, below the scope, with a language before them or not. */
const rooms = /^(?:[a-z]{2,3}(?:-[a-z]+)?\/)?(?:forum|account|desk|search|api|cmc)(?:\/|$)/i;
/** The page that lists what is kept; the worker has its own copies. */
const list = /(?:^|\/)offline\/$/;
/** Only static pages carry it, and text that somebody typed can't, since it is escaped. */
const mark = /<meta name="?kept-copy"?[ >]/;
const filePattern = /<(?:link|script|img)\b[^>]*?\s(?:href|src)="?([^"\s>]+\.(?:css|js|svg|png|jpe?g|webp|avif|ico))["\s>]/g;
const mostPages = 200;
const mostBytes = 10_000_000;

export class Shelf {
  /** @param {string} scope address of the site's root, with a slash at its end */
  constructor(scope) {
    this.scope = scope;
    this.read = `${scope} read`;
    this.files = `${scope} files`;
    this.pack = `${scope} pack `;
  }

  /** The name under which a page is kept; "" when its address forbids it. @param {string} address */
  key(address) {
    const { origin, pathname } = new URL(address);
    const page = origin + pathname;
    return page.startsWith(this.scope) && page.endsWith("/") && !this.#inRoom(page) && !list.test(page) ? page : "";
  }

  /** @param {string} address */
  #inRoom(address) {
    return rooms.test(address.slice(this.scope.length));
  }

  /** @param {string} key */
  async find(key) {
    return key ? this.#first(key, [this.read, ...(await this.#packs())]) : undefined;
  }

  /** @param {string} key @param {string[]} names */
  async #first(key, names) {
    for (const name of names) {
      const found = await caches.match(key, { cacheName: name });
      if (found) return found;
    }
  }

  async #packs() {
    return (await caches.keys()).filter((name) => name.startsWith(this.pack));
  }

  /** Keeps a page that came from the network, or forgets the copy of one that is no longer for everybody.
   * @param {string} key @param {Response} response @param {string} [pack] name of the store it is chosen for
   * @returns {Promise<number>} bytes; 0 when it is not kept */
  async keep(key, response, pack) {
    if (!key || isBusy(response)) return 0;
    const text = isPublic(response) ? await response.text() : "";
    const [head, body] = text.split("</head>", 2);
    if (body === undefined || !mark.test(head)) {
      await this.#forget(key);
      return 0;
    }
    const bytes = new TextEncoder().encode(text).length;
    const headers = new Headers(response.headers);
    headers.delete("Content-Encoding");
    headers.set("Content-Length", String(bytes));
    if (!headers.has("Date")) headers.set("Date", new Date().toUTCString());
    await this.#forget(key, this.read); // its new copy is the youngest
    const packs = [];
    for (const name of await this.#packs()) if (await caches.match(key, { cacheName: name })) packs.push(name);
    if (pack && !packs.includes(pack)) packs.push(pack);
    for (const name of packs.length ? packs : [this.read]) {
      await (await caches.open(name)).put(key, new Response(text, { headers }));
    }
    await this.keepFiles(filesOf(text, key));
    return bytes;
  }

  /** @param {string} key @param {string} [only] name of one store */
  async #forget(key, only) {
    for (const name of only ? [only] : [this.read, ...(await this.#packs())]) await (await caches.open(name)).delete(key);
  }

  /** @param {string[]} addresses @param {RequestCache} [cache] asks again for what is here already, unless default */
  async keepFiles(addresses, cache = "default") {
    const files = await caches.open(this.files);
    await Promise.allSettled(addresses.map(async (address) => {
      if (!address.startsWith(this.scope) || this.#inRoom(address)) return;
      if (cache === "default" && (await files.match(address))) return;
      const response = await fetch(address, { cache, credentials: "omit" });
      if (isPublic(response)) await files.put(address, response);
    }));
  }

  /** Makes room among the pages that were read. */
  async trim() {
    const read = await caches.open(this.read);
    const keys = await read.keys();
    const sizes = (await read.matchAll()).map((response) => Number(response.headers.get("Content-Length")));
    let bytes = sizes.reduce((sum, size) => sum + size, 0);
    for (let i = 0; keys.length - i > mostPages || bytes > mostBytes; i++) {
      await read.delete(keys[i]);
      bytes -= sizes[i];
    }
  }

  /** Drops the files that no kept page needs any more. @param {string[]} needed */
  async sweep(needed) {
    const wanted = new Set(needed);
    for (const name of [this.read, ...(await this.#packs())]) {
      const pages = await caches.open(name);
      for (const { url } of await pages.keys()) {
        for (const file of filesOf((await (await pages.match(url))?.text()) ?? "", url)) wanted.add(file);
      }
    }
    const files = await caches.open(this.files);
    for (const request of await files.keys()) if (!wanted.has(request.url)) await files.delete(request);
  }
}

/** The answer says nothing of the page itself. @param {Response} response */
export const isBusy = ({ status }) => status >= 500 || status === 429;

/** Set-Cookie is hidden from scripts; the mark on the page says what it would. @param {Response} response */
function isPublic({ status, type, redirected, headers }) {
  return status === 200 && type === "basic" && !redirected
    && !/\b(?:private|no-store)\b/i.test(headers.get("Cache-Control") ?? "") && !/\*|\bcookie\b/i.test(headers.get("Vary") ?? "");
}

/** @param {string} text @param {string} base */
const filesOf = (text, base) => [...text.matchAll(filePattern)].map((found) => new URL(found[1], base).href);
