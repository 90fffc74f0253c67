package main

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// TestEveryLinkLeadsSomewhere follows every link and every address of a
// resource on every page, in all languages. What the page asks for must be
// there, and so must the place in it that a fragment names.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	server := served(t)
	w := &links{visitor: newVisitor(t, server.address), targets: map[string]*target{}}
	paths := pages(t, built(t))
	paths = append(paths, "/search/?q=asylum", "/forum/", "/forum/rooms/public-exchange/", "/account/sign-in")
	for _, address := range paths {
		w.follow(address)
	}
	t.Logf("%d links on %d pages lead to %d addresses; %d of the links name a place", w.count, len(paths), len(w.targets), w.fragments)
	if w.count < 20000 || w.fragments < 2000 {
		t.Error("most links of the site are missing")
	}
}

// links follows links and remembers where each led.
type links struct {
	*visitor
	targets   map[string]*target
	count     int
	fragments int
}

// target is what an address answers.
type target struct {
	page *visit
	ids  map[string]bool // places that a fragment may name
}

// linked are the elements that lead to an address, and its attribute. Forms
// that change something answer to nobody who only asks.
var linked = map[string]string{
	"a[href], area[href], link[href], use[href], image[href]": "href",
	"[src]":                           "src",
	"form:not([method=post])[action]": "action",
	"[cite]":                          "cite",
	`meta[content^="/"]`:              "content",
}

// follow asks for everything that a page names on this site.
func (w *links) follow(address string) {
	w.t.Helper()
	base, err := url.Parse(address)
	if err != nil {
		w.t.Fatal(err)
	}
	doc := w.target(address).page.doc
	for selector, attribute := range linked {
		doc.Find(selector).Each(func(_ int, e *goquery.Selection) {
			w.ask(base, e.AttrOr(attribute, ""))
		})
	}
	doc.Find("[srcset]").Each(func(_ int, e *goquery.Selection) {
		for candidate := range strings.SplitSeq(e.AttrOr("srcset", ""), ",") {
			w.ask(base, strings.Fields(candidate)[0])
		}
	})
}

// ask fails the test unless an address leads somewhere; those of other hosts
// are none of its business.
func (w *links) ask(base *url.URL, address string) {
	w.t.Helper()
	to, err := base.Parse(address)
	if err != nil {
		w.t.Errorf("%s: %q is no address: %v", base, address, err)
		return
	}
	if to.Scheme != "" || to.Host != "" {
		return
	}
	w.count++
	place := to.Fragment
	to.Fragment, to.RawFragment = "", ""
	found := w.target(to.String())
	// The page of what is absent says so of itself, too.
	if found.page.status >= http.StatusBadRequest && path.Base(to.Path) != "404.html" {
		w.t.Errorf("%s leads to %s, which answers %d", base, address, found.page.status)
		return
	}
	if place == "" {
		return
	}
	w.fragments++
	if !found.ids[place] {
		w.t.Errorf("%s leads to %s, which has no such place", base, address)
	}
}

// target is what an address answers, asked once.
func (w *links) target(address string) *target {
	w.t.Helper()
	if known, ok := w.targets[address]; ok {
		return known
	}
	found := &target{page: w.get(address), ids: map[string]bool{}}
	found.page.doc.Find("[id]").Each(func(_ int, e *goquery.Selection) { found.ids[e.AttrOr("id", "")] = true })
	w.targets[address] = found
	return found
}
