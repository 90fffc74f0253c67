// @ts-check
// While an author works with `cmc serve --watch`, an open page follows what
// is published. The server says so with a cookie; nobody else runs this.

const every = 1000; // milliseconds

/** @param {string | undefined} shown the release that this page belongs to */
async function follow(shown) {
  try {
    const answer = await fetch("/cmc/release", { cache: "no-store" });
    const served = answer.ok ? await answer.text() : shown;
    if (shown !== undefined && served !== shown) {
      location.reload();
      return;
    }
    shown = served;
  } catch {
    // The server is being restarted; ask again.
  }
  setTimeout(() => follow(shown), every);
}

if (document.cookie.split("; ").includes("cmc-watch=1")) {
  follow(undefined);
}
