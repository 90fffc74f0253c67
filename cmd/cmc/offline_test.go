package main

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
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

// builtSite builds a site for hosts without the program and returns its folder.
func builtSite(t *testing.T, root string) string {
	t.Helper()
	out := t.TempDir()
	var said strings.Builder
	c := newRoot(&said, &said)
	c.SetArgs([]string{"build", "-C", root, "--state", t.TempDir(), "--out", out})
	if err := c.ExecuteContext(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	return out
}

// offlineSite is the small site with what offline reading needs of a home page.
func offlineSite(t *testing.T) string {
	t.Helper()
	root := smallSite(t)
	config, err := os.ReadFile(root + "/config.toml")
	if err != nil {
		t.Fatal(err)
	}
	stated := regexp.MustCompile(`(?m)^home = .*$`)
	if !stated.Match(config) {
		t.Fatal("the small site no longer says what is made of its home page")
	}
	config = stated.ReplaceAll(config, []byte(`home = ["html", "frame", "offline", "manifest"]`))
	if err := os.WriteFile(root+"/config.toml", config, 0o644); err != nil {
		t.Fatal(err)
	}
	return root
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
}

// TestOnePageOfEachKindThatMayNotBeKept serves pages from a plain host that
// breaks one rule each; each is refused for that reason alone.
func TestOnePageOfEachKindThatMayNotBeKept(t *testing.T) {
	testkit.Require(t, "chromium")
	out := builtSite(t, offlineSite(t))
	page, err := os.ReadFile(out + "/practices/ferry-registrar/index.html")
	if err != nil {
		t.Fatal(err)
	}
	unmarked := strings.Replace(string(page), `name="kept-copy"`, `name="x"`, 1)
	quoting := strings.Replace(unmarked, "</main>", `<meta name="kept-copy" lang="en" content="#"></main>`, 1)
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(out)))
	answer := func(path, header, value, body string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if header != "" {
				w.Header().Set(header, value)
			}
			fmt.Fprint(w, body)
		})
	}
	forbidden := map[string]string{}
	for _, rule := range []struct{ path, header, value, body string }{
		{"/private/", "Cache-Control", "private, max-age=60", string(page)},
		{"/no-store/", "Cache-Control", "no-cache, no-store", string(page)},
		{"/by-cookie/", "Vary", "Accept-Encoding, Cookie", string(page)},
		{"/by-anything/", "Vary", "*", string(page)},
		{"/without-mark/", "", "", unmarked},
		{"/mark-in-text/", "", "", quoting},
		{"/forum/", "Cache-Control", "public", string(page)},
		{"/es/account/", "Cache-Control", "public", string(page)},
		{"/desk/", "Cache-Control", "public", string(page)},
		{"/api/", "Cache-Control", "public", string(page)},
	} {
		answer(rule.path, rule.header, rule.value, rule.body)
		forbidden[rule.path] = rule.value
	}
	answer("/plain/", "", "", string(page))
	answer("/public/", "Cache-Control", "public, max-age=60", string(page))
	mux.Handle("/moved/", http.RedirectHandler("/plain/", http.StatusFound))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)

	r := newReader(t, server.URL, testkit.BrowserOptions{})
	for path := range forbidden {
		r.visit(path)
	}
	r.visit("/moved/")
	r.visit("/public/")
	r.visit("/plain/")
	r.kept("/plain/")
	r.kept("/public/")
	stored := r.stored()
	for path, value := range forbidden {
		if slices.Contains(stored, path) {
			t.Errorf("%s (%s) is kept", path, value)
		}
	}
	if slices.Contains(stored, "/moved/") {
		t.Error("a redirection is kept under its own address")
	}
}
