package main

import (
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"
)

// TestTheChainIsWalkableBothWays follows, in every language, each relation that
// the front matter and the data state: it must be a link on both pages. It also
// asks for a way to every page from the home page, and for a way on from it.
func TestTheChainIsWalkableBothWays(t *testing.T) {
	dir := wholeSite(t)
	records, pages := chainRecords(t, dir), chainPages(t, built(t))
	relations, entries := relationsOf(t, dir, records), entriesOf(t, dir)
	if len(relations) < 800 {
		t.Fatalf("found %d relations, want those of the whole site", len(relations))
	}
	for _, home := range homes(t, dir) {
		t.Run("home"+home.prefix, func(t *testing.T) {
			walk := chain{T: t, home: home, pages: pages}
			walk.noOrphans()
			walk.showsEach(entries)
			walk.anchorsResolve()
			for _, r := range relations {
				walk.leads(r.from, r.to, r.why)
				walk.leads(r.to, r.from, r.why)
			}
			for address, record := range records {
				walk.leadsOn(address)
				walk.discusses(address, record.ID)
				walk.tellsItsSource(address, record)
			}
		})
	}
}

// chain walks one language of the built site.
type chain struct {
	*testing.T
	home
	pages map[string]*chainPage
}

// leads asks that the main part of one page links to the other, at any place of it.
func (c chain) leads(from, to, why string) {
	c.Helper()
	page := c.pages[c.prefix+from]
	if page == nil {
		c.Errorf("%s%s is missing (%s)", c.prefix, from, why)
		return
	}
	if !page.main[c.prefix+to] {
		c.Errorf("%s%s has no link to %s (%s)", c.prefix, from, to, why)
	}
}

// leadsOn asks that a page is no dead end: it must name another record.
func (c chain) leadsOn(address string) {
	c.Helper()
	for to := range c.pages[c.prefix+address].main {
		if to != c.prefix+address && strings.Count(strings.TrimPrefix(to, c.prefix), "/") == 3 {
			return
		}
	}
	c.Errorf("%s%s leads to no other record", c.prefix, address)
}

// discusses asks for the way into the forum.
func (c chain) discusses(address, id string) {
	c.Helper()
	if want := c.prefix + "/forum/discuss?record=" + url.QueryEscape(id); !c.pages[c.prefix+address].links[want] {
		c.Errorf("%s%s has no link to its topic in the forum", c.prefix, address)
	}
}

// tellsItsSource asks for a link to the paragraph of the report that a record
// rests on, which must be there.
func (c chain) tellsItsSource(address string, record chainRecord) {
	c.Helper()
	for _, source := range record.Sources {
		report := "/reports/" + source.Report + "/"
		if source.Report == "" || source.Paragraph == "" || address == report {
			continue
		}
		anchor := source.Paragraph
		if want := c.prefix + report + "#" + anchor; !c.pages[c.prefix+address].links[want] {
			c.Errorf("%s%s has no link to its source, %s", c.prefix, address, want)
		}
		if !c.pages[c.prefix+report].ids[anchor] {
			c.Errorf("%s%s has no place #%s, which %s names", c.prefix, report, anchor, address)
		}
	}
}

// showsEach asks that every entry of the data files stands on some page.
func (c chain) showsEach(entries []string) {
	c.Helper()
	shown := map[string]bool{}
	for address, page := range c.pages {
		if c.holds(address) {
			maps.Copy(shown, page.ids)
		}
	}
	for _, id := range entries {
		if !shown[id] {
			c.Errorf("no page below %s/ shows the entry %s", c.prefix, id)
		}
	}
}

// anchorsResolve asks that every link to a place of a page finds it there.
func (c chain) anchorsResolve() {
	c.Helper()
	for address, page := range c.pages {
		if !c.holds(address) {
			continue
		}
		for link := range page.links {
			to, fragment, found := strings.Cut(link, "#")
			anchor, err := url.PathUnescape(fragment)
			if target := c.pages[to]; found && target != nil && (err != nil || !target.ids[anchor]) {
				c.Errorf("%s links to %s, which has no such place", address, link)
			}
		}
	}
}

// noOrphans asks for a way of links from the home page to every page.
func (c chain) noOrphans() {
	c.Helper()
	reached := map[string]bool{c.prefix + "/": true}
	for queue := []string{c.prefix + "/"}; len(queue) > 0; queue = queue[1:] {
		page := c.pages[queue[0]]
		if page == nil {
			continue // a room of the running program
		}
		for link := range page.all {
			if !reached[link] && c.holds(link) {
				reached[link] = true
				queue = append(queue, link)
			}
		}
	}
	for _, address := range slices.Sorted(maps.Keys(c.pages)) {
		if c.holds(address) && path.Ext(address) == "" && !reached[address] {
			c.Errorf("no way of links leads from %s/ to %s", c.prefix, address)
		}
	}
}
