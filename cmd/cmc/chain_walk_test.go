package main

import (
	"strings"
	"testing"

	"cmc/internal/testkit"
)

// TestADelegateFindsWhoIssuedPermits plays the question that the knowledge base
// is measured by, on a telephone: who has issued residence permits to
// asylum-seekers, since when, on what legal basis, what went wrong, whom to ask,
// and which recommendation it was about. From the home page it takes one search
// and two taps; each answer is one tap further, and so is the forum.
func TestADelegateFindsWhoIssuedPermits(t *testing.T) {
	testkit.Require(t, "chromium")
	server := served(t)
	browser := testkit.NewBrowser(t, testkit.BrowserOptions{NoScript: true, Width: 360, Height: 740})
	for _, walk := range []struct{ lang, words, legalBasis, challenge string }{
		{"", "residence permits asylum-seekers", "ministerial declaration", "fees"},
		{"/nl", "verblijfsvergunningen asielzoekers", "ministeriële verklaring", "leges"},
	} {
		practice := walk.lang + "/practices/sur-residence-permits/"
		browser.Open(server.address() + walk.lang + "/")
		browser.Fill(".hero-search input[name=q]", walk.words)
		browser.Follow(".hero-search button")
		browser.Follow(".hit-title a")
		if got, _, _ := strings.Cut(browser.Path(), "#"); got != practice {
			t.Fatalf("the first answer to %q is %s, want %s", walk.words, got, practice)
		}
		for chip, answer := range map[string]string{
			"#fact-since":           "2017",
			"#fact-legal-basis":     walk.legalBasis,
			"#challenges":           walk.challenge,
			"#offices":              "Suriname",
			"#legislation-list":     "Suriname",
			"#recommendations-list": "CMC/2017/AS/5",
		} {
			browser.Click(`.jumps a[href="` + chip + `"]`)
			var shown string
			browser.Eval(`document.querySelector("`+chip+`").closest(".fact, section").textContent`, &shown)
			if !strings.Contains(shown, answer) {
				t.Errorf("%s%s says %q, want %q in it", practice, chip, shown, answer)
			}
			var top float64
			browser.Eval(`document.querySelector("`+chip+`").getBoundingClientRect().top`, &top)
			if top < 0 || top > 700 {
				t.Errorf("%s%s stands %.0f pixels down the screen after the tap, want it in view", practice, chip, top)
			}
		}
		browser.Follow(`main a[href="` + walk.lang + `/recommendations/cmc-2017-as-5/"]`)
		browser.Page().Has("main .symbol", "CMC/2017/AS/5").Has(`main a[href="` + practice + `"]`)
		browser.Follow(".discuss a")
		if !strings.Contains(browser.Path(), "/forum/discuss") {
			t.Errorf("the recommendation's forum is %s, want its topic", browser.Path())
		}
	}
}
