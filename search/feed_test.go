package search

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cmc/internal/testkit"
)

func TestASearchCanBeFollowed(t *testing.T) {
	h, _ := server(t, feedCorpus())
	var got atomFeed
	if err := xml.Unmarshal(get(t, h, "/search/feed.atom?q=ferry&sort=relevance&page=2").Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, e := range got.Entries {
		titles = append(titles, e.Title)
	}
	if diff := cmp.Diff([]string{"New & <b>bold</b>", "Old"}, titles); diff != "" {
		t.Errorf("entries, of which the newest comes first and those without a date not at all (-want +got):\n%s", diff)
	}
	newest := got.Entries[0]
	if newest.Link.Href != "https://kb.example/practices/new/" || newest.Updated != "2020-05-01T00:00:00Z" || got.Updated != newest.Updated {
		t.Errorf("the newest entry is %+v in a feed of %s", newest, got.Updated)
	}
	if got.Links[0].Rel != "self" || got.Links[0].Href != "https://kb.example/search/feed.atom?q=ferry" {
		t.Errorf("the feed says that it stands at %+v", got.Links[0])
	}

	var asJSON jsonFeed
	if err := json.Unmarshal(get(t, h, "/es/search/feed.json?q=ferry").Body.Bytes(), &asJSON); err != nil {
		t.Fatal(err)
	}
	if len(asJSON.Items) != 2 || asJSON.Items[0].ID != newest.ID || asJSON.Language != "es" {
		t.Errorf("the same in JSON, on the Spanish side: %+v, want the ids of the Atom feed", asJSON)
	}
	testkit.HTML(t, get(t, h, "/es/search/?q=ferry&country=TTO&sort=date").Body.Bytes()).
		Has("head link[rel=alternate][type='application/atom+xml'][href='/es/search/feed.atom?country=TTO&q=ferry']").
		Has("a.search-follow[href='/es/search/feed.atom?country=TTO&q=ferry']")
}

func feedCorpus() []Document {
	day := func(s string) time.Time {
		d, _ := time.Parse(time.DateOnly, s)
		return d
	}
	make := func(id, title string, date time.Time, audience string) Document {
		return Document{ID: id, Record: id, Type: "practice", Lang: "en", URL: "/practices/" + id + "/", Title: title, Body: "A ferry.", Date: date, Countries: []string{"TTO"}, Audience: []string{audience}}
	}
	return []Document{
		make("old", "Old", day("2018-01-01"), Public),
		make("new", "New & <b>bold</b>", day("2020-05-01"), Public),
		make("undated", "Undated", time.Time{}, Public),
		make("hidden", "Hidden", day("2021-01-01"), "members"),
	}
}

func TestAFeedShowsWhatThePublicMaySeeWhoeverAsks(t *testing.T) {
	h, _ := server(t, feedCorpus())
	for _, path := range []string{"/search/feed.atom?q=ferry", "/search/feed.json?q=ferry"} {
		public, member := get(t, h, path).Body.String(), get(t, h, path, "members").Body.String()
		if public != member || strings.Contains(member, "Hidden") {
			t.Errorf("GET %s tells a member more:\n%s", path, member)
		}
	}
}

func TestAFeedThatDidNotChangeIsNotSentAgain(t *testing.T) {
	h, _ := server(t, feedCorpus())
	first := get(t, h, "/search/feed.atom?q=ferry")
	tag := first.Header().Get("ETag")
	if other := get(t, h, "/search/feed.atom?q=old").Header().Get("ETag"); tag == "" || tag == other {
		t.Errorf("two feeds have the tags %q and %q", tag, other)
	}
	r := httptest.NewRequest(http.MethodGet, "/search/feed.atom?q=ferry", nil)
	r.Header.Set("If-None-Match", tag)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("asked again with its tag: %d with %d bytes, want 304 with none", w.Code, w.Body.Len())
	}
}

func TestAScriptGetsTheResultsAlone(t *testing.T) {
	h, _ := server(t, corpus())
	w := get(t, h, "/search/results?q=interviewed&country=TTO")
	testkit.HTML(t, w.Body.Bytes()).
		Has("[data-title] h2", "1 record found").
		Has(".chip[href='/search/?q=interviewed']").
		Has("input[form=search-form][value=TTO][checked]").
		Lacks("form, h1, title, script")
	if w.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("Cache-Control = %q", w.Header().Get("Cache-Control"))
	}
}

func TestAQuestionWithoutAnAnswerGoesToTheForum(t *testing.T) {
	h, _ := server(t, corpus())
	testkit.HTML(t, get(t, h, "/nl/search/?q=xyzzy+%22%26").Body.Bytes()).
		Has(`a[href='/nl/forum/rooms/open/new?title=xyzzy+%22%26']`)
	testkit.HTML(t, get(t, h, "/search/?q=resettlement").Body.Bytes()).Lacks(`a[href*='/forum/']`)
}
