package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cmc/internal/testkit"
	"cmc/search"
)

// TestACopyFindsWhatPeopleAskFor asks a copy every fifth of the questions that
// the running search is judged by, ten in each language.
func TestACopyFindsWhatPeopleAskFor(t *testing.T) {
	testkit.Require(t, "chromium")
	const each, every, enough = 10, 5, 30
	archive := wholeCopy(t)
	server := httptest.NewServer(http.FileServerFS(archive))
	t.Cleanup(server.Close)
	b := testkit.NewBrowser(t, testkit.BrowserOptions{})
	asked, right := 0, 0
	for lang, page := range map[string]string{"en": "/search/", "es": "/es/search/", "fr": "/fr/search/", "nl": "/nl/search/"} {
		file, err := os.Open(filepath.Join("..", "..", "search", "testdata", "relevance", lang+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		judgements, err := search.ReadJudgements(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := range each {
			j := judgements[i*every%len(judgements)]
			b.Open(server.URL + page + "?q=" + url.QueryEscape(j.Query))
			asked++
			var first string
			b.Eval(`document.querySelector(".hits > li")?.dataset.record ?? ""`, &first)
			if slices.Contains(j.Records, first) {
				right++
			} else {
				t.Logf("%s %q: first is %q, want one of %s", lang, j.Query, first, strings.Join(j.Records, " "))
			}
		}
	}
	t.Logf("%d of %d questions have a right record first", right, asked)
	if right < enough {
		t.Errorf("%d of %d questions have a right record first, want at least %d", right, asked, enough)
	}
}
