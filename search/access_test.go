package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// A reader's answers are those of an index that holds only what the reader may
// see: hits, totals, scores, facets, labels, snippets, further passages,
// corrections, completions, suggestions, feeds and pages. A case is one question
// by one reader, asked of both.
//
//	CMC_TEST_ACCESS=1000000 go test ./search -run TestAnswersAreThose -timeout 2h -v
func TestAnswersAreThoseOfAnIndexOfWhatTheReaderMaySee(t *testing.T) {
	cases := 50_000
	if testing.Short() {
		cases = 2000
	}
	if text := os.Getenv("CMC_TEST_ACCESS"); text != "" {
		var err error
		if cases, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	var asked tally64
	web := emptyWeb(t)
	t.Run("worlds", func(t *testing.T) {
		for seed := range uint64((cases + worldCases - 1) / worldCases) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				newWorld(t, web, seed).ask(t, &asked)
			})
		}
	})
	t.Log(asked.String())
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
			Body: strings.Join(pick(random, words, 3+random.IntN(8)), " ") + fmt.Sprintf(" only%d ", i) + ownWord(i),
			Date: day(2010+record%9, 1+i%12, 1+i%28), Page: i % 5, Symbol: fmt.Sprintf("CMC/%d/NS/%d", 2010+record%9, record),
			Countries: pick(random, []string{"BHS", "BLZ", "CUW"}, random.IntN(2)), Year: 2010 + record%9,
			Themes: pick(random, []string{"one", "two"}, random.IntN(2)), Acronyms: pick(random, []string{"RSD", "ATD", "CTD"}, random.IntN(2)),
			Audience: pick(random, rooms, random.IntN(3)),
		}
	}
	return docs
}

// ownWord is a word that only one document has.
func ownWord(i int) string {
	syllables := []string{"ka", "lo", "mi", "ru", "te", "vo", "zi"}
	return "bran" + syllables[i%7] + syllables[i/7%7] + syllables[i/49%7] + "dor"
}

// odd are words that documents lack, or one has.
func odd(random *rand.Rand) []string {
	return []string{"rsd", "harbor", "recepton", "interviw", fmt.Sprint("only", random.IntN(320))}
}

// randomRequest asks for some of the words, and may filter.
func randomRequest(random *rand.Rand, words []string) Request {
	r := Request{Language: []string{"en", "es"}[random.IntN(2)], Size: 1 + random.IntN(30), Page: 1 + random.IntN(2)}
	asked := pick(random, words, random.IntN(4))
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

func put(t testing.TB, s *Service, docs ...Document) {
	t.Helper()
	if err := s.Put(context.Background(), docs...); err != nil {
		t.Fatal(err)
	}
}
