package main

import (
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Budgets of a cold visit: compressed bytes of the page and of all it needs.
const (
	kilobyte    = 1000
	homeBudget  = 60 * kilobyte
	pageBudget  = 100 * kilobyte
	topicBudget = 40 * kilobyte // twenty posts, signed in
	jsBudget    = 15 * kilobyte
)

// TestPagesKeepTheirBudgets weighs every page of the site, in all languages, as
// a browser with an empty cache gets it from the running server.
func TestPagesKeepTheirBudgets(t *testing.T) {
	server := launch(t, wholeSite(t))
	scale := newScale(newVisitor(t, server.address))
	for _, address := range pages(t, filepath.Join(server.state, "releases", "current", "site")) {
		switch {
		case path.Base(address) == "404.html": // the server answers 404, as it must
		case isHome(address):
			scale.weigh(address, homeBudget)
		default:
			scale.weigh(address, pageBudget)
		}
	}
	scale.weigh("/search/?q=asylum", pageBudget)
	scale.weigh("/forum/", pageBudget)

	member := server.member("Ana", "ana@bhs.example", "BHS", "expert")
	topic := member.startTopic("public-exchange", "Reception at night")
	for n := 2; n <= 20; n++ {
		page := member.get(topic)
		member.submit(page, `form[action*="/posts"]`, map[string]string{
			"body": fmt.Sprintf("Post %d: we opened the **reception room** at night, with two officers and an interpreter on call.\n\n- beds: 12\n- since: last spring\n\nSee [the report](/reports/nassau-2017/#par-2.3-04).", n),
		})
	}
	signedIn := newScale(member)
	signedIn.weigh(topic, topicBudget)
	if got := member.get(topic).doc.Find(".post-body").Length(); got != 20 {
		t.Errorf("the topic shows %d posts, want 20", got)
	}
	sizes := slices.Sorted(maps.Values(scale.pages))
	t.Logf("%d pages: heaviest %s with %d bytes, median %d, home %d; topic of 20 posts %d; scripts at most %d",
		len(sizes), scale.heaviest, sizes[len(sizes)-1], sizes[len(sizes)/2], scale.pages["/"], signedIn.pages[topic], max(scale.scripts, signedIn.scripts))
}

// isHome tells whether an address is the first page of a language.
func isHome(address string) bool {
	return address == "/" || len(address) == len("/en/") && strings.Count(address, "/") == 2
}
