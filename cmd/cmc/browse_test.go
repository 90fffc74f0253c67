package main

import (
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"cmc/internal/testkit"
)

// TestPracticesAreBrowsedByPlainLinks follows every way of browsing as a
// reader without script does: down the page to a group, and from the group to
// the search page, which has to find as many records as the group lists.
func TestPracticesAreBrowsedByPlainLinks(t *testing.T) {
	reader := newVisitor(t, served(t).address)
	for _, prefix := range []string{"", "/es"} {
		page := reader.get(prefix + "/practices/").doc
		links := page.Find(".browse a.chip")
		if links.Length() < 20 {
			t.Errorf("%s/practices/ offers %d ways to browse, want countries, themes, statuses and years", prefix, links.Length())
		}
		links.Each(func(_ int, link *goquery.Selection) {
			target := link.AttrOr("href", "")
			group := page.Find(`.browse-group[aria-labelledby="` + target[1:] + `"]`)
			listed := group.Find("li").Length()
			if said := link.Find(".sounding").Text(); said != strconv.Itoa(listed) || listed == 0 {
				t.Errorf("%s/practices/%s: the link says %s records, the group lists %d", prefix, target, said, listed)
			}
			filter, ok := group.Find("a.browse-search").Attr("href")
			if !ok {
				return
			}
			if found := resultCount(t, reader.get(filter).doc); found != listed {
				t.Errorf("%s finds %d records, the group on the page lists %d", filter, found, listed)
			}
		})
	}
}

var firstNumber = regexp.MustCompile(`\d+`)

// resultCount reads how many records a page of results says it found.
func resultCount(t *testing.T, doc *goquery.Document) int {
	t.Helper()
	n, err := strconv.Atoi(firstNumber.FindString(doc.Find("#search-results-title").Text()))
	if err != nil {
		t.Fatalf("the page of results says no number: %v", err)
	}
	return n
}

// TestMapAndListLeadToTheSameCountries holds the two ways in together: who
// cannot use the map loses nothing.
func TestMapAndListLeadToTheSameCountries(t *testing.T) {
	page := newVisitor(t, served(t).address).get("/fr/countries/").doc
	listed := addresses(page.Find(".atlas-list a"))
	if len(listed) < 20 {
		t.Errorf("the list has %d countries", len(listed))
	}
	if diff := cmp.Diff(listed, addresses(page.Find(".map a"))); diff != "" {
		t.Errorf("list and map differ (-list +map):\n%s", diff)
	}
	page.Find(".map a").Each(func(_ int, place *goquery.Selection) {
		if place.Find("title").Text() == "" || place.Find("text").Text() == "" {
			t.Errorf("%s has no name on the map", place.AttrOr("href", ""))
		}
	})
}

// addresses returns where links lead, sorted.
func addresses(links *goquery.Selection) []string {
	list := links.Map(func(_ int, link *goquery.Selection) string { return link.AttrOr("href", "") })
	slices.Sort(list)
	return list
}

// TestTheMatrixIsFilteredWithoutScript chooses every filter of the accession
// matrix in a browser that runs no scripts: as many rows stay as it says.
func TestTheMatrixIsFilteredWithoutScript(t *testing.T) {
	testkit.Require(t, "chromium")
	server := served(t)
	browser := testkit.NewBrowser(t, testkit.BrowserOptions{NoScript: true, Width: 320, Height: 640})
	browser.Open(server.address() + "/legislation/")
	choices := newVisitor(t, server.address).get("/legislation/").doc.Find(".matrix-filter label")
	if choices.Length() < 7 {
		t.Fatalf("the matrix offers %d filters, want all, States, territories and one for each treaty", choices.Length())
	}
	choices.Each(func(_ int, choice *goquery.Selection) {
		value := choice.Find("input").AttrOr("value", "")
		browser.Click(`.matrix-filter input[value="` + value + `"]`)
		var shown int
		browser.Eval(`[...document.querySelectorAll(".matrix tbody tr")].filter((row) => row.getClientRects().length > 0).length`, &shown)
		if said := choice.Find(".sounding").Text(); said != strconv.Itoa(shown) || shown == 0 {
			t.Errorf("the filter %q says that it shows %s rows, and shows %d", value, said, shown)
		}
	})
}
