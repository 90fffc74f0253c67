package main

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"cmc/internal/testkit"
)

// TestABriefingHoldsWhatTheCountryHas compares a country's page, which leads to
// its practices and recommendations, with its briefing, which has to hold them
// whole, in every language.
func TestABriefingHoldsWhatTheCountryHas(t *testing.T) {
	reader := newVisitor(t, served(t).address)
	for _, prefix := range []string{"", "/es", "/fr", "/nl"} {
		page := reader.get(prefix + "/countries/bhs/").doc
		way, ok := page.Find(`a[href$="/briefing.html"]`).Attr("href")
		if !ok {
			t.Fatalf("%s/countries/bhs/ leads to no briefing", prefix)
		}
		briefing := reader.get(way).doc
		practices := page.Find(`[aria-labelledby="practices-list"] a`)
		if practices.Length() == 0 {
			t.Fatalf("%s/countries/bhs/ lists no practice", prefix)
		}
		practices.Each(func(_ int, link *goquery.Selection) {
			address := link.AttrOr("href", "")
			entry := briefing.Find(`.briefing-entry:has(h3 a[href="` + address + `"])`)
			whole := reader.get(address).doc
			for _, part := range []string{"#fact-legal-basis dd", ".record-head .lead"} {
				if want := squeezed(whole.Find(part)); want == "" || !strings.Contains(squeezed(entry), want) {
					t.Errorf("%s: %s is not there with %q", way, address, want)
				}
			}
		})
		if briefing.Find("#recommendations").Length() == 0 {
			t.Errorf("%s holds no recommendation", way)
		}
		if briefing.Find(`meta[name="robots"][content="noindex"]`).Length() == 0 {
			t.Errorf("%s repeats records and must not be found in their place", way)
		}
	}
}

// squeezed is the text of a selection without blanks, and without the acronyms
// spelt out, which only the first use on a page is.
func squeezed(s *goquery.Selection) string {
	s = s.Clone()
	s.Find(".term-name").Remove()
	return strings.Join(strings.Fields(s.Text()), "")
}

// TestPaperHoldsTheRecordAndNothingElse looks at pages as they are printed, by a
// reader whose screen is dark.
func TestPaperHoldsTheRecordAndNothingElse(t *testing.T) {
	testkit.Require(t, "chromium")
	server := served(t)
	b := testkit.NewBrowser(t, testkit.BrowserOptions{Dark: true})
	for _, page := range []struct {
		address string
		sheets  int // at least
	}{
		{"/countries/bhs/briefing.html", 4},
		{"/nl/meetings/cmc-2017-nassau/briefing.html", 10},
		{"/reports/nassau-2017/", 8},
		{"/es/practices/rrtm/", 1},
		{"/", 1},
	} {
		b.Open(server.address() + page.address)
		if n := b.Sheets(); n < page.sheets || n > 40 {
			t.Errorf("%s fills %d sheets, want at least %d", page.address, n, page.sheets)
		}
		b.OnPaper()
		var shown []string
		b.Eval(`[...document.querySelectorAll("header.masthead, footer, form, button, nav, .skip-link, .discuss")]
			.filter(e => e.getClientRects().length).map(e => e.outerHTML.slice(0, 80))`, &shown)
		if len(shown) > 0 {
			t.Errorf("%s prints what nobody can use on paper: %q", page.address, shown)
		}
		var pale []string
		b.Eval(`[...document.querySelectorAll("main h1, main h2, main p, main li, main dd")]
			.filter(e => e.getClientRects().length && getComputedStyle(e).color.match(/\d+/g).slice(0, 3).every(c => c > 160))
			.map(e => e.textContent.slice(0, 40))`, &pale)
		if len(pale) > 0 {
			t.Errorf("%s prints pale words on white paper: %q", page.address, pale)
		}
	}
}
