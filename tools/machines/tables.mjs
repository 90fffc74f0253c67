// Open data: the Frictionless package with its own library, which also reads
// every table by its schema; every CSV once more with csv-parse.
import { createHash } from "node:crypto";
import path from "node:path";
import { parse } from "csv-parse/sync";
import frictionless from "datapackage";
import { each } from "./site.mjs";

export async function tables(site) {
  const read = { packages: 0, tables: 0, rows: 0 };
  const { count, faults } = await each(site, /(^|\/)datapackage\.json$/, async (name) => {
    const folder = path.dirname(name);
    const descriptor = JSON.parse(site.text(name));
    const pack = await frictionless.Package.load(descriptor, { basePath: path.join(site.folder, folder), strict: false });
    const wrong = pack.errors.map((error) => error.message);
    for (const resource of pack.resources) {
      const file = `${folder}/${resource.descriptor.path}`;
      const [wanted, rows] = [resource.descriptor.rows, await rowsOf(site, file, resource)];
      read.tables++;
      read.rows += rows;
      if (rows !== wanted || rows === 0) wrong.push(`${file} has ${rows} rows, the package says ${wanted}`);
      const bytes = site.bytes(file);
      const hash = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
      if (bytes.length !== resource.descriptor.bytes) wrong.push(`${file} has ${bytes.length} bytes`);
      if (hash !== resource.descriptor.hash) wrong.push(`${file} has the sum ${hash}`);
    }
    const files = site.files(new RegExp(`^${folder}/[^/]+\\.(csv|json)$`)).filter((file) => file !== name);
    if (files.length !== pack.resources.length) wrong.push(`it names ${pack.resources.length} files of ${files.length}`);
    return wrong;
  });
  read.packages = count;
  return { read, faults };
}

async function rowsOf(site, file, resource) {
  if (resource.descriptor.format === "json") return JSON.parse(site.text(file)).length;
  const byUs = parse(site.bytes(file), { columns: true, bom: true, record_delimiter: "\r\n" });
  const bySchema = await resource.read({ keyed: true });
  if (byUs.length !== bySchema.length) throw new Error(`${file} has ${byUs.length} rows for one parser, ${bySchema.length} for another`);
  for (const row of byUs) if (row.url) for (const fault of site.lost(row.url)) throw new Error(fault);
  return byUs.length;
}
