// @ts-check
// Tells a reader of a topic, politely, that something is new. The log of
// events is the truth: a socket that breaks is resumed from the last seq, and
// where no socket holds, the log is asked every 30 s or so. Nothing is asked
// while the page is hidden or the device offline, and nothing is missed by it.

const patience = 3; // failures before polling
const interval = 30_000; // ms between polls
const longest = 30_000; // ms between two tries of the socket
const pollsPerTry = 10; // polls before the socket is tried again

/** @param {HTMLElement} note */
export function follow(note) {
  const text = note.querySelector("[role=status]");
  const button = note.querySelector("button");
  const posts = document.querySelector("[data-posts]");
  if (!text || !button || !posts) return;

  const topic = Number(note.dataset.topic);
  let seq = Number(note.dataset.seq);
  let failures = 0;
  let fresh = 0;
  let changed = false;
  /** @type {WebSocket | undefined} */
  let socket;
  /** @type {number | undefined} */
  let timer;
  /** @type {number | undefined} */
  let telling;

  const last = () => Number(posts.lastElementChild?.getAttribute("data-number") ?? 0);
  // The topic's own address: the page may be a form's answer, and is then not to be sent again.
  const page = () => note.dataset.fragment?.replace(/fragment$/, "") + location.search;
  const has = (/** @type {number} */ post) => posts.querySelector(`[data-post="${post}"]`) !== null;

  /** @param {{seq: number, kind: string, topic: number, post?: number}} e */
  function take(e) {
    if (e.seq <= seq) return;
    seq = e.seq;
    if (e.topic !== topic) return;
    const here = e.post !== undefined && has(e.post);
    if (e.kind === "post" && !here) fresh++;
    else if (e.kind === "edit" || e.kind === "remove") changed = changed || here;
    else return;
    // Several at once are one announcement.
    if (telling === undefined) telling = setTimeout(tell, 500);
  }

  function tell() {
    telling = undefined;
    if (!fresh && !changed) return;
    const sentence = fresh === 1 ? note.dataset.one : note.dataset.other?.replace("#", String(fresh));
    text.textContent = fresh ? sentence ?? "" : note.dataset.changed ?? "";
    button.hidden = false;
    note.dataset.shown = "";
  }

  button.addEventListener("click", async () => {
    if (changed || note.dataset.latest) {
      location.assign(note.dataset.latest || page());
      return;
    }
    const before = posts.lastElementChild;
    const answer = await fetch(`${note.dataset.fragment}?after=${last()}`).catch(() => null);
    if (!answer?.ok) {
      location.assign(page()); // signed out meanwhile, or gone: the page says so
      return;
    }
    append(posts, await answer.text());
    const first = before ? before.nextElementSibling : posts.firstElementChild;
    for (let e = first; e; e = e.nextElementSibling) fresh--; // a fragment holds a page at most
    text.textContent = "";
    button.hidden = true;
    delete note.dataset.shown;
    fresh = Math.max(0, fresh);
    tell();
    first?.querySelector("h3")?.focus();
  });

  function connect() {
    const address = new URL(`/forum/ws?after=${seq}`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const mine = (socket = new WebSocket(address));
    const began = Date.now();
    mine.onmessage = (m) => {
      failures = 0;
      take(JSON.parse(m.data));
    };
    mine.onclose = () => {
      if (socket !== mine) return; // we left it ourselves
      socket = undefined;
      failures = Date.now() - began > interval ? 1 : failures + 1;
      later();
    };
  }

  async function poll() {
    try {
      const answer = await fetch(`/forum/events?after=${seq}`, { signal: AbortSignal.timeout(interval) });
      const page = await answer.json();
      for (const e of page.events) take(e);
      seq = page.last;
    } catch {
      // The next poll asks from the same seq.
    }
    failures++;
    later();
  }

  const away = () => document.hidden || !navigator.onLine;

  function later() {
    clearTimeout(timer);
    if (away()) return;
    const spread = 0.5 + Math.random(); // or all would come back at once
    if (failures < patience || failures % pollsPerTry === 0) {
      timer = setTimeout(connect, Math.min(longest, 1000 * 2 ** Math.min(failures, patience)) * spread);
    } else {
      timer = setTimeout(poll, interval * spread);
    }
  }

  function pauseOrResume() {
    if (away()) {
      clearTimeout(timer);
      const left = socket;
      socket = undefined;
      left?.close();
    } else if (!socket) {
      clearTimeout(timer);
      failures = Math.min(failures, patience - 1);
      connect();
    }
  }

  document.addEventListener("visibilitychange", pauseOrResume);
  addEventListener("online", pauseOrResume);
  addEventListener("offline", pauseOrResume);
  pauseOrResume();
}

/** Adds posts that our own server rendered. @param {Element} posts @param {string} html */
function append(posts, html) {
  posts.insertAdjacentHTML("beforeend", html);
}
