// @ts-check
// Suggestions while one types: a combobox with a list, after the ARIA pattern.
// Without this script the form simply searches.

const pause = 120; // ms without a key before asking
const shortest = 2;

/** @param {HTMLInputElement} input @param {number} number */
function combobox(input, number) {
  const form = input.form;
  if (!form) return;
  const list = document.createElement("ul");
  list.className = "suggest-list";
  list.id = `suggest-${number}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels?.[0]?.textContent ?? "");
  const box = document.createElement("div");
  box.className = "suggest";
  const focused = document.activeElement === input;
  input.replaceWith(box);
  const said = document.createElement("span");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  box.append(input, list, said);
  if (focused) input.focus();
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })) {
    input.setAttribute(name, value);
  }

  /** @type {number | undefined} */
  let timer;
  let asking = new AbortController();
  let active = -1;

  const close = () => {
    clearTimeout(timer);
    asking.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    said.textContent = "";
  };

  /** @param {{text: string, url: string, kind?: string}[]} suggestions @param {string} number */
  const show = (suggestions, number) => {
    close();
    list.replaceChildren(...suggestions.map((s, i) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${i}`;
      const kind = document.createElement("span");
      kind.className = "suggest-kind";
      kind.textContent = s.kind ?? "";
      option.append(s.text, " ", kind);
      option.dataset.url = s.url;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      return option;
    }));
    list.hidden = suggestions.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (!list.hidden) said.textContent = number;
  };

  const ask = async () => {
    asking.abort();
    asking = new AbortController();
    const q = input.value.trim();
    if (q.length < shortest) return close();
    try {
      const answer = await fetch(`/api/suggest?${new URLSearchParams({ q, ui: document.documentElement.lang })}`, { signal: asking.signal });
      if (!answer.ok || document.activeElement !== input) return;
      const { suggestions, said: number } = await answer.json();
      show(suggestions, number);
    } catch {
      // Aborted by the next key, or offline: the form still searches.
    }
  };

  /** @param {number} step */
  const move = (step) => {
    const options = list.children;
    options[active]?.setAttribute("aria-selected", "false");
    // One place more than options: there the typed text is what counts.
    active = ((active + 1 + step + options.length + 1) % (options.length + 1)) - 1;
    const option = options[active];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  };

  /** @param {Element | null | undefined} option */
  const open = (option) => {
    if (option instanceof HTMLElement && /^\/(?!\/)/.test(option.dataset.url ?? "")) location.assign(option.dataset.url ?? "");
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, pause);
  });
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (list.hidden) {
      if (event.key === "ArrowDown" && input.value.trim().length >= shortest) ask();
      return;
    }
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && active >= 0) open(list.children[active]);
    else {
      if (event.key === "Home" || event.key === "End" || event.key === "ArrowLeft" || event.key === "ArrowRight") move(-active - 1);
      return; // the key does in the text what it does anywhere
    }
    event.preventDefault();
  });
  // Before the click takes the focus away and with it the list.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => open(event.target instanceof Element ? event.target.closest("li") : null));
}

/** @type {NodeListOf<HTMLInputElement>} */
const inputs = document.querySelectorAll("input[data-suggest], form[role=search] input[name=q]");
// A copy of the site in a folder has nobody to ask.
if (document.documentElement.dataset.copy === undefined) inputs.forEach(combobox);
