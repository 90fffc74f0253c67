package search

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// plainPassage is a document of the plain ranking with what it scores.
type plainPassage struct {
	doc    Document
	clause []float64
	score  float64
	near   float64
}

// plainRanking goes through all documents for each word, keeps nothing and
// leaves nothing out. It knows one language, words that are none of each other's
// forms, and one audience for all of a record.
func plainRanking(a *analyzers, docs []Document, query []string) []plainPassage {
	records := map[string]bool{}
	var sums [partCount]float64
	partsOf := func(d Document) [partCount][]string {
		return [partCount][]string{a.terms("en", d.Title), a.terms("en", d.Heading), a.terms("en", d.Body), strings.Fields(d.exact())}
	}
	all := make([]plainPassage, len(docs))
	for i, d := range docs {
		all[i] = plainPassage{doc: d, clause: make([]float64, len(query))}
		records[d.Record] = true
		for part, words := range partsOf(d) {
			sums[part] += float64(len(words))
		}
	}
	rarities := make([]float64, len(query))
	for c, word := range query {
		holders, stem := map[string]bool{}, a.terms("en", word)[0]
		for i, d := range docs {
			for part, words := range partsOf(d) {
				for _, w := range words {
					if w == word || part != partExact && w == stem {
						length := float64(len(words)) / (sums[part] / float64(len(docs)))
						all[i].clause[c] += partWeights[part] / (1 - lengthEffect + lengthEffect*length)
						holders[d.Record] = true
					}
				}
			}
		}
		rarities[c] = math.Log(1 + (float64(len(records)-len(holders))+0.5)/(float64(len(holders))+0.5))
		for i := range all {
			f := all[i].clause[c]
			all[i].clause[c] = rarities[c] * f * (saturation + 1) / (saturation + f)
			all[i].score += all[i].clause[c]
		}
	}
	slices.SortFunc(all, func(x, y plainPassage) int { return int(math.Copysign(2, y.score-x.score)) })
	for i := range all[:min(len(all), nearPassages)] {
		for c := 1; c < len(query); c++ {
			f := float64(closeness(plainPlaces(all[i].doc, query[c-1]), plainPlaces(all[i].doc, query[c])))
			all[i].near += nearWeight * min(rarities[c-1], rarities[c]) * f * (saturation + 1) / (saturation + f)
		}
	}
	return all
}

func plainPlaces(d Document, word string) (places []int) {
	at := 0
	for line := range strings.Lines(d.exact()) {
		at += lineGap
		for w := range strings.FieldsSeq(line) {
			if at++; w == word {
				places = append(places, at)
			}
		}
	}
	return places
}

// plainScores are those of the records that hold all words.
func plainScores(passages []plainPassage) map[string]float64 {
	most, best, near := map[string][]float64{}, map[string]float64{}, map[string]float64{}
	for _, p := range passages {
		r := p.doc.Record
		best[r] = max(best[r], p.score+p.near)
		near[r] += p.near
		if most[r] == nil {
			most[r] = make([]float64, len(p.clause))
		}
		for c, s := range p.clause {
			most[r][c] = max(most[r][c], s)
		}
	}
	scores := map[string]float64{}
	for r, clauses := range most {
		sum := near[r]
		for _, s := range clauses {
			sum += s
		}
		if !slices.Contains(clauses, 0) {
			scores[r] = best[r] + wholeRecord*max(0, sum-best[r])
		}
	}
	return scores
}

// What is kept, skipped and bounded changes no answer: the first records, their
// scores, totals and counts are those of a ranking that does none of it.
func TestAnswersAreThoseOfAPlainRanking(t *testing.T) {
	random, a, compared := rand.New(rand.NewPCG(8, 8)), newAnalyzers(), 0
	words := strings.Fields("harbour reception officer roster quay ledger island permit visa shelter coast nurse")
	for range 6 {
		var docs, visible []Document
		for i := range 40 + random.IntN(200) {
			r := i / 3
			d := Document{
				ID: fmt.Sprint(i), Record: fmt.Sprint("r", r), Lang: "en", Place: i, URL: fmt.Sprint("/", r), Year: 2010 + r%5,
				Title: strings.Join(words[r%8:r%8+4], " "), Countries: []string{[]string{"BHS", "SUR", "TTO"}[r%3]},
				Body: strings.Join(pick(random, words, 1+random.IntN(9)), " ") + strings.Repeat(" filler", random.IntN(90)), Audience: []string{Public},
			}
			if r%4 == 0 {
				d.Audience = []string{"members"}
			} else {
				visible = append(visible, d)
			}
			docs = append(docs, d)
		}
		s := open(t, docs)
		for range 40 {
			query := pick(random, words, 2+random.IntN(2))
			slices.Sort(query)
			query = slices.Compact(query)
			passages := plainRanking(a, visible, query)
			if len(query) < 2 || len(passages) > nearPassages && passages[nearPassages-1].score-passages[nearPassages].score < 1e-4 {
				continue // a draw at the end of those that are looked at
			}
			compared++
			comparePlain(t, s, query, visible, plainScores(passages))
		}
	}
	if compared < 100 {
		t.Errorf("only %d answers were compared", compared)
	}
}

func comparePlain(t *testing.T, s *Service, query []string, docs []Document, scores map[string]float64) {
	t.Helper()
	r := find(t, s, Request{Query: strings.Join(query, " "), Language: "en", Size: 5, Filters: Filters{}.with(facetCountry, "BHS")})
	want := map[string]map[string]int{"country": {}, "year": {}}
	var ranks []float64
	for _, d := range docs {
		if scores[d.Record] == 0 || d.Place%3 != 0 {
			continue // one for each record
		}
		want["country"][d.Countries[0]]++ // the choice of one does not hide the others
		if d.Countries[0] == "BHS" {
			want["year"][fmt.Sprint(d.Year)]++
			ranks = append(ranks, scores[d.Record])
		}
	}
	slices.Sort(ranks)
	slices.Reverse(ranks)
	if len(ranks) == 0 {
		return // answered with what holds some of the words
	}
	if r.Total != len(ranks) || len(r.Hits) != min(5, len(ranks)) {
		t.Fatalf("%q: %d of %d records, want %d", query, len(r.Hits), r.Total, len(ranks))
	}
	for i, h := range r.Hits {
		if math.Abs(h.Score-ranks[i]) > 0.002 || math.Abs(h.Score-scores[h.ID]) > 0.002 {
			t.Errorf("%q: hit %d is %s of %.3f; plainly %.3f and the hit at its place %.3f", query, i, h.ID, h.Score, scores[h.ID], ranks[i])
		}
	}
	for f, counts := range want {
		got := map[string]int{}
		for _, v := range r.Facets[f] {
			got[v.Value] = v.Count
		}
		if !maps.Equal(got, counts) {
			t.Errorf("%q: %s counts %v, want %v", query, f, got, counts)
		}
	}
}
