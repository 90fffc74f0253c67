// Draws the map of the countries page from world-atlas and writes it to standard output. See README.md.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";
import { geoMercator, geoPath } from "d3-geo";
import { feature, merge } from "topojson-client";
import { presimplify, simplify } from "topojson-simplify";

const atlas = createRequire(import.meta.url).resolve("world-atlas/countries-50m.json");
const frame = JSON.parse(readFileSync(new URL("frame.json", import.meta.url), "utf8"));
const { width, height, west, south, east, north, detail, coarse } = frame;
const world = presimplify(JSON.parse(readFileSync(atlas, "utf8")));

const projection = geoMercator()
  .fitExtent([[0, 0], [frame.land, height]], { type: "MultiPoint", coordinates: [[west, south], [east, north]] })
  .clipExtent([[-10, -10], [width + 10, height + 10]]);

// pen collects a path in whole units, each step relative to the last: short, and it compresses well.
function pen() {
  let out = "", x = 0, y = 0, start = [0, 0], steps = [];
  const flush = () => {
    if (steps.length) out += "l" + steps.map(([a, b]) => `${a}${b < 0 ? "" : " "}${b}`).join(" ");
    steps = [];
  };
  const round = n => Math.round(n);
  return {
    moveTo(a, b) { flush(); a = round(a); b = round(b); out += `M${a} ${b}`; [x, y] = start = [a, b]; },
    lineTo(a, b) { a = round(a); b = round(b); if (a !== x || b !== y) steps.push([a - x, b - y]); [x, y] = [a, b]; },
    closePath() { flush(); if (/l[^z]*$/.test(out)) out += "z"; [x, y] = start; },
    arc() {},
    result() { flush(); return out.replace(/M-?\d+ -?\d+(?:l-?\d+ ?-?\d+)?(?=M|$|z)z?/g, ""); },
  };
}

function draw(geometry) {
  const context = pen();
  geoPath(projection, context)(geometry);
  return context.result();
}

const fine = simplify(world, detail), rough = simplify(world, coarse);
const codes = new Map(Object.entries(frame.places).map(([code, place]) => [place.m49, code]));
const others = rough.objects.countries.geometries.filter(g => !codes.has(g.id));
const map = { width, height, land: draw(merge(rough, others)), places: [] };
for (const [code, place] of Object.entries(frame.places)) {
  const shape = (place.coarse ? rough : fine).objects.countries.geometries.find(g => g.id === place.m49);
  const entry = { code, label: place.label };
  if (place.align) entry.align = place.align;
  const path = shape && !place.mark ? draw(feature(place.coarse ? rough : fine, shape)) : "";
  if (path) entry.path = path;
  else entry.mark = projection(place.mark).map(Math.round);
  map.places.push(entry);
}
process.stdout.write(JSON.stringify(map, null, 1) + "\n");
