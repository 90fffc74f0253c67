package search

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A reader's answers are those of an index that holds only what the reader may
// see: hits, totals, scores, facets, labels, snippets, corrections, and
// suggestions.
//
//	CMC_TEST_ACCESS=1000000 go test ./search -run Answers -timeout 2h
func TestAnswersAreThoseOfAnIndexOfWhatTheReaderMaySee(t *testing.T) {
	rooms := []string{Public, "members", "group:a", "group:b", "secretariat"}
	words := strings.Fields("harbour reception officer migrant stateless roster quay ledger curaçao interview island permit visa shelter shelters officers")
	random := rand.New(rand.NewPCG(20171204, 6))
	docs := randomDocuments(random, 300, rooms, words)
	whole := open(t, docs)
	runs := 4000
	if testing.Short() {
		runs = 60
	}
	if text := os.Getenv("CMC_TEST_ACCESS"); text != "" {
		var err error
		if runs, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	for range 12 {
		reader := pick(random, rooms[1:], random.IntN(3))
		var seen []Document
		for _, d := range docs {
			if slices.ContainsFunc(d.Audience, func(a string) bool { return a == Public || slices.Contains(reader, a) }) {
				seen = append(seen, d)
			}
		}
		part := open(t, seen)
		for range runs / 12 {
			r := randomRequest(random, words)
			r.Audiences = reader
			got, want := find(t, whole, r), find(t, part, r)
			got.TookMS, want.TookMS = 0, 0
			if !reflect.DeepEqual(want, got) {
				t.Fatalf("a reader of %q learns more or less from %+v (-alone +whole):\n%s", reader, r, cmp.Diff(want, got))
			}
			typed := words[random.IntN(len(words))][:3]
			if want, got := part.Suggest(typed, "en", reader), whole.Suggest(typed, "en", reader); !reflect.DeepEqual(want, got) {
				t.Fatalf("a reader of %q learns from typing %q (-alone +whole):\n%s", reader, typed, cmp.Diff(want, got))
			}
		}
	}
}

func randomDocuments(random *rand.Rand, n int, rooms, words []string) []Document {
	docs := make([]Document, n)
	for i := range docs {
		record := random.IntN(n / 4)
		docs[i] = Document{
			ID: fmt.Sprint("d", i), Record: fmt.Sprint("r", record), Place: i,
			Type: []string{"practice", "country", "theme"}[record%3], Lang: []string{"en", "es"}[random.IntN(2)],
			URL: fmt.Sprintf("/r/%d/", record), Anchor: fmt.Sprint("p", i),
			Title: strings.Join(pick(random, words, 2), " "), Heading: strings.Join(pick(random, words, 1), " "),
			Body:      strings.Join(pick(random, words, 3+random.IntN(8)), " ") + fmt.Sprintf(" only%d", i),
			Countries: pick(random, []string{"BHS", "BLZ", "CUW"}, random.IntN(2)), Year: 2010 + record%9,
			Themes: pick(random, []string{"one", "two"}, random.IntN(2)), Acronyms: pick(random, []string{"RSD", "ATD", "CTD"}, random.IntN(2)),
			Audience: pick(random, rooms, random.IntN(3)),
		}
	}
	return docs
}

func randomRequest(random *rand.Rand, words []string) Request {
	r := Request{Language: []string{"en", "es"}[random.IntN(2)], Size: 1 + random.IntN(30), Page: 1 + random.IntN(2)}
	asked := pick(random, append(slices.Clone(words), "rsd", "harbor", "recepton", "interviw", fmt.Sprint("only", random.IntN(320))), random.IntN(4))
	if len(asked) > 1 && random.IntN(3) == 0 {
		asked[0] = "-" + asked[0]
	}
	r.Query = strings.Join(asked, " ")
	if random.IntN(3) == 0 {
		r.Query = `"` + r.Query + `"`
	}
	if random.IntN(3) == 0 {
		r.Filters = r.Filters.with(facetCountry, "BHS")
	}
	if random.IntN(4) == 0 {
		r.Filters = r.Filters.with(facetType, "practice").with(facetType, "theme")
	}
	return r
}

// pick draws n different values in a random order.
func pick(random *rand.Rand, from []string, n int) []string {
	var out []string
	for _, i := range random.Perm(len(from))[:min(n, len(from))] {
		out = append(out, from[i])
	}
	return out
}

func TestWithoutAudiencesOnlyThePublicIsSeen(t *testing.T) {
	s := open(t, corpus())
	for _, test := range []struct {
		name, query string
		reader      []string
		total       int
	}{
		{"nobody finds a member's record", "quokkabook", nil, 0},
		{"a member finds it", "quokkabook", []string{"members"}, 1},
		{"another group's post stays hidden", "harbour", []string{"group:other"}, 1},
		{"any audience of a document is enough", "harbour", []string{"secretariat"}, 2},
		{"an empty audience opens nothing", "quokkabook", []string{""}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			if r := find(t, s, Request{Query: test.query, Audiences: test.reader}); r.Total != test.total {
				t.Errorf("Search(%q) for %q = %d records, want %d", test.query, test.reader, r.Total, test.total)
			}
		})
	}
	if r := find(t, s, Request{Query: "quokkabok"}); r.Suggestion != "" {
		t.Errorf("a visitor is offered %q, a word only members may read", r.Suggestion)
	}
	if r := find(t, s, Request{Query: "quokkabok", Audiences: []string{"members"}}); r.Suggestion != "quokkabook" {
		t.Errorf("a member is offered %q, want quokkabook", r.Suggestion)
	}
}

// The same documents answer the same, in one batch, in many, and as live ones.
func TestAnswersDoNotDependOnTheIndexsHistory(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("harbour reception officer migrant stateless roster quay ledger island permit visa shelter")
	docs := randomDocuments(random, 120, []string{Public}, words)
	for i := range docs {
		docs[i].Audience = []string{Public}
	}
	built := open(t, docs)
	live := NewService(filepath.Join(t.TempDir(), "live"), slog.New(slog.DiscardHandler))
	defer live.Close()
	for _, i := range random.Perm(len(docs)) {
		wrong := docs[i]
		wrong.Body = "superseded text about ledger permit visa"
		if i%3 == 0 {
			put(t, live, wrong)
		}
		put(t, live, docs[i])
	}
	put(t, live, Document{ID: "gone", Record: "gone", Lang: "en", Body: "harbour", Audience: []string{Public}})
	if err := live.Delete(context.Background(), "gone"); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		r := randomRequest(random, words)
		got, want := find(t, live, r), find(t, built, r)
		got.TookMS, want.TookMS = 0, 0
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%+v (-built +live):\n%s", r, diff)
		}
	}
}

func put(t testing.TB, s *Service, docs ...Document) {
	t.Helper()
	if err := s.Put(context.Background(), docs...); err != nil {
		t.Fatal(err)
	}
}
