package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cmc/internal/testkit"
)

// reader is a browser with the site's worker.
type reader struct {
	*testkit.Browser
	t    *testing.T
	base string
}

// newReader opens the home page and waits until the worker stands behind every
// further page.
func newReader(t *testing.T, base string, opt testkit.BrowserOptions) reader {
	t.Helper()
	testkit.Require(t, "chromium")
	r := reader{testkit.NewBrowser(t, opt), t, base}
	r.visit("/")
	r.until("the worker", `Boolean(navigator.serviceWorker.controller)`)
	r.kept("/")
	return r
}

func (r reader) visit(path string) {
	r.t.Helper()
	r.Open(r.base + path)
}

// until waits for an expression to be true in the page.
func (r reader) until(what, expression string) {
	r.t.Helper()
	var holds bool
	r.EvalAsync(`(async () => {
		for (let n = 0; n < 600; n++) {
			if (`+expression+`) return true;
			await new Promise((again) => setTimeout(again, 50));
		}
		return false;
	})()`, &holds)
	if !holds {
		r.t.Fatalf("%s: no %s within half a minute; kept: %q", r.Path(), what, r.stored())
	}
}

// kept waits until a page is in a store of the device.
func (r reader) kept(path string) {
	r.t.Helper()
	r.until("copy of "+path, fmt.Sprintf(`await caches.match(%q)`, r.base+path))
}

// stored lists everything that the device keeps, as paths.
func (r reader) stored() []string {
	r.t.Helper()
	var all []string
	r.EvalAsync(`(async () => {
		const all = [];
		for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) all.push(new URL(url).pathname);
		return all.sort();
	})()`, &all)
	return all
}

func TestWhatWasReadIsThereWithoutTheSite(t *testing.T) {
	testkit.Require(t, "chromium")
	server := launch(t, wholeSite(t))
	r := newReader(t, server.address(), testkit.BrowserOptions{})
	for _, path := range []string{"/practices/rrtm/", "/es/countries/bhs/"} {
		r.visit(path)
		r.kept(path)
		r.Page().Lacks(".kept-copy")
	}
	server.kill()

	r.visit("/practices/rrtm/?from=mail#main")
	r.Page().Has("main .kept-copy[role=status]", "Copy of ").Has("main h1")
	r.visit("/")
	r.Page().Has("main .kept-copy time")
	r.visit("/es/countries/bhs/")
	r.Page().Has("main .kept-copy", "Copia del ").Lacks(".kept-copy", "Copy")
	r.Axe()
	var styled bool
	r.Eval(`getComputedStyle(document.querySelector(".kept-copy .notice")).borderInlineStartStyle === "solid"`, &styled)
	if !styled {
		t.Error("a kept page has lost its styles")
	}

	for path, says := range map[string]string{
		"/practices/cym-reception/":    "does not keep the page",
		"/es/practices/rrtm/":          "no guarda la página",
		"/forum/":                      "does not keep the page",
		"/nl/search/?q=asiel":          "bewaart de gevraagde pagina niet",
		"/fr/account/sign-in?next=%2F": "ne garde pas la page",
	} {
		r.visit(path)
		r.WaitText("main [data-not-kept]:not([hidden])", says)
		r.until("list of what was read", `document.querySelectorAll("[data-read] li").length === 3`)
		r.Axe()
	}
	r.Click("[data-forget]")
	r.until("empty list", `document.querySelectorAll("[data-read] li").length === 0 && document.activeElement.textContent !== ""`)
	if got := r.stored(); slices.Contains(got, "/practices/rrtm/") {
		t.Errorf("what was forgotten is still kept: %q", got)
	}
}

// TestAPackIsThereWithoutTheSite keeps a country, a theme and a meeting and
// opens every page of theirs.
func TestAPackIsThereWithoutTheSite(t *testing.T) {
	testkit.Require(t, "chromium")
	server := launch(t, wholeSite(t))
	r := newReader(t, server.address(), testkit.BrowserOptions{Width: 360, Height: 740})
	first := ""
	var links []string
	for _, pack := range []string{"/countries/", "/es/themes/", "/meetings/"} {
		r.visit(pack)
		path := r.Page().Attrs(`main a[href^="`+pack+`"][href$="/"]:not([href="`+pack+`"])`, "href")[0]
		first = cmp.Or(first, path)
		r.visit(path)
		r.Page().Has("[data-pack] button[aria-pressed=false]")
		r.Click("[data-pack] button")
		r.until("kept pack", `document.querySelector("[data-pack] button[aria-pressed=true]")`)
		r.Page().Has("[data-pack] [role=status]", "MB")
		r.Axe()
		links = append(links, path)
		for _, link := range r.Page().Attrs("main a[href]", "href") {
			link, _, _ = strings.Cut(link, "#")
			if strings.HasPrefix(link, "/") && strings.HasSuffix(link, "/") && !strings.Contains(link, "/forum/") && !strings.HasSuffix(link, "/offline/") {
				links = append(links, link)
			}
		}
	}
	server.kill()

	slices.Sort(links)
	links = slices.Compact(links)
	if len(links) < 20 {
		t.Errorf("three packs lead to %d pages only: %q", len(links), links)
	}
	for _, link := range links {
		r.visit(link)
		if page := r.Page(); len(page.Texts("main .kept-copy")) != 1 {
			t.Errorf("%s is not kept: %q", link, page.Texts("main h1"))
		}
	}
	r.visit("/offline/")
	r.until("list of packs", `document.querySelectorAll("[data-packs] li").length === 3`)
	r.Page().Has("[data-packs] li a[lang=es]").Has("[data-packs] li span", "MB")
	r.Axe()
	r.Click(`[data-packs] li:has(a[href$="` + first + `"]) button`)
	r.until("two packs", `document.querySelectorAll("[data-packs] li").length === 2`)
	r.Page().Has("[data-offline-list] > [role=status]", "Removed: ")
}

// TestNothingForMembersIsKept signs in, reads in confidence, signs out, and
// looks through all that the device keeps.
func TestNothingForMembersIsKept(t *testing.T) {
	testkit.Require(t, "chromium")
	server := launch(t, wholeSite(t))
	r := newReader(t, server.address(), testkit.BrowserOptions{})
	w := walker{t, server, true}
	w.signIn(r.Browser, "Ana", "ana@bhs.example", "BHS")
	r.visit("/practices/rrtm/")
	r.kept("/practices/rrtm/")
	r.Follow(".discuss a")
	r.Click("main input[name=room][value=delegations]")
	r.Fill("main textarea[name=body]", "A confidence that must not stay on the device.")
	r.Follow(`main form:has(textarea[name=body]) button[type=submit]`)
	r.WaitText(".post-body", "A confidence")
	topic, _, _ := strings.Cut(r.Path(), "?")
	for _, path := range []string{topic, "/forum/", "/es/forum/", "/forum/rooms/delegations/", "/account/", "/search/?q=confidence", "/countries/bhs/"} {
		r.visit(path)
	}
	r.kept("/countries/bhs/") // what came before it has had its chance
	r.visit("/account/sign-out")
	r.Follow("main form button")
	rooms := []string{"/forum", "/account", "/desk", "/search", "/api"}
	for _, path := range r.stored() {
		for _, room := range rooms {
			if strings.HasPrefix(path, room) || strings.HasPrefix(path[min(3, len(path)):], room) {
				t.Errorf("the device keeps %s", path)
			}
		}
	}
	var confidence bool
	r.EvalAsync(`(async () => {
		for (const name of await caches.keys()) for (const kept of await (await caches.open(name)).matchAll())
			if (/A confidence that must not|ana@bhs/.test(await kept.text())) return true;
		return false;
	})()`, &confidence)
	if confidence {
		t.Error("the words of a member are kept on the device")
	}

	server.kill() // whoever opens the browser next is shown nothing of it
	r.visit(topic)
	r.WaitText("main [data-not-kept]:not([hidden])", "does not keep the page")
	r.Page().Lacks("body", "A confidence")
}
