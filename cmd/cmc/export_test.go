package main

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cmc/internal/i18n"
	"cmc/internal/testkit"
)

// exportSite writes a copy of a site and opens it.
func exportSite(t *testing.T, root string, flags ...string) (*zip.ReadCloser, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "copy.zip")
	writeCopy(t, root, file, flags...)
	return openCopy(t, file), file
}

// wholeCopy is a copy of the whole site that can be searched.
func wholeCopy(t *testing.T) *zip.ReadCloser {
	t.Helper()
	return openCopy(t, common.copy.get(t, func() string {
		file := filepath.Join(common.dir, "copy.zip")
		writeCopy(t, wholeSite(t), file, "--offline")
		return file
	}))
}

func writeCopy(t *testing.T, root, file string, flags ...string) {
	t.Helper()
	var said bytes.Buffer
	c := newRoot(&said, &said)
	c.SetArgs(append([]string{"export", "-C", root, "--state", t.TempDir(), "--date", "2026-05-31", file}, flags...))
	if err := c.ExecuteContext(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
}

func openCopy(t *testing.T, file string) *zip.ReadCloser {
	t.Helper()
	archive, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { archive.Close() })
	return archive
}

func TestEveryLinkOfACopyLeadsToAFileInIt(t *testing.T) {
	plain, _ := exportSite(t, wholeSite(t))
	for name, archive := range map[string]*zip.ReadCloser{"plain": plain, "with search": wholeCopy(t)} {
		t.Run(name, func(t *testing.T) {
			texts, places := map[string][]byte{}, map[string]map[string]bool{}
			for _, f := range archive.File {
				texts[f.Name] = read(t, f)
				places[f.Name] = map[string]bool{}
				if path.Ext(f.Name) == ".html" {
					for _, id := range testkit.HTML(t, texts[f.Name]).Attrs("[id]", "id") {
						places[f.Name][id] = true
					}
				}
			}
			pages := 0
			for name, text := range texts {
				if path.Ext(name) != ".html" {
					continue
				}
				pages++
				document := testkit.HTML(t, text)
				for _, attribute := range []string{"href", "src", "action", "data-root"} {
					for _, address := range document.Attrs("["+attribute+"]", attribute) {
						if !answers(texts, places, name, address) {
							t.Errorf("%s: %s=%q leads to nothing in the copy", name, attribute, address)
						}
					}
				}
				document.Lacks(`meta[name="kept-copy"], link[rel="manifest"], .pack`)
				if document.Attrs("html", "lang")[0] == "en" && bytes.Contains(text, []byte("<main")) {
					document.Has("main", "This is a copy of 31 May 2026")
				}
			}
			if pages < 100 || texts["index.html"] == nil {
				t.Errorf("the copy holds %d pages, index.html: %v", pages, texts["index.html"] != nil)
			}
			for _, name := range []string{"card.png", "sw.js", "manifest.webmanifest", "es/offline/index.html"} {
				if texts[name] != nil {
					t.Errorf("the copy holds %s, which means nothing in a folder", name)
				}
			}
			if got, want := texts[offlineIndexName] != nil, archive != plain; got != want {
				t.Errorf("the copy has an index: %v, want %v", got, want)
			}
		})
	}
}

// answers tells whether an address on a page is another site's, or a file of the
// copy, with the place in it that the address names. places holds the ids of
// each page.
func answers(texts map[string][]byte, places map[string]map[string]bool, page, address string) bool {
	u, err := url.Parse(address)
	if err != nil || strings.HasPrefix(address, "/") {
		return false
	}
	if u.Scheme != "" {
		return true
	}
	target := page
	if u.Path != "" {
		target = path.Join(path.Dir(page), u.Path)
	}
	return texts[target] != nil && (u.Fragment == "" || places[target][u.Fragment])
}

func TestAPageIsRewrittenForAFolder(t *testing.T) {
	texts, err := i18n.Load(house(wholeSite(t)), "en")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]bool{"index.html": true, "practices/a/index.html": true, "js/main.js": true, "css/main.css": true}
	for _, test := range []struct{ name, base, before, after string }{
		{"a page", "/", `<a href="/practices/a/#par-1">`, `<a href="../../practices/a/index.html#par-1">`},
		{"a page without its slash, with a query", "/", `<a href="/practices/a?x=1">`, `<a href="../../practices/a/index.html?x=1">`},
		{"a site below a path", "https://x.example/kb/", `<a href="/kb/practices/a/">`, `<a href="../../practices/a/index.html">`},
		{"another site", "/", `<a href="https://y.example/practices/a/">`, `<a href="https://y.example/practices/a/">`},
		{"a place on the page", "/", `<a href="#par-1">`, `<a href="#par-1">`},
		{"a room of the server, at a known address", "https://x.example/kb/", `<a href="/kb/forum/discuss?record=a">`, `<a href="https://x.example/kb/forum/discuss?record=a">`},
		{"a room of the server, at an unknown one", "/", `<a href="/forum/">Forum</a>`, `<a hidden="">Forum</a>`},
		{"the same in a sentence", "/", `<p>In the <a href="/forum/">forum</a>.</p>`, `<p>In the <a>forum</a>.</p>`},
		{"what only leads there", "/", `<aside class="discuss"><p>Ask.</p><a href="/forum/">Ask</a></aside><p>b</p>`, `<p>b</p>`},
		{"the root", "/", `<html lang="en">`, `<html lang="en" data-copy="">`},
		{"the worker", "/", `<meta name="kept-copy" lang="en" content="Copy of #." data-worker="/sw.js"><br>`, `<br>`},
		{"the button to keep a page", "/", `<div class="pack" data-pack hidden><button>Keep</button></div><p>b</p>`, `<p>b</p>`},
		{"a feed in the head", "/", `<link rel="alternate" href="/index.xml"><br>`, `<br>`},
		{"the picture of a link preview", "/", `<meta property="og:image" content="/practices/a/card.png"><br>`, `<br>`},
		{"a module", "/", `<script type="module" src="/js/main.js" integrity="sha256-x"></script>`, `<script defer="" src="../../js/main.js"></script>`},
		{"a redirection", "/", `<meta http-equiv="refresh" content="0; url=/">`, `<meta http-equiv="refresh" content="0; url=../../index.html">`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := &copyTree{files: files, texts: texts}
			c.base, c.root = publicAddress(test.base)
			got, err := c.rewritePage("practices/a/index.html", []byte(test.before))
			if err != nil || string(got) != test.after {
				t.Errorf("%s\nbecomes %s, %v\nwant    %s", test.before, got, err, test.after)
			}
		})
	}
	c := &copyTree{files: map[string]bool{"images/chart.svg": true}}
	if got := string(c.rewriteStyles("css/main.css", []byte(`a{b:url("/images/chart.svg")}`))); got != "a{b:url(../images/chart.svg)}" {
		t.Errorf("a style sheet becomes %s", got)
	}
}

func read(t *testing.T, f *zip.File) []byte {
	t.Helper()
	in, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	text, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestTheSameSiteGivesTheSameCopy(t *testing.T) {
	_, first := exportSite(t, smallSite(t), "--offline")
	_, second := exportSite(t, smallSite(t), "--offline")
	a, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(second)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Errorf("two copies of one site differ: %d and %d bytes", len(a), len(b))
	}
}

func TestAnOfflineIndexIsSmall(t *testing.T) {
	const budget = 150 // bytes of the ZIP for a paragraph
	archive := wholeCopy(t)
	i := slices.IndexFunc(archive.File, func(f *zip.File) bool { return f.Name == offlineIndexName })
	if i < 0 {
		t.Fatal("the copy has no index")
	}
	f := archive.File[i]
	paragraphs := bytes.Count(read(t, f), []byte("],[")) // never fewer than there are
	if paragraphs < 1000 || f.CompressedSize64 > budget*uint64(paragraphs) {
		t.Errorf("%d bytes for %d paragraphs, want at most %d each", f.CompressedSize64, paragraphs, budget)
	}
}

// TestACopyIsSearched reads a copy below a path of a plain file server, where
// only relative links work and no program answers.
func TestACopyIsSearched(t *testing.T) {
	testkit.Require(t, "chromium")
	archive := wholeCopy(t)
	server := httptest.NewServer(http.StripPrefix("/drawer/copy", http.FileServerFS(archive)))
	t.Cleanup(server.Close)
	b := testkit.NewBrowser(t, testkit.BrowserOptions{})
	b.Open(server.URL + "/drawer/copy/")
	b.Fill(".hero-search input[name=q]", "resettlement transfer mechanism")
	b.Follow(".hero-search button")
	b.WaitText("[role=status]", "records found")
	b.Axe()
	b.Page().Has(".hit-text mark")
	b.Follow(`.hit-title a[href*="/practices/rrtm/"]`)
	b.Page().Has("main", "This is a copy of 31 May 2026").Lacks(".discuss, .pack, [role=combobox]")
	var workers int
	b.EvalAsync(`navigator.serviceWorker.getRegistrations().then((all) => all.length)`, &workers)
	if workers != 0 {
		t.Error("a copy has started a worker")
	}

	for _, search := range []struct{ name, page, query, first, count string }{
		{"an acronym", "search/", "RRTM", "/rrtm/", "found"},
		{"without its accents, in Spanish", "es/search/", "apatridia", "/es/", "encontrado"},
		{"a name without its cedilla", "search/", "curacao", "countries/cuw/", "found"},
		{"only what nobody wrote", "search/", "xyzzy", "", "Nothing matches"},
		{"markup", "search/", "<img src=x onerror=alert(1)> RRTM", "", "found"},
	} {
		t.Run(search.name, func(t *testing.T) {
			b.Open(server.URL + "/drawer/copy/" + search.page + "index.html?q=" + url.QueryEscape(search.query))
			b.WaitText("[role=status]", search.count)
			links := append(b.Page().Attrs(".hit-title a", "href"), "")
			if !strings.Contains(links[0], search.first) {
				t.Errorf("the first answer is %q, want one in %q", links[0], search.first)
			}
			b.Page().Lacks("main img")
		})
	}
}
