// XML with a strict parser; sitemaps, OpenSearch and the static repository of
// OAI-PMH by the words of their specifications.
import { parseXml } from "@rgrove/parse-xml";
import { each, repeated } from "./site.mjs";

export async function wellFormed(site) {
  const { count, faults } = await each(site, /\.(xml|svg)$/, async (name) => {
    parseXml(site.text(name));
    return [];
  });
  return { read: { "files of XML": count }, faults };
}

const elements = (parent) => parent.children.filter((child) => child.type === "element");
const named = (parent, name) => elements(parent).filter((child) => child.name === name);
const text = (parent, name) => named(parent, name)[0]?.text;
const root = (site, name) => parseXml(site.text(name)).root;

export async function sitemaps(site) {
  const listed = new Set();
  const { count, faults } = await each(site, /(^|\/)sitemap\.xml$/, async (name) => {
    const wrong = [];
    for (const entry of elements(root(site, name))) {
      const address = text(entry, "loc");
      wrong.push(...site.lost(address));
      if (entry.name === "url") listed.add(address);
      const changed = text(entry, "lastmod");
      if (changed && Number.isNaN(Date.parse(changed))) wrong.push(`${changed} is no date`);
      const forms = named(entry, "xhtml:link");
      wrong.push(...forms.flatMap((link) => site.lost(link.attributes.href)));
      wrong.push(...repeated(forms.map((link) => link.attributes.hreflang)));
      if (forms.length && !forms.some((link) => link.attributes.href === address)) wrong.push(`${address} is not among its languages`);
    }
    return wrong;
  });
  return { read: { sitemaps: count, pages: listed.size }, faults };
}

export async function openSearch(site) {
  const { count, faults } = await each(site, /(^|\/)opensearch\.xml$/, async (name) => {
    const description = root(site, name);
    const wrong = [];
    if (description.attributes.xmlns !== "http://a9.com/-/spec/opensearch/1.1/") wrong.push("its namespace is another");
    for (const [field, most] of [["ShortName", 16], ["LongName", 48], ["Description", 1024]]) {
      const said = text(description, field);
      if (!said || said.length > most) wrong.push(`${field} has ${said?.length ?? 0} characters, want 1 to ${most}`);
    }
    const templates = named(description, "Url").map((address) => address.attributes.template);
    if (!templates.some((template) => template.includes("{searchTerms}"))) wrong.push("no address takes search terms");
    wrong.push(...templates.flatMap((template) => site.lost(template.replace("{searchTerms}", "boat"))));
    return wrong;
  });
  return { read: { "OpenSearch descriptions": count }, faults };
}

const spaces = {
  xmlns: "http://www.openarchives.org/OAI/2.0/static-repository",
  "xmlns:oai": "http://www.openarchives.org/OAI/2.0/",
};
// The order is that of the schema of OAI-PMH.
const identify = "repositoryName baseURL protocolVersion adminEmail earliestDatestamp deletedRecord granularity".split(" ");
const dublinCore = new Set("title creator subject description publisher contributor date type format identifier source language relation coverage rights".split(" "));

export async function harvest(site) {
  let records = 0;
  const { count, faults } = await each(site, /^oai\.xml$/, async (name) => {
    const repository = root(site, name);
    const wrong = [];
    for (const [prefix, space] of Object.entries(spaces)) {
      if (repository.attributes[prefix] !== space) wrong.push(`${prefix} is ${repository.attributes[prefix]}, want ${space}`);
    }
    const parts = elements(repository).map((part) => part.name).join(" ");
    if (parts !== "Identify ListMetadataFormats ListRecords") return [...wrong, `it is made of ${parts}`];
    const about = named(repository, "Identify")[0];
    const order = elements(about).map((part) => part.name.replace("oai:", "")).join(" ");
    if (order !== identify.join(" ")) wrong.push(`Identify is made of ${order}`);
    wrong.push(...site.lost(text(about, "oai:baseURL")));
    const earliest = text(about, "oai:earliestDatestamp");
    const list = named(repository, "ListRecords")[0];
    if (list.attributes.metadataPrefix !== "oai_dc") wrong.push("ListRecords names no format");
    const found = elements(list);
    records += found.length;
    wrong.push(...repeated(found.map((record) => text(named(record, "oai:header")[0], "oai:identifier"))));
    return [...wrong, ...found.flatMap((record) => flaws(site, record, earliest))];
  });
  return { read: { "static repositories": count, records }, faults };
}

function flaws(site, record, earliest) {
  const header = named(record, "oai:header")[0];
  const id = text(header, "oai:identifier");
  const stamp = text(header, "oai:datestamp");
  const wrong = [];
  if (!URL.canParse(id ?? "")) wrong.push(`the identifier ${id} is no URI`);
  if (!/^\d{4}-\d\d-\d\d$/.test(stamp) || Number.isNaN(Date.parse(stamp)) || stamp < earliest) {
    wrong.push(`${id} has the date ${stamp}, want a day from ${earliest} on`);
  }
  const [core] = elements(named(record, "oai:metadata")[0]);
  if (core.attributes["xmlns:dc"] !== "http://purl.org/dc/elements/1.1/") wrong.push(`${id} is not in Dublin Core`);
  const strange = elements(core).filter((part) => !part.name.startsWith("dc:") || !dublinCore.has(part.name.slice(3)));
  wrong.push(...strange.map((part) => `${id} has ${part.name}, which Dublin Core has not`));
  if (!text(core, "dc:title")) wrong.push(`${id} has no title`);
  const addresses = named(core, "dc:identifier").map((part) => part.text).filter((part) => part.startsWith("http"));
  if (addresses.length === 0) wrong.push(`${id} has no address`);
  return [...wrong, ...addresses.filter((address) => address.startsWith(site.base)).flatMap((address) => site.lost(address))];
}
