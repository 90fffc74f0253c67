// The built site as a folder, and the addresses it answers to.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";

// Pages that the running program makes; the links of HTML are tested on it.
const rooms = /^\/(..\/)?(forum|search|account|api|desk)\//;

export class Site {
  constructor(folder, base) {
    this.folder = folder;
    this.base = base;
    this.names = readdirSync(folder, { recursive: true }).map((name) => name.split(path.sep).join("/"));
  }

  /** The names of the files that match. */
  files(pattern) {
    return this.names.filter((name) => pattern.test(name)).sort();
  }

  /** The text of a file. */
  text(name) {
    return readFileSync(path.join(this.folder, name), "utf8");
  }

  /** A file as it is. */
  bytes(name) {
    return readFileSync(path.join(this.folder, name));
  }

  /** What is wrong with an address that should lead to a page of the site. */
  lost(address) {
    if (!URL.canParse(address ?? "")) return [`${address} is no whole address`];
    if (!address.startsWith(this.base)) return [`${address} is not on ${this.base}`];
    const { pathname } = new URL(address);
    const file = decodeURIComponent(pathname) + (pathname.endsWith("/") ? "index.html" : "");
    if (rooms.test(pathname) || existsSync(path.join(this.folder, file))) return [];
    return [`${address} leads nowhere`];
  }
}

/** Runs a check over each file; what a parser throws is a fault of the file. */
export async function each(site, pattern, check) {
  const faults = [];
  const names = site.files(pattern);
  for (const name of names) {
    try {
      faults.push(...(await check(name)).map((fault) => `${name}: ${fault}`));
    } catch (error) {
      faults.push(`${name}: ${error.message.split("\n")[0]}`);
    }
  }
  return { count: names.length, faults };
}

/** The values that stand in a list more than once. */
export function repeated(list) {
  return list.filter((value, i) => list.indexOf(value) !== i).map((value) => `${value} stands there twice`);
}
