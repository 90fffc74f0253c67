package search

import (
	"encoding/json"
	"flag"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cmc/internal/i18n"
	"cmc/internal/page"
	"cmc/internal/testkit"

	"github.com/google/go-cmp/cmp"
	"github.com/jba/templatecheck"
)

var update = flag.Bool("update", false, "write the golden files anew")

// server mounts the search over docs, with the interface's own texts. The
// audiences of a request stand in its header Audience.
func server(t testing.TB, docs []Document) (http.Handler, *page.Set) {
	t.Helper()
	cat, err := i18n.Load(os.DirFS(".."), "en", "es", "fr", "nl")
	if err != nil {
		t.Fatal(err)
	}
	pages := page.NewSet(cat, slog.New(slog.DiscardHandler))
	web := NewWeb(open(t, docs), cat, pages, Settings{
		Audiences: func(r *http.Request) []string { return r.Header["Audience"] },
		Base:      "https://kb.example", Name: "A Site", Ask: "/forum/rooms/open/new",
	})
	if err := pages.SetFrames(nil); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	web.Register(mux)
	return page.Localize(cat, []string{"search", "api"}, mux), pages
}

func get(t testing.TB, h http.Handler, target string, audiences ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Header["Audience"] = audiences
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestAnAddressWithoutItsSlashKeepsTheLanguage(t *testing.T) {
	h, _ := server(t, corpus())
	w := get(t, h, "/fr/search?q=%C3%A9t%C3%A9")
	if got, want := w.Header().Get("Location"), "/fr/search/?q=%C3%A9t%C3%A9"; w.Code != http.StatusSeeOther || got != want {
		t.Errorf("GET /fr/search?q=… = %d to %q, want 303 to %q", w.Code, got, want)
	}
}

func TestAPIAnswersAsTheContractSays(t *testing.T) {
	h, _ := server(t, corpus())
	for _, test := range []struct{ golden, target string }{
		{"search.json", "/api/search?q=resettlement+officers&country=TTO&country=CUW&size=2"},
		{"browse.json", "/api/search?ui=es&theme=resettlement&size=1&page=2"},
		{"suggest.json", "/api/suggest?q=re"},
	} {
		t.Run(test.golden, func(t *testing.T) {
			w := get(t, h, test.target)
			if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json; charset=utf-8" {
				t.Fatalf("GET %s = %d %s\n%s", test.target, w.Code, w.Header().Get("Content-Type"), w.Body)
			}
			golden(t, "testdata/"+test.golden, w.Body.Bytes())
		})
	}
}

// golden compares a JSON answer with a file, but for the time it took.
func golden(t *testing.T, name string, body []byte) {
	t.Helper()
	var answer any
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(answer, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(regexp.MustCompile(`"took_ms": [0-9.e-]+`).ReplaceAll(got, []byte(`"took_ms": 0`)), '\n')
	if *update {
		if err := os.WriteFile(name, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestABadParameterIsNamed(t *testing.T) {
	h, _ := server(t, corpus())
	for _, test := range []struct{ name, target, param string }{
		{"a page that is no number", "/api/search?q=x&page=two", "page"},
		{"a page below one", "/api/search?page=0", "page"},
		{"a page beyond all", "/api/search?page=501", "page"},
		{"a size beyond the limit", "/api/search?size=101", "size"},
		{"a negative size", "/api/search?size=-5", "size"},
		{"a country by its name", "/api/search?country=Bahamas", "country"},
		{"a year of two digits", "/api/search?year=17", "year"},
		{"a type nobody knows", "/api/search?type=spell", "type"},
		{"a language nobody knows", "/api/search?lang=pap", "lang"},
		{"a theme with a path in it", "/api/search?theme=..%2Fetc", "theme"},
		{"an order nobody knows", "/api/search?sort=size", "sort"},
		{"a broken escape", "/api/search?q=%zz", "q"},
		{"a broken escape while typing", "/api/suggest?q=%zz", "q"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := get(t, h, test.target)
			var answer struct{ Error string }
			if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusBadRequest || !strings.Contains(answer.Error, "“"+test.param+"”") {
				t.Errorf("GET %s = %d %s, want 400 that names %s", test.target, w.Code, w.Body, test.param)
			}
		})
	}
	for _, target := range []string{"/api/search", "/api/search?q=%22", "/api/search?q=-", "/api/search?q=%ff%00", "/api/search?country=&q=x", "/api/search?country=tto", "/api/suggest", "/api/search?q=" + strings.Repeat("a+", 3000)} {
		if w := get(t, h, target); w.Code != http.StatusOK {
			t.Errorf("GET %.40s = %d, want 200: %s", target, w.Code, w.Body)
		}
	}
}

func TestWhatMembersFindIsKeptByNobody(t *testing.T) {
	h, _ := server(t, corpus())
	if w := get(t, h, "/api/search?q=quokkabook", "members"); w.Header().Get("Cache-Control") != "no-store" || !strings.Contains(w.Body.String(), "practice-draft") {
		t.Errorf("a member's answer has Cache-Control %q: %s", w.Header().Get("Cache-Control"), w.Body)
	}
	w := get(t, h, "/api/search?q=quokkabook")
	if w.Header().Get("Cache-Control") != "no-cache" || !strings.Contains(w.Body.String(), `"total":0`) {
		t.Errorf("a visitor's answer has Cache-Control %q: %s", w.Header().Get("Cache-Control"), w.Body)
	}
}

func TestPageWorksWithoutAScript(t *testing.T) {
	h, _ := server(t, corpus())
	w := get(t, h, "/search/?q=interviewed&country=TTO")
	testkit.HTML(t, w.Body.Bytes()).
		Has("title", "interviewed").
		Has("#search-answer h2", "1 record found").
		Has("form#search-form[method=get][action='/search/'] input[name=q][value=interviewed]").
		Has(".hit-title a[href='/practices/rrtm/#par-1']", "Regional Roster").
		Has(".hit-meta", "Good practice", "Trinidad and Tobago", "2016").
		Has(".hit-text mark", "interviewed").
		Has(".hit-where", "page 3").
		Has(".facet input[form=search-form][name=country][value=TTO][checked]").
		Has(".chip[href='/search/?q=interviewed']", "Trinidad and Tobago").
		Has("fieldset legend", "Country")
	spanish := testkit.HTML(t, get(t, h, "/es/search/?q=roster").Body.Bytes())
	spanish.Has("#search-answer h2", "1 registro encontrado").
		Has(".hit-title a[lang=en]").
		Has("form#search-form[action='/es/search/']")
	misspelt := testkit.HTML(t, get(t, h, "/search/?q=resetlement").Body.Bytes())
	misspelt.Has(".notice", "No record has “resetlement”").
		Has(".notice a[href='/search/?q=resettlement']", "resettlement").
		Has("#search-answer h2", "3 records found")
	missed := testkit.HTML(t, get(t, h, "/search/?q=xyzzy").Body.Bytes())
	missed.Has(".chip[href='/search/?theme=resettlement']", "Resettlement").
		Has("#search-answer h2", "0 records found")
	if w := get(t, h, "/search?q=x"); w.Header().Get("Location") != "/search/?q=x" {
		t.Errorf("GET /search?q=x = %d to %q, want a redirect to /search/?q=x", w.Code, w.Header().Get("Location"))
	}
	for _, target := range []string{"/search/", "/search/?q=xyzzy&lang=nl", "/nl/search/?q=de&page=2", "/fr/search/?sort=date&size=1&page=2"} {
		w := get(t, h, target)
		if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "⟦") {
			t.Errorf("GET %s = %d, or a text is missing:\n%s", target, w.Code, w.Body)
		}
	}
}

func TestSimilarRecordsShareTheWordsOfOne(t *testing.T) {
	h, _ := server(t, corpus())
	for _, test := range []struct {
		name, like, title string
		reader            []string
		want              []string
	}{
		{"a record of one language", "cmc-2017-ns-4", "Train three border officers", nil, []string{"practice-rrtm"}},
		{"a record in several", "theme-resettlement", "Resettlement", nil, []string{"cmc-2017-ns-3", "country-cuw"}},
		{"what nobody knows is like nothing", "practice-none", "", nil, nil},
		{"what the reader may not see is like nothing", "practice-draft", "", nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var answer Response
			if err := json.Unmarshal(get(t, h, "/api/search?like="+test.like, test.reader...).Body.Bytes(), &answer); err != nil {
				t.Fatal(err)
			}
			var found []string
			for _, hit := range answer.Hits {
				found = append(found, hit.ID)
			}
			title := ""
			if answer.Like != nil {
				title = answer.Like.Text
			}
			if title != test.title || !slices.Equal(found, test.want) {
				t.Errorf("similar to %s = %q of %q, want %q of %q", test.like, found, title, test.want, test.title)
			}
		})
	}
	testkit.HTML(t, get(t, h, "/es/search/?like=cmc-2017-ns-4&country=TTO").Body.Bytes()).
		Has("title", "Similares a: Train three border officers").
		Has(".chip[href='/es/search/?country=TTO']", "Train three border officers").
		Has("input[type=hidden][form=search-form][name=like][value=cmc-2017-ns-4]").
		Has(".hit-similar a[href='/es/search/?like=practice-rrtm']", "Registros similares")
	typed := get(t, h, "/api/search?like=cmc-2017-ns-4&q=stateless").Body.String()
	if alone := get(t, h, "/api/search?q=stateless").Body.String(); took.ReplaceAllString(typed, "") != took.ReplaceAllString(alone, "") {
		t.Errorf("words beside a record = %s, want the answer to the words: %s", typed, alone)
	}
}

func TestTemplatesFitTheirPage(t *testing.T) {
	_, pages := server(t, nil)
	for _, lang := range []string{"en", "es", "fr", "nl"} {
		if err := templatecheck.CheckHTML(pages.Lookup(pageName, lang), resultPage{}); err != nil {
			t.Errorf("%s: %v", lang, err)
		}
	}
}

func TestMarkupIsEscapedEverywhere(t *testing.T) {
	evil := `"><img src=x onerror=alert(1)><script>alert(2)</script>`
	docs := []Document{{
		ID: "x", Record: "x", Type: "practice", Lang: "en", URL: "/practices/x/", Title: "Title " + evil, Heading: evil, Symbol: evil,
		Acronyms: []string{evil}, Body: "harbour " + evil + " harbour", Countries: []string{evil}, Themes: []string{evil}, Page: 1, Audience: []string{Public},
	}}
	h, _ := server(t, docs)
	for _, target := range []string{"/search/?q=harbour", "/search/?q=alert", "/search/?q=%22%3E%3Cscript%3Ealert(2)%3C/script%3E", "/search/?q=scrpt+%3Cimg"} {
		if body := get(t, h, target).Body.String(); strings.Contains(body, "<script>alert") || strings.Contains(body, "<img") {
			t.Errorf("GET %s holds markup from a document or the query:\n%s", target, body)
		}
	}
	w := get(t, h, "/api/search?q=alert")
	if strings.ContainsAny(w.Body.String(), "<>") {
		t.Errorf("the answer as JSON holds angle brackets: %s", w.Body)
	}
	var answer Response
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	snippet := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(answer.Hits[0].Snippet)
	if strings.ContainsAny(snippet, `<>"`) || !strings.Contains(answer.Hits[0].Snippet, "<mark>alert</mark>") {
		t.Errorf("snippet = %s, want it escaped, with the word marked", answer.Hits[0].Snippet)
	}
}
