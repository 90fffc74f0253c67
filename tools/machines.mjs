// Reads every file that the built site offers to machines with a parser that
// others wrote, and asks that what they find in it is whole.
//
//   node tools/machines.mjs FOLDER BASE
//
// FOLDER is the site, BASE the address that it was built for. Each check says
// how many things it read; one that read nothing has failed.
import { calendars } from "./machines/calendars.mjs";
import { citations } from "./machines/citations.mjs";
import { feeds, jsonFeeds } from "./machines/feeds.mjs";
import { harvest, openSearch, sitemaps, wellFormed } from "./machines/xml.mjs";
import { linkedData } from "./machines/linked-data.mjs";
import { manifests } from "./machines/manifests.mjs";
import { Site } from "./machines/site.mjs";
import { tables } from "./machines/tables.mjs";

const [folder, base] = process.argv.slice(2);
if (!base) {
  console.error("usage: node tools/machines.mjs FOLDER BASE");
  process.exit(2);
}

const site = new Site(folder, base);
let failed = false;
const checks = [wellFormed, feeds, jsonFeeds, sitemaps, openSearch, harvest, calendars, citations, linkedData, tables, manifests];
for (const check of checks) {
  const { read, faults } = await check(site);
  for (const [what, count] of Object.entries(read)) if (count === 0) faults.push(`there are no ${what}`);
  failed ||= faults.length > 0;
  const counts = Object.entries(read).map(([what, count]) => `${count} ${what}`);
  console.log(`${faults.length ? "FAILED" : "ok"}  ${check.name}: ${counts.join(", ")}`);
  for (const fault of faults.slice(0, 20)) console.log(`        ${fault}`);
  if (faults.length > 20) console.log(`        and ${faults.length - 20} more`);
}
process.exit(failed ? 1 : 0);
