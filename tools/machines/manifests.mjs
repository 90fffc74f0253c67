// The manifests that make the site installable: what they name is there.
import { each } from "./site.mjs";

export async function manifests(site) {
  const { count, faults } = await each(site, /\.webmanifest$/, async (name) => {
    const manifest = JSON.parse(site.text(name));
    const wrong = ["name", "short_name", "start_url", "display", "icons"].filter((field) => !manifest[field]).map((field) => `it lacks ${field}`);
    const at = new URL(name, site.base);
    const addresses = [manifest.start_url, ...(manifest.icons ?? []).map((icon) => icon.src)];
    return [...wrong, ...addresses.flatMap((address) => site.lost(new URL(address, at).href))];
  });
  return { read: { manifests: count }, faults };
}
