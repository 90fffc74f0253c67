package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cmc/internal/testkit"
)

// TestANewBuildTakesOver publishes builds with other styles one after another.
// A kept page keeps the styles that it needs, and no longer than it needs them.
func TestANewBuildTakesOver(t *testing.T) {
	testkit.Require(t, "chromium")
	first := builtOfflineSite(t)
	second, third := otherStyles(t, first, "2"), otherStyles(t, first, "3")
	host := newPlainHost(t, first)
	r := newReader(t, host.URL, testkit.BrowserOptions{})
	const path = "/practices/ferry-registrar/"
	r.visit(path)
	r.kept(path)
	old := r.Page().Attrs("link[rel=stylesheet]", "href")[0]

	host.publish(second)
	r.visit("/")
	next := r.Page().Attrs("link[rel=stylesheet]", "href")[0]
	r.until("new worker", fmt.Sprintf(`(await (await fetch("/sw.js")).text()).includes(%q) && await caches.match(%q) && !(await navigator.serviceWorker.getRegistration()).installing && navigator.serviceWorker.controller.state === "activated"`, next, host.URL+next))
	host.put(path, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "later", http.StatusServiceUnavailable) })
	r.visit(path)
	r.Page().Has(".kept-copy")
	var rules int
	r.Eval(`document.styleSheets[0].cssRules.length`, &rules)
	if rules == 0 {
		t.Error("a kept page of an earlier build has lost its styles")
	}

	host.put(path, nil)
	r.visit(path)
	r.until("renewed copy", fmt.Sprintf(`(await (await caches.match(%q)).text()).includes(%q)`, host.URL+path, next))
	r.visit("/")
	host.publish(third)
	r.visit("/")
	r.until("removal of "+old, fmt.Sprintf(`!(await caches.match(%q))`, host.URL+old))
}

// otherStyles copies a built site as a build would be in which only the styles
// are others.
func otherStyles(t *testing.T, from, digit string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	sheets, err := filepath.Glob(filepath.Join(to, "css", "main.*.css"))
	if err != nil || len(sheets) != 1 {
		t.Fatalf("the site has the sheets %q, %v", sheets, err)
	}
	name := filepath.Base(sheets[0])
	other := name[:len("main.")] + strings.Repeat(digit, 8) + name[len("main.")+8:]
	if err := os.Rename(sheets[0], filepath.Join(to, "css", other)); err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(to, func(file string, entry os.DirEntry, err error) error {
		if err != nil || filepath.Ext(file) != ".html" && filepath.Ext(file) != ".js" {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		return os.WriteFile(file, []byte(strings.ReplaceAll(string(text), name, other)), 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// TestWhatWasReadIsBounded fills the store and reads one page more.
func TestWhatWasReadIsBounded(t *testing.T) {
	testkit.Require(t, "chromium")
	host := newPlainHost(t, builtOfflineSite(t))
	for _, full := range []struct {
		name         string
		pages, bytes int // before the visit
		gone, left   string
	}{
		{"by its pages", 200, 10, "/old-0/", "/old-1/"},
		{"by its bytes", 5, 2_000_000, "/old-0/", "/old-1/"},
	} {
		t.Run(full.name, func(t *testing.T) {
			r := newReader(t, host.URL, testkit.BrowserOptions{})
			r.until("a full store", fmt.Sprintf(`await (async () => {
				await caches.delete(location.origin + "/ read");
				const read = await caches.open(location.origin + "/ read");
				for (let i = 0; i < %d; i++) await read.put("/old-" + i + "/", new Response("", { headers: { "Content-Length": "%d" } }));
				return true;
			})()`, full.pages, full.bytes))
			r.visit("/practices/ferry-registrar/")
			r.kept("/practices/ferry-registrar/")
			r.until("room", fmt.Sprintf(`!(await caches.match(%q))`, host.URL+full.gone))
			r.kept(full.left)
		})
	}
}

// TestAPackIsRenewed makes a pack look old, and changes a page of it.
func TestAPackIsRenewed(t *testing.T) {
	testkit.Require(t, "chromium")
	host := newPlainHost(t, builtOfflineSite(t))
	r := newReader(t, host.URL, testkit.BrowserOptions{})
	r.visit("/countries/")
	path := r.Page().Attrs(`main a[href^="/countries/"][href$="/"]`, "href")[0]
	r.visit(path)
	r.Click("[data-pack] button")
	r.until("kept pack", `document.querySelector("[data-pack] button[aria-pressed=true]")`)
	held := fmt.Sprintf(`(await caches.open(location.origin + "/ pack " + %q))`, host.URL+path)
	r.until("older pack", `await (async () => {
		const cache = `+held+`;
		const pack = await (await cache.match("/offline/pack.json")).json();
		await cache.put("/offline/pack.json", new Response(JSON.stringify({ ...pack, date: "2020-01-01T00:00:00Z" })));
		await cache.put("/no-longer-there/", new Response(""));
		return true;
	})()`)
	r.visit("/search/")
	r.until("renewed pack", `(await (await `+held+`.match("/offline/pack.json")).json()).date > "2021"`)
	r.until("pack without what it no longer leads to", `!(await `+held+`.match("/no-longer-there/"))`)
}
