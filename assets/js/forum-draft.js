// @ts-check
// A text that is being written is kept in this browser and, a moment later, by
// the server, until the forum shows it as a post: every post of the reader's
// own carries the client id with which it was sent, and that alone proves that
// it arrived. Where the two hold different texts the newer one is shown and the
// other is offered; nothing is replaced unseen.

const prefix = "draft:";
const life = 30 * 24 * 3600 * 1000; // milliseconds
const pause = 3000; // ms without a keystroke before the server is told

/** @typedef {Record<string, string>} Fields */
/** @typedef {{fields: Fields, client: string, at: number, version: string}} Draft */

/** @param {string} key @returns {Draft | null} */
function read(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? "null");
    return draft?.fields ? draft : null;
  } catch {
    return null; // no storage here, or not ours
  }
}

/** Takes away every draft for which drop says so. @param {(d: Draft | null, place: string) => boolean} drop */
export function forget(drop) {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(prefix) && drop(read(key), key.slice(prefix.length))) localStorage.removeItem(key);
    }
  } catch {
    // no storage here
  }
}

/** The fields in which people write. @param {HTMLFormElement} form */
function written(form) {
  return [...form.querySelectorAll("textarea, input[type=text], input[type=date]")].filter(
    (e) => e instanceof HTMLTextAreaElement || e instanceof HTMLInputElement,
  );
}

/** @param {HTMLFormElement} form @returns {Fields} */
const fieldsOf = (form) => Object.fromEntries(written(form).map((e) => [e.name, e.value]));

/** @param {Fields} a @param {Fields} b */
const same = (a, b) => Object.keys(a).every((name) => (a[name] ?? "").replaceAll("\r", "") === (b[name] ?? "").replaceAll("\r", ""));

/** @param {HTMLTextAreaElement} area */
export function keep(area) {
  const form = area.form;
  const note = form?.querySelector("[data-draft-note]");
  const client = form?.elements.namedItem("client");
  const saved = form?.elements.namedItem("saved");
  if (!form || !(note instanceof HTMLElement) || !(client instanceof HTMLInputElement) || !(saved instanceof HTMLInputElement)) return;
  const key = prefix + area.dataset.draft;
  /** @type {number | undefined} */
  let timer;
  let ended = false; // the server takes no more until the writer has chosen, or signed in

  const show = (/** @type {Fields} */ fields) => {
    for (const e of written(form)) if (e.name in fields) e.value = fields[e.name];
  };

  /** Says something, aloud, and offers another version of the text. @param {string} text @param {Fields} [other] @param {string} [version] */
  function tell(text, other, version) {
    note.setAttribute("role", "status");
    note.textContent = text;
    if (!other) return;
    const swap = document.createElement("button");
    swap.type = "button";
    swap.className = "button-link";
    swap.textContent = area.dataset.other ?? "";
    swap.addEventListener("click", () => {
      const mine = fieldsOf(form);
      show(other);
      other = mine;
      if (version !== undefined) saved.value = version;
      ended = false;
      store();
    });
    note.append(" ", swap);
  }

  function store() {
    try {
      const fields = fieldsOf(form);
      if (!Object.values(fields).some((v) => v.trim())) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify({ fields, client: client.value, at: Date.now(), version: saved.value }));
    } catch {
      // Full or forbidden: the text stays in the form.
    }
  }

  async function send() {
    clearTimeout(timer);
    timer = undefined;
    if (ended) return;
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    // keepalive: the page may be going away.
    const answer = await fetch(area.dataset.save ?? "", { method: "POST", body, headers: { Accept: "application/json" }, keepalive: body.toString().length < 60_000 }).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (!answer || !told) return; // no line: the browser has it, and the next word tries again
    if (answer.ok) {
      saved.value = told.version;
      note.removeAttribute("role");
      note.textContent = told.note;
      if (localDraft()) store();
    } else if (answer.status === 409) {
      ended = true;
      tell(told.note, told.fields, told.version);
    } else if (answer.status === 401) {
      ended = true;
      tell(area.dataset.ended ?? "");
    } else {
      tell(told.error ?? "");
    }
  }

  const localDraft = () => read(key);
  const draft = localDraft();
  if (draft && "fresh" in area.dataset && !same(draft.fields, fieldsOf(form))) {
    const server = fieldsOf(form);
    const known = draft.version === saved.value || saved.value === "0";
    // What was written after the version that the server keeps is newer; of two
    // that went separate ways, the clock decides which is seen first.
    if (known || draft.at > Number(saved.value)) {
      show(draft.fields);
      tell(area.dataset.restored ?? "", known ? undefined : server);
    } else {
      tell(note.textContent ?? "", draft.fields);
    }
    // What the page was asked to quote was not in it yet.
    const quote = area.dataset.quote ?? "";
    if (!area.value.includes(quote)) area.value = `${area.value.trimEnd()}\n\n${quote}`;
    // The same id: should the first sending have arrived, this one adds nothing.
    if (known) client.value = draft.client;
  }
  form.addEventListener("input", () => {
    store();
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    timer = undefined;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && timer !== undefined) send();
  });
}

const arrived = new Set([...document.querySelectorAll("[data-client]")].map((e) => e.getAttribute("data-client")));
forget((d) => !d || arrived.has(d.client) || !(Date.now() - d.at < life));
