package main

import (
	"log/slog"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cmc/internal/testkit"
	"cmc/search"
)

// TestACopyAnswersAsTheSiteDoes asks a copy that was opened from a folder every
// fifth of the questions that the running search is judged by, ten in each
// language, and the running search the same.
func TestACopyAnswersAsTheSiteDoes(t *testing.T) {
	testkit.Require(t, "chromium")
	const each, every = 10, 5
	const enough, alike = 36, 32 // of forty
	dir := t.TempDir()
	unpackAll(t, wholeCopy(t), dir)
	service := wholeSearch(t)
	b := testkit.NewBrowser(t, testkit.BrowserOptions{})
	asked, right, agreed := 0, 0, 0
	for _, lang := range []string{"en", "es", "fr", "nl"} {
		all := judgements(t, "relevance", lang)
		for i := range each {
			j := all[i*every%len(all)]
			online, err := service.Search(t.Context(), search.Request{Query: j.Query, Language: lang, Size: 1})
			if err != nil {
				t.Fatal(err)
			}
			first := firstOfCopy(t, b, dir, lang, j.Query)
			asked++
			if slices.Contains(j.Records, first) {
				right++
			} else {
				t.Logf("%s %q: first is %q, want one of %s", lang, j.Query, first, strings.Join(j.Records, " "))
			}
			if len(online.Hits) > 0 && online.Hits[0].ID == first {
				agreed++
			}
		}
	}
	t.Logf("of %d questions %d have a right record first, %d the same as online", asked, right, agreed)
	if right < enough || agreed < alike {
		t.Errorf("of %d questions %d have a right record first and %d the same as online, want %d and %d", asked, right, agreed, enough, alike)
	}
}

// TestACopyKnowsTheGrammarAndCorrects asks a copy in the ways that are more
// than words.
func TestACopyKnowsTheGrammarAndCorrects(t *testing.T) {
	testkit.Require(t, "chromium")
	dir := t.TempDir()
	unpackAll(t, wholeCopy(t), dir)
	b := testkit.NewBrowser(t, testkit.BrowserOptions{})
	for _, test := range []struct{ name, lang, query, want string }{
		{"a field, and words", "en", "country:BHS constitution", "instrument-bhs-constitution"},
		{"fields in another language", "es", "país:bahamas tipo:instrumento", "instrument-bhs-constitution"},
		{"years", "en", "type:meeting year:2014 brazil", "meeting-brasilia-2014"},
		{"a phrase", "en", `"resettlement transfer mechanism"`, "practice-rrtm"},
		{"a word left out", "en", "memorandum of understanding -recommendation", "instrument-cmc-mou"},
		{"a misspelling", "fr", "apatrydie", "theme-statelessness"},
		{"two words typed as one", "en", "birthregistration", "theme-birth-registration"},
		{"an acronym", "en", "RSD", "theme-asylum-systems-rsd"},
		{"the number of a recommendation, and what it is", "nl", "aanbeveling NS 3", "cmc-2017-ns-3"},
		{"a people", "nl", "Haïtianen", "country-hti"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := firstOfCopy(t, b, dir, test.lang, test.query); got != test.want {
				t.Errorf("the first record for %q is %q, want %q", test.query, got, test.want)
			}
		})
	}
	firstOfCopy(t, b, dir, "en", "resetlement")
	b.Page().Has(".notice a", "resettlement")
}

// firstOfCopy is the first record that the copy in dir finds.
func firstOfCopy(t *testing.T, b *testkit.Browser, dir, lang, query string) (record string) {
	t.Helper()
	folder := filepath.Join(dir, lang, "search")
	if lang == "en" {
		folder = filepath.Join(dir, "search")
	}
	address := url.URL{Scheme: "file", Path: filepath.Join(folder, "index.html"), RawQuery: url.Values{"q": {query}}.Encode()}
	b.Open(address.String())
	b.Eval(`document.querySelector(".hits > li")?.dataset.record ?? ""`, &record)
	return record
}

// wholeSearch is the running search of the whole site.
func wholeSearch(t *testing.T) *search.Service {
	t.Helper()
	o, err := place{root: wholeSite(t), state: t.TempDir()}.open(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	service := search.NewService(t.TempDir(), o.log)
	t.Cleanup(func() {
		if err := service.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := o.openIndex(t.Context(), service, t.Output()); err != nil {
		t.Fatal(err)
	}
	return service
}
