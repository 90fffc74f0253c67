// @ts-check
// The button that keeps a page and all that it leads to.
import { keepPack, packs, removePack } from "./offline-pack.js";
import { stateOf } from "./offline-words.js";

/** @import { Shelf } from "./offline-shelf.js" */

/** @param {Shelf} shelf @param {HTMLElement} box @param {string} here key of this page */
export async function offer(shelf, box, here) {
  const button = box.querySelector("button");
  const status = box.querySelector("[role=status]");
  const progress = box.querySelector("progress");
  if (!button || !status || !progress) return;

  const show = async (before = "") => {
    const pack = (await packs(shelf)).find(({ url }) => url === here);
    button.setAttribute("aria-pressed", String(Boolean(pack && pack.pages >= pack.of)));
    status.textContent = before + (pack ? stateOf(box.dataset, pack) : "");
  };
  const keep = async () => {
    status.textContent = box.dataset.working ?? "";
    progress.hidden = false;
    navigator.storage.persist?.(); // asks the browser to spare what was chosen; a no changes nothing here
    const failed = await keepPack(shelf, here, (done, of) => Object.assign(progress, { value: done, max: of })).then(() => "", () => `${box.dataset.failed} `);
    progress.hidden = true;
    await show(failed);
  };
  const remove = async () => {
    await removePack(shelf, here);
    await show();
  };
  let busy = false;
  button.addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    await (button.getAttribute("aria-pressed") === "true" ? remove() : keep());
    busy = false;
  });
  await show();
  box.hidden = false;
}
