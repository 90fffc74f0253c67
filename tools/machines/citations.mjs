// BibTeX, RIS and CSL-JSON with Citation.js: the three files of a record must
// tell the same.
import { Cite, plugins } from "@citation-js/core";
import "@citation-js/plugin-bibtex";
import "@citation-js/plugin-ris";
import "@citation-js/plugin-csl";
import { each } from "./site.mjs";

// Sentence case of titles is for styles to decide, not for the file.
plugins.config.get("@bibtex").parse.sentenceCase = "never";

export async function citations(site) {
  const { count, faults } = await each(site, /(^|\/)cite\.json$/, async (name) => {
    const texts = {
      "@csl/list+object": JSON.parse(site.text(name)),
      "@biblatex/text": site.text(name.replace(/json$/, "bib")),
      "@ris/file": site.text(name.replace(/json$/, "ris")),
    };
    const [csl, ...others] = await Promise.all(Object.entries(texts).map(([form, text]) => one(form, text)));
    const wrong = site.lost(csl.URL);
    if (!csl.title || !csl.publisher) wrong.push("it lacks a title or a publisher");
    // A treaty or a law is nobody's work.
    if (!csl.author?.length && !name.includes("legislation/")) wrong.push("it lacks an author");
    for (const other of others) {
      for (const field of ["title", "URL"]) {
        if (squeeze(other[field]) !== squeeze(csl[field])) wrong.push(`${field} is ${csl[field]} in one form, ${other[field]} in another`);
      }
      if (names(other) !== names(csl)) wrong.push(`authors are ${names(csl)} in one form, ${names(other)} in another`);
      if (year(other) !== year(csl)) wrong.push(`the year is ${year(csl)} in one form, ${year(other)} in another`);
    }
    return wrong;
  });
  const files = (ending) => site.files(new RegExp(`cite\\.${ending}$`)).length;
  const read = { "CSL-JSON files": count, "BibTeX files": files("bib"), "RIS files": files("ris") };
  if (new Set(Object.values(read)).size > 1) faults.push("some records lack a form");
  return { read, faults };
}

async function one(form, text) {
  const { data } = await Cite.async(text, { forceType: form, strict: true });
  if (data.length !== 1) throw new Error(`${form} holds ${data.length} records, want one`);
  return data[0];
}

// Parsers differ over blanks that do not break.
const squeeze = (text) => text?.replace(/\s+/g, " ");
const names = (item) => item.author?.map((a) => a.literal ?? [a.given, a.family].filter(Boolean).join(" ")).join("; ");
const year = (item) => Number(item.issued?.["date-parts"]?.[0]?.[0]) || undefined;
