// @ts-check
// The forum's enhancements. Every page works without them.
import "./passkey.js";
import { follow } from "./forum-live.js";
import { keep, forget } from "./forum-draft.js";
import { equip } from "./forum-tools.js";

const live = document.querySelector("[data-live]");
if (live instanceof HTMLElement) follow(live);

for (const area of document.querySelectorAll("textarea[data-draft]")) {
  if (!(area instanceof HTMLTextAreaElement)) continue;
  keep(area);
  equip(area);
}

// A draft that is discarded goes from here too.
for (const form of document.querySelectorAll("form[data-forget]")) {
  form.addEventListener("submit", () => forget((_, place) => place === form.getAttribute("data-forget")));
}

// Whoever signs out leaves no text behind on a borrowed machine.
for (const form of document.querySelectorAll('form[action$="/account/sign-out"]')) {
  form.addEventListener("submit", () => forget(() => true));
}
