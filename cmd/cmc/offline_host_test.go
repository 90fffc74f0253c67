package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"cmc/internal/testkit"
)

// builtOfflineSite is offlineSite as any host has it; tests put what they need
// otherwise over it.
func builtOfflineSite(t *testing.T) string {
	t.Helper()
	return common.offline.get(t, func() string {
		out := filepath.Join(common.dir, "offline")
		buildInto(t, offlineSite(t), out)
		return out
	})
}

// builtSite builds a site for hosts without the program and returns its folder.
func builtSite(t *testing.T, root string) string {
	t.Helper()
	out := t.TempDir()
	buildInto(t, root, out)
	return out
}

func buildInto(t *testing.T, root, out string) {
	t.Helper()
	var said strings.Builder
	c := newRoot(&said, &said)
	c.SetArgs([]string{"build", "-C", root, "--state", t.TempDir(), "--out", out})
	if err := c.ExecuteContext(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
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

// plainHost serves a built site without the program, and what a test puts over
// it.
type plainHost struct {
	*httptest.Server
	mu   sync.Mutex
	dir  string
	over map[string]http.HandlerFunc
}

func newPlainHost(t *testing.T, dir string) *plainHost {
	t.Helper()
	h := &plainHost{dir: dir, over: map[string]http.HandlerFunc{}}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		dir, over := h.dir, h.over[r.URL.Path]
		h.mu.Unlock()
		if over != nil {
			over(w, r)
			return
		}
		// Or the browser would guess how long a file is good for, and the
		// server take two files of one second for the same.
		w.Header().Set("Cache-Control", "no-cache")
		r.Header.Del("If-Modified-Since")
		http.FileServer(http.Dir(dir)).ServeHTTP(w, r)
	}))
	t.Cleanup(h.Close)
	return h
}

// publish makes the host serve another build.
func (h *plainHost) publish(dir string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.dir = dir
}

// put answers a path otherwise; nil ends that.
func (h *plainHost) put(path string, answer http.HandlerFunc) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.over[path] = answer
}

// TestOnePageOfEachKindThatMayNotBeKept serves pages from a plain host that
// breaks one rule each; each is refused for that reason alone.
func TestOnePageOfEachKindThatMayNotBeKept(t *testing.T) {
	testkit.Require(t, "chromium")
	out := builtOfflineSite(t)
	page, err := os.ReadFile(out + "/practices/ferry-registrar/index.html")
	if err != nil {
		t.Fatal(err)
	}
	unmarked := strings.Replace(string(page), `name="kept-copy"`, `name="x"`, 1)
	quoting := strings.Replace(unmarked, "</main>", `<meta name="kept-copy" lang="en" content="#"></main>`, 1)
	host := newPlainHost(t, out)
	answer := func(path, header, value, body string) {
		host.put(path, func(w http.ResponseWriter, _ *http.Request) {
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
	host.put("/moved/", http.RedirectHandler("/plain/", http.StatusFound).ServeHTTP)

	r := newReader(t, host.URL, testkit.BrowserOptions{})
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

// TestAPackTakesOnlyWhatIsForEverybody keeps a page that also leads to what is
// not, and to what an absent cookie turns into a sign-in.
func TestAPackTakesOnlyWhatIsForEverybody(t *testing.T) {
	testkit.Require(t, "chromium")
	out := builtOfflineSite(t)
	host := newPlainHost(t, out)
	pages, err := filepath.Glob(filepath.Join(out, "countries", "*", "index.html"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("the small site has no country: %v", err)
	}
	text, err := os.ReadFile(pages[0])
	if err != nil {
		t.Fatal(err)
	}
	const links = `<a href="/signed-in/">a</a><a href="/secret/">b</a><a href="/forum/">c</a><a href="/practices/#top">d</a></main>`
	pack := strings.Replace(string(text), "</main>", links, 1)
	path := "/countries/" + filepath.Base(filepath.Dir(pages[0])) + "/"
	host.put(path, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, pack) })
	host.put("/signed-in/", http.RedirectHandler("/practices/", http.StatusFound).ServeHTTP)
	host.put("/forum/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, pack) })
	host.put("/secret/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "private")
		fmt.Fprint(w, pack)
	})
	r := newReader(t, host.URL, testkit.BrowserOptions{})
	r.visit(path)
	r.Click("[data-pack] button")
	r.until("kept pack", `document.querySelector("[data-pack] button[aria-pressed=true]")`)
	stored := r.stored()
	for path, want := range map[string]bool{path: true, "/practices/": true, "/signed-in/": false, "/secret/": false, "/forum/": false} {
		if got := slices.Contains(stored, path); got != want {
			t.Errorf("the pack holds %s: %v, want %v", path, got, want)
		}
	}
}

// TestACopyIsForgottenWhenItsPageIsNotForEverybodyAnyMore keeps a page, and then
// opens it again.
func TestACopyIsForgottenWhenItsPageIsNotForEverybodyAnyMore(t *testing.T) {
	testkit.Require(t, "chromium")
	host := newPlainHost(t, builtOfflineSite(t))
	r := newReader(t, host.URL, testkit.BrowserOptions{})
	const path = "/practices/ferry-registrar/"
	for name, answer := range map[string]http.HandlerFunc{
		"moved behind a sign-in": http.RedirectHandler("/search/", http.StatusSeeOther).ServeHTTP,
		"said to be private": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "private")
			fmt.Fprint(w, "<!doctype html><title>x</title>")
		},
	} {
		host.put(path, nil)
		r.visit(path)
		r.kept(path)
		host.put(path, answer)
		r.visit(path)
		r.until("forgetting of what is "+name, fmt.Sprintf(`!(await caches.match(%q))`, host.URL+path))
	}
}

// TestASlowSiteIsNotWaitedFor holds the answer back, and then answers that the
// site is out of order: a kept page is shown either way.
func TestASlowSiteIsNotWaitedFor(t *testing.T) {
	testkit.Require(t, "chromium")
	host := newPlainHost(t, builtOfflineSite(t))
	r := newReader(t, host.URL, testkit.BrowserOptions{})
	const path = "/practices/ferry-registrar/"
	r.visit(path)
	r.kept(path)
	stuck := make(chan struct{})
	host.put(path, func(http.ResponseWriter, *http.Request) {
		<-stuck
		panic(http.ErrAbortHandler) // the line breaks in the end
	})
	r.visit(path)
	close(stuck)
	r.Page().Has(".kept-copy", "Copy of ").Has("main h1")
	host.put(path, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "later", http.StatusServiceUnavailable) })
	r.visit(path)
	r.Page().Has(".kept-copy", "Copy of ").Has("main h1")
	host.put(path, nil)
	r.visit(path)
	r.Page().Lacks(".kept-copy").Has("main h1")
}

// TestASiteBelowAPathKeepsItsPages serves a site in a folder of a host whose
// other folders belong to others.
func TestASiteBelowAPathKeepsItsPages(t *testing.T) {
	testkit.Require(t, "chromium")
	root := offlineSite(t)
	config, err := os.ReadFile(root + "/config.toml")
	if err != nil {
		t.Fatal(err)
	}
	config = []byte(strings.Replace(string(config), `baseURL = "/"`, `baseURL = "https://lake.example/kb/"`, 1))
	if err := os.WriteFile(root+"/config.toml", config, 0o644); err != nil {
		t.Fatal(err)
	}
	out := builtSite(t, root)
	mux := http.NewServeMux()
	mux.Handle("/kb/", http.StripPrefix("/kb", http.FileServer(http.Dir(out))))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	r := newReader(t, server.URL+"/kb", testkit.BrowserOptions{})
	r.visit("/es/practices/")
	r.kept("/es/practices/")
	server.CloseClientConnections()
	server.Close()
	r.visit("/es/practices/")
	r.Page().Has(".kept-copy", "Copia del ")
	r.visit("/es/meetings/")
	r.WaitText("[data-not-kept]:not([hidden])", "no guarda")
	for _, path := range r.stored() {
		if !strings.HasPrefix(path, "/kb/") {
			t.Errorf("the device keeps %s, which is not the site's", path)
		}
	}
}
