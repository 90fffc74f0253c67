// @ts-check
// Results while one types or chooses: the server writes the part of the search
// page that changes, and this script puts it in the place of the last one.
// Without it the form and the links load whole pages.

const pause = 300; // ms without a key before asking
const quiet = 900; // ms without a change before a screen reader is told

/** @param {HTMLFormElement} form @param {HTMLElement} answer @param {HTMLElement} status */
function live(form, answer, status) {
  const input = /** @type {HTMLInputElement} */ (form.elements.namedItem("q"));
  /** @type {number | undefined} */
  let timer;
  /** @type {number | undefined} */
  let saying;
  let asking = new AbortController();
  let shown = location.search;
  // Who pays by the byte is asked for no more than they asked for.
  const thrifty = /** @type {{connection?: {saveData?: boolean}}} */ (navigator).connection?.saveData;

  const asked = () => {
    const values = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && value.trim()) values.append(name, value.trim());
    return values.size ? `?${values}` : "";
  };

  /** Shows another answer at the same place, with the focus where it was. @param {string} html */
  const swap = (html) => {
    const focus = document.activeElement;
    const inside = answer.contains(focus);
    const open = [...answer.querySelectorAll("details[id][open]")].map((d) => d.id);
    answer.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    const heading = document.getElementById("search-results-title");
    if (inside) (document.getElementById(focus?.id ?? "") ?? heading)?.focus({ preventScroll: focus?.id !== "" });
    const title = answer.querySelector("[data-title]")?.getAttribute("data-title") ?? "";
    document.title = [title, ...document.title.split(" · ").slice(1)].join(" · ");
    clearTimeout(saying);
    saying = setTimeout(() => (status.textContent = heading?.textContent ?? ""), quiet);
  };

  /** The page in other languages is that of the search that is shown. Links in
      the head stay: who reads them has read them when the page came. */
  const follow = () => {
    for (const link of document.querySelectorAll("header a[hreflang]")) link.setAttribute("href", (link.getAttribute("href") ?? "").replace(/\?.*|$/, location.search));
  };

  /** @param {string} search @param {"push" | "replace" | "none"} history_ @param {boolean} chosen */
  const show = async (search, history_, chosen) => {
    clearTimeout(timer);
    asking.abort();
    if (search === shown) return;
    asking = new AbortController();
    answer.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(answer.dataset.from + search, { signal: asking.signal });
      if (!response.ok) throw new Error(String(response.status));
      const html = await response.text();
      shown = search;
      const address = form.action.replace(/\?.*/, "") + search;
      if (history_ === "push") history.pushState(null, "", address);
      if (history_ === "replace") history.replaceState(null, "", address);
      swap(html);
      follow();
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      if (chosen) location.assign(form.action.replace(/\?.*/, "") + search);
    }
    answer.removeAttribute("aria-busy");
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (!thrifty) timer = setTimeout(() => show(asked(), "replace", false), pause);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show(asked(), "push", true);
  });
  answer.addEventListener("change", () => show(asked(), "push", true));
  answer.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || link.origin + link.pathname !== form.action.replace(/\?.*/, "")) return;
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || (link.hash && link.search === location.search)) return;
    event.preventDefault();
    go(link.search, "push");
  });
  addEventListener("popstate", () => go(location.search, "none"));

  /** @param {string} search @param {"push" | "none"} history_ */
  async function go(search, history_) {
    input.value = new URLSearchParams(search).get("q") ?? "";
    await show(search, history_, true);
    const heading = document.getElementById("search-results-title");
    if (history_ === "push" && document.activeElement === heading) heading?.scrollIntoView({ block: "nearest" });
  }
}

const form = document.getElementById("search-form");
const answer = document.getElementById("search-answer");
const status = document.getElementById("search-status");
if (form instanceof HTMLFormElement && answer && status) live(form, answer, status);
