package site

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRecordsAreThePagesInTheirOwnLanguage(t *testing.T) {
	result := mustBuild(t, testOptions(t, writeSite(t, smallSite)))
	want := []Record{
		{
			ID: "practice-boats", Kind: "practice", Lang: "en", URL: "/practices/boats/",
			File: "practices/boats/index.en.md", Title: "Boats", Visibility: "public",
			Passages: []Passage{{Anchor: "par-1", Text: "Boats are kept.", Lang: "en"}, {Text: "Harbour Office", Lang: "en"}},
		},
		{
			ID: "report-harbour-2020", Kind: "report", Lang: "en", URL: "/reports/harbour-2020/",
			File: "reports/harbour-2020/index.en.md", Title: "Harbour & report", Visibility: "public",
			Summary:   "What was said at the harbour.",
			Countries: []string{"BHS", "JAM"}, Themes: []string{"resettlement"},
			Year: 2020, Date: time.Date(2020, 3, 4, 0, 0, 0, 0, time.UTC),
			Passages: []Passage{
				{Text: "Opening words.", Lang: "en"},
				{Anchor: "sec-1", Heading: "Finds", Text: "Finds", Lang: "en"},
				{Anchor: "summary-par-1-01", Heading: "Finds", Text: "A summary.", Page: 3, Lang: "en"},
				{Anchor: "fn:1", Heading: "Finds", Text: "The note.", Page: 3, Lang: "en"},
				{Anchor: "par-1-01", Text: "The very words.", Page: 3, Lang: "en"},
			},
		},
		{
			ID: "practice-boats", Kind: "practice", Lang: "es", URL: "/es/practices/boats/",
			File: "practices/boats/index.es.md", Title: "Botes", Visibility: "public",
			Passages: []Passage{{Anchor: "par-1", Text: "Se guardan botes.", Lang: "es"}},
		},
	}
	if diff := cmp.Diff(want, result.Records); diff != "" {
		t.Errorf("Records (-want +got):\n%s", diff)
	}
}

func TestASiteBelowAPathHasRecordsFromItsRoot(t *testing.T) {
	dir := writeSite(t, smallSite)
	config := readFile(t, dir, "config.toml")
	change(t, dir, "-- config.toml --\nbaseURL = \"https://example.org/sub/\"\n"+config[len("\nbaseURL = \"/\""):])
	result := mustBuild(t, testOptions(t, dir))
	if got := result.Records[0].URL; got != "/practices/boats/" {
		t.Errorf("URL = %q, want it from the site's root", got)
	}
	if got := result.Homes["es"]; got != "/es/" {
		t.Errorf("Homes[es] = %q, want /es/", got)
	}
}
