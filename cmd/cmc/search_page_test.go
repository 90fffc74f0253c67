package main

import (
	"net/url"
	"strings"
	"testing"

	"cmc/internal/testkit"
)

// What a browser moves for a search, compressed and without headers.
const (
	firstResultsBudget = 20 * kilobyte // the page with all it needs, into an empty cache
	nextResultsBudget  = 4 * kilobyte  // other results in the place of the last ones
)

// TestResultsComeAsOneTypes searches in a browser with a keyboard: the results
// change beside the words, the address can be shared, the focus stays, and a
// screen reader hears the number.
func TestResultsComeAsOneTypes(t *testing.T) {
	testkit.Require(t, "chromium")
	server := launch(t, smallSite(t))
	b := testkit.NewBrowser(t, testkit.BrowserOptions{Width: 360})
	b.Open(server.address() + "/search/")
	b.Fill("#search-q", "ferry")
	b.WaitText("#search-status", "found")
	b.Page().Has(`.hit-title a[href^="/practices/ferry-registrar/"]`).Has("title", "ferry")
	focus := func(want string) {
		t.Helper()
		var id string
		if b.Eval("document.activeElement.id", &id); id != want {
			t.Errorf("at %s the focus is on %q, want %q", b.Path(), id, want)
		}
	}
	if focus("search-q"); b.Path() != "/search/?q=ferry" {
		t.Errorf("the address is %s, want one that finds the same", b.Path())
	}
	b.Page().Has(`[role=combobox][aria-expanded=true][aria-controls]`).Has(".suggest [role=status]", "suggestion").Has("[role=option] .suggest-kind")
	b.Axe()

	b.Eval(`document.getElementById("type-practice").focus(); document.getElementById("type-practice").click()`, nil)
	b.WaitText(".search-chips .chip", "Good practice")
	if focus("type-practice"); b.Path() != "/search/?q=ferry&type=practice" {
		t.Errorf("with a filter the address is %s", b.Path())
	}
	for _, address := range b.Page().Attrs("header a[hreflang]", "href") {
		if !strings.HasSuffix(address, "/search/?q=ferry&type=practice") {
			t.Errorf("the page in another language is %s, want the same search", address)
		}
	}
	b.Axe()
	b.Eval(`document.querySelector(".search-chips .chip").focus(); document.activeElement.click()`, nil)
	b.WaitText("title", "ferry")
	for b.Path() != "/search/?q=ferry" {
		b.WaitText("#search-status", "found")
	}
	focus("search-results-title")
	b.Eval("history.back()", nil)
	b.WaitText(".search-chips .chip", "Good practice")
	b.Page().Has("#type-practice[checked]").Has("#search-q")

	again := testkit.NewBrowser(t, testkit.BrowserOptions{NoScript: true})
	again.Open(server.address() + "/search/?q=ferry&type=practice")
	again.Page().Has(".search-chips .chip", "Good practice").Has("#type-practice[checked]").Has(`.hit-title a[href^="/practices/ferry-registrar/"]`)
	again.Follow(".search-chips .chip")
	again.Page().Lacks(".search-chips").Has("#search-q[value=ferry]")
	again.Follow(".hit-similar a")
	again.Page().Has(".search-chips .chip", "Similar to").Has("#search-form ~ #search-answer input[name=like]")
}

// TestASearchMovesFewBytes weighs the first page of results with all that it
// needs, and each of the next.
func TestASearchMovesFewBytes(t *testing.T) {
	server := served(t)
	scale := newScale(newVisitor(t, server.address))
	heaviest, first := 0, ""
	for _, query := range []string{"refugee status determination", "birth registration officials", "resettlement transfer mechanism", "temporary protection permits", "asylum", "voluntary return"} {
		q := "?" + url.Values{"q": {query}}.Encode()
		scale.weigh("/search/"+q, firstResultsBudget)
		if first == "" {
			first = "/search/" + q
		}
		size, _ := scale.fetch("/search/results" + q)
		if heaviest = max(heaviest, size); size > nextResultsBudget {
			t.Errorf("the results for %q are %d bytes, want at most %d", query, size, nextResultsBudget)
		}
	}
	t.Logf("the first page of results moves %d bytes, of which scripts %d; the heaviest of the next %d", scale.pages[first], scale.scripts, heaviest)
}

// TestAnUnansweredQuestionIsCarriedToTheForum follows the link below a search
// that found nothing: the form of a new topic holds the question.
func TestAnUnansweredQuestionIsCarriedToTheForum(t *testing.T) {
	server := launch(t, smallSite(t))
	member := server.member("Ana", "ana@lakeland.example", "XLA", "focal-point")
	nothing := member.get("/search/?q=zeppelin+%26+%22airship%22")
	form := member.get(nothing.link(`a[href*="/forum/"][href*="title="]`))
	if got := form.doc.Find("input[name=title]").AttrOr("value", ""); got != `zeppelin & "airship"` {
		t.Errorf("%s proposes the title %q: %s", form.path, got, form.text("main"))
	}
}
