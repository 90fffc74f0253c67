package search

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cmc/internal/i18n"
	"cmc/internal/page"
)

// world is a small random site with a forum, and for some readers what would
// be left of it if there were only what they may see.
type world struct {
	random  *rand.Rand
	pages   *Web // of no service
	words   []string
	whole   side
	readers []reader
}

type reader struct {
	audiences []string
	alone     side
}

// side is a service and its web.
type side struct {
	*Service
	web http.Handler
}

const (
	worldDocuments = 48
	worldReaders   = 6
	// worldCases is how many questions are asked in one world.
	worldCases = worldReaders * 500
)

// tally64 counts cases by what was asked, and those with an answer.
type tally64 struct {
	asked    [askCount]atomic.Int64
	answered [askCount]atomic.Int64
}

func (c *tally64) String() string {
	var said []string
	total := int64(0)
	for i := range c.asked {
		total += c.asked[i].Load()
		said = append(said, fmt.Sprintf("%s %d (%d with an answer)", askNames()[i], c.asked[i].Load(), c.answered[i].Load()))
	}
	return fmt.Sprintf("%d cases: %s", total, strings.Join(said, ", "))
}

// What is asked.
const (
	askSearch = iota
	askCorrection
	askCompletion
	askSuggestions
	askAPI
	askFeed
	askPage
	askCount
)

func askNames() []string {
	return []string{"searches", "corrections", "completions", "suggestions", "JSON", "feeds", "pages"}
}

func newWorld(t *testing.T, web *Web, seed uint64) *world {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 20171204))
	w := &world{random: random, pages: web, words: strings.Fields(`harbour reception officer migrant stateless roster quay ledger curaçao interview island permit visa
		shelter shelters officers acogida entrevista isla permiso refugio entrevistas accueil réfugiés entretien île opvang vluchtelingen gesprek eiland staatlozen`)}
	rooms := []string{Public, "members", "group:a", "group:b", "secretariat"}
	docs := randomDocuments(random, worldDocuments, rooms, w.words)
	w.whole = w.open(t, docs)
	for range worldReaders {
		r := reader{audiences: pick(random, rooms[1:], random.IntN(4))}
		var seen []Document
		for _, d := range docs {
			if slices.ContainsFunc(d.Audience, func(a string) bool { return a == Public || slices.Contains(r.audiences, a) }) {
				seen = append(seen, d)
			}
		}
		r.alone = w.open(t, seen)
		w.readers = append(w.readers, r)
	}
	return w
}

// open serves the records of even numbers as a site and the others as live ones.
func (w *world) open(t *testing.T, docs []Document) side {
	t.Helper()
	corpus := Corpus{
		Synonyms: [][]string{{"RSD", "interview officer"}, {"ATD", "shelter"}},
		Terms:    []Term{{"en": {"shelter"}, "es": {"refugio"}, "fr": {"accueil"}, "nl": {"opvang"}}, {"en": {"interview"}, "es": {"entrevista"}}},
		Labels:   Labels{"country": {"BHS": {"en": "Bahamas", "es": "Las Bahamas"}}},
	}
	var live []Document
	for _, d := range docs {
		if strings.HasSuffix(d.Record, "0") || strings.HasSuffix(d.Record, "4") || strings.HasSuffix(d.Record, "7") {
			live = append(live, d)
		} else {
			corpus.Documents = append(corpus.Documents, d)
		}
	}
	s := openCorpus(t, corpus)
	if len(live) > 0 {
		put(t, s, live...)
	}
	web := *w.pages
	web.service = s
	mux := http.NewServeMux()
	web.Register(mux)
	return side{s, page.Localize(web.catalogue, []string{"search", "api"}, mux)}
}

// emptyWeb has the interface's texts and templates, which all worlds share.
func emptyWeb(t *testing.T) *Web {
	t.Helper()
	cat, err := i18n.Load(os.DirFS(".."), "en", "es", "fr", "nl")
	if err != nil {
		t.Fatal(err)
	}
	pages := page.NewSet(cat, slog.New(slog.DiscardHandler))
	web := NewWeb(nil, cat, pages, Settings{Audiences: func(r *http.Request) []string { return r.Header["Audience"] }, Base: "https://kb.example", Name: "A Site"})
	if err := pages.SetFrames(nil); err != nil {
		t.Fatal(err)
	}
	return web
}

// ask puts questions to the whole and to what each reader may see of it.
func (w *world) ask(t *testing.T, asked *tally64) {
	t.Helper()
	for _, r := range w.readers {
		for range worldCases / worldReaders {
			kind := w.kind()
			var answered bool
			switch kind {
			case askSearch, askCorrection, askCompletion:
				answered = w.search(t, r, kind)
			default:
				answered = w.get(t, r, kind)
			}
			asked.asked[kind].Add(1)
			if answered {
				asked.answered[kind].Add(1)
			}
		}
	}
}

// kind is what to ask next: mostly searches, since they tell most, and the rest
// as seldom as it takes long.
func (w *world) kind() int {
	n := w.random.IntN(100)
	for kind, share := range [askCount]int{askSearch: 62, askCorrection: 4, askCompletion: 3, askSuggestions: 26, askAPI: 2, askFeed: 2, askPage: 1} {
		if n -= share; n < 0 {
			return kind
		}
	}
	return askSearch
}

// search asks for hits, and says whether there were any, or the correction
// that was looked for.
func (w *world) search(t *testing.T, r reader, kind int) bool {
	t.Helper()
	request := w.request()
	switch kind {
	case askCorrection:
		request.Query, request.Like = misspell(w.random, w.word()), ""
	case askCompletion:
		word := w.word()
		request.Query, request.Like = word[:min(len(word), minBegun+w.random.IntN(4))], ""
	}
	request.Audiences = r.audiences
	got, want := find(t, w.whole.Service, request), find(t, r.alone.Service, request)
	got.TookMS, want.TookMS = 0, 0
	if !reflect.DeepEqual(want, got) {
		t.Fatalf("a reader of %q learns more or less from %+v (-alone +whole):\n%s", r.audiences, request, cmp.Diff(want, got))
	}
	if kind == askSearch {
		return got.Total > 0
	}
	return got.Suggestion != ""
}

var took = regexp.MustCompile(`"took_ms":[0-9.e-]+`)

// get asks over HTTP.
func (w *world) get(t *testing.T, r reader, kind int) bool {
	t.Helper()
	values := url.Values{}
	request := w.request()
	values.Set("q", request.Query)
	values.Set("like", request.Like)
	for f, chosen := range request.Filters {
		values[facetNames[f]] = chosen
	}
	path, sign := "", ""
	switch kind {
	case askSuggestions:
		path, sign = "/api/suggest?", `"text"`
		word := []rune(w.word())
		values = url.Values{"q": {string(word[:1+w.random.IntN(len(word))])}}
	case askAPI:
		path, sign = "/api/search?", `"snippet"`
	case askFeed:
		path, sign = []string{"/search/feed.atom?", "/search/feed.json?"}[w.random.IntN(2)], ownWord(0)[:2]
	case askPage:
		path, sign = "/search/?", "<mark>"
	}
	target := []string{"", "/es", "/fr"}[w.random.IntN(3)] + path + values.Encode()
	got, want := get(t, w.whole.web, target, r.audiences...), get(t, r.alone.web, target, r.audiences...)
	whole, alone := took.ReplaceAll(got.Body.Bytes(), nil), took.ReplaceAll(want.Body.Bytes(), nil)
	if got.Code != http.StatusOK || got.Code != want.Code || !slices.Equal(whole, alone) || got.Header().Get("ETag") != want.Header().Get("ETag") {
		t.Fatalf("a reader of %q learns more or less from %s = %d, alone %d (-alone +whole):\n%s", r.audiences, target, got.Code, want.Code, cmp.Diff(string(alone), string(whole)))
	}
	return strings.Contains(string(whole), sign)
}

// word is one that some document holds, seen or not.
func (w *world) word() string {
	if w.random.IntN(3) == 0 {
		return ownWord(w.random.IntN(worldDocuments))
	}
	more := []string{"RSD", "ATD", "CTD", "cmc/2012/ns/2", "ns 5", "r3"}
	if n := w.random.IntN(len(w.words) + len(more)); n < len(more) {
		return more[n]
	}
	return w.words[w.random.IntN(len(w.words))]
}

// request is a question of some words, fields and filters. Few of its words are
// unknown: what is near to those takes long to find.
func (w *world) request() Request {
	r := randomRequest(w.random, w.words)
	if w.random.IntN(4) == 0 {
		r.Query += " " + []string{"country:BHS", "country:bahamas", "-country:CUW", "theme:one", "theme:harbour", "type:practice", "year:2012..2014", "lang:es", "year:2030"}[w.random.IntN(9)]
	}
	if w.random.IntN(12) == 0 {
		r.Query = strings.TrimSpace(w.word() + " " + r.Query)
	}
	if w.random.IntN(12) == 0 {
		r.Query, r.Like = "", fmt.Sprint("r", w.random.IntN(worldDocuments/4))
	}
	if w.random.IntN(8) == 0 {
		r.Order = ByDate
	}
	return r
}

// misspell changes, drops, doubles or swaps a letter.
func misspell(random *rand.Rand, word string) string {
	letters := []rune(word)
	at := random.IntN(len(letters))
	switch random.IntN(4) {
	case 0:
		letters[at] = rune('a' + random.IntN(26))
	case 1:
		letters = slices.Delete(letters, at, at+1)
	case 2:
		letters = slices.Insert(letters, at, letters[at])
	case 3:
		if at > 0 {
			letters[at-1], letters[at] = letters[at], letters[at-1]
		}
	}
	return string(letters)
}
