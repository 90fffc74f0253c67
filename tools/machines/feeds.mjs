// Atom with feedparser, and JSON Feed by its published schema.
import { Readable } from "node:stream";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import FeedParser from "feedparser";
import schema from "jsonfeed-schema/v1.1.js";
import { each, repeated } from "./site.mjs";

export async function feeds(site) {
  let entries = 0;
  const { count, faults } = await each(site, /(^|\/)index\.xml$/, async (name) => {
    const { meta, items } = await parse(site.text(name));
    entries += items.length;
    const found = repeated(items.map((item) => item.guid));
    if (meta["#type"] !== "atom") found.push(`it is ${meta["#type"]}, not Atom`);
    if (!meta.title || !meta.date || !meta.author) found.push("the feed lacks a title, a date or an author");
    if (items.length === 0) found.push("it has no entries");
    found.push(...site.lost(meta.link), ...site.lost(meta.xmlurl));
    for (const item of items) {
      if (!item.title || !item.summary || !item.date?.getTime()) found.push(`${item.guid} lacks a title, a summary or a date`);
      if (!URL.canParse(item.guid)) found.push(`the id ${item.guid} is no IRI`);
      found.push(...site.lost(item.link));
    }
    return found;
  });
  return { read: { "Atom feeds": count, entries }, faults };
}

function parse(text) {
  return new Promise((resolve, reject) => {
    const parser = new FeedParser({ addmeta: false, resume_saxerror: false });
    const items = [];
    parser.on("error", reject);
    parser.on("data", (item) => items.push(item));
    parser.on("end", () => resolve({ meta: parser.meta, items }));
    Readable.from([text]).pipe(parser);
  });
}

export async function jsonFeeds(site) {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  const valid = ajv.compile(schema);
  let items = 0;
  const { count, faults } = await each(site, /(^|\/)feed\.json$/, async (name) => {
    const feed = JSON.parse(site.text(name));
    items += feed.items.length;
    const found = repeated(feed.items.map((item) => item.id));
    if (!valid(feed)) found.push(ajv.errorsText(valid.errors));
    if (feed.items.length === 0) found.push("it has no items");
    for (const item of feed.items) found.push(...site.lost(item.url));
    return [...found, ...site.lost(feed.feed_url), ...site.lost(feed.home_page_url)];
  });
  return { read: { "JSON feeds": count, items }, faults };
}
