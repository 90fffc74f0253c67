package search

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// manyNames are records with names that share words, in two languages, of
// which every seventh is hidden.
func manyNames(n int) []Document {
	words := strings.Fields("refugee resettlement registration region status statelessness travel training transit border birth asylum asile registro regional guide law of the in and")
	random := rand.New(rand.NewPCG(1, 2))
	docs := make([]Document, n)
	for i := range docs {
		title := make([]string, 1+random.IntN(6))
		for j := range title {
			title[j] = words[random.IntN(len(words))]
		}
		d := Document{ID: fmt.Sprint("d", i), Record: fmt.Sprint("r", i/2), Type: "practice", Lang: []string{"en", "es"}[i%2], URL: fmt.Sprintf("/d/%d/", i), Title: strings.Join(title, " "), Audience: []string{Public}}
		if i%7 == 0 {
			d.Audience = []string{"members"}
		}
		if i%5 == 0 {
			d.Acronyms = []string{fmt.Sprintf("R%03d", i%600)}
		}
		docs[i] = d
	}
	return docs
}

// TestSuggestionsAreThoseOfAScan compares the table with looking at every name.
func TestSuggestionsAreThoseOfAScan(t *testing.T) {
	s := open(t, manyNames(800))
	part := s.parts()[0]
	random := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		name := part.versions[random.IntN(len(part.versions))].called[0].key
		fields := strings.Fields(name)
		random.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
		typed := []string{name, strings.Join(fields, " ")}[random.IntN(2)]
		typed = typed[:1+random.IntN(len(typed))]
		for _, reader := range [][]string{nil, {"members"}} {
			r := Request{Audiences: reader}
			see := part.visible(r.audiences())
			words := s.analyzers.words(typed)
			best := map[string]offer{}
			for i := range part.versions {
				if v := &part.versions[i]; see[v.audience] {
					if o := part.offer(v, words, "es"); o.near < unlike {
						keepBetter(best, o)
					}
				}
			}
			if diff := cmp.Diff(firstOffers(best), s.Suggest(typed, "es", reader)); diff != "" {
				t.Fatalf("%q for %v (-scan +table):\n%s", typed, reader, diff)
			}
		}
	}
}

func BenchmarkSuggest(b *testing.B) {
	s := open(b, manyNames(20_000))
	s.Suggest("a", "en", nil)
	for name, typed := range map[string]string{
		"one letter":            "r",
		"three letters":         "ref",
		"a name":                "refugee status de",
		"words out of order":    "status birth trav",
		"a long repeated query": strings.Repeat("refugee status ", 200),
		"nothing":               "xyzzy",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s.Suggest(typed, "en", nil)
			}
		})
	}
}
