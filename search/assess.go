package search

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
)

// Assessment says how well the ranking does on a test collection.
type Assessment struct {
	Name      string `json:"name"`
	Documents int    `json:"documents"`
	Queries   int    `json:"queries"` // those with a relevant document; others are left out
	Measures
}

// Assess indexes a collection in a folder, which must not exist yet, and asks
// its questions as a visitor would, down to a depth of 1,000 records.
func Assess(ctx context.Context, c *Collection, folder string) (*Assessment, error) {
	dir := filepath.Join(folder, "index")
	if err := Build(ctx, dir, Corpus{Documents: c.Documents}); err != nil {
		return nil, fmt.Errorf("index %s: %w", c.Name, err)
	}
	ix, err := Open(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("open index of %s: %w", c.Name, err)
	}
	s := NewService(filepath.Join(folder, "live"), slog.New(slog.DiscardHandler))
	defer s.Close()
	if err := s.Swap(ix); err != nil {
		return nil, err
	}
	lang := mainLanguage(c.Documents)
	var all []Measures
	for _, q := range c.Questions {
		if len(q.Relevant) == 0 {
			continue
		}
		ranking, err := s.ranking(ctx, Request{Query: q.Text, Language: lang}, trecDepth)
		if err != nil {
			return nil, fmt.Errorf("ask query %s of %s: %w", q.ID, c.Name, err)
		}
		all = append(all, measureRanking(ranking, q.Relevant))
	}
	return &Assessment{Name: c.Name, Documents: len(c.Documents), Queries: len(all), Measures: mean(all)}, nil
}

// mainLanguage is the language of most documents.
func mainLanguage(docs []Document) string {
	counts := map[string]int{}
	best := defaultLanguage
	for i := range docs {
		lang := docs[i].Lang
		counts[lang]++
		if counts[lang] > counts[best] {
			best = lang
		}
	}
	return best
}

// MeanAssessment is the mean over collections, each counting the same.
func MeanAssessment(all []*Assessment) *Assessment {
	m := &Assessment{Name: "mean"}
	for _, a := range all {
		m.Documents += a.Documents
		m.Queries += a.Queries
		m.add(a.Measures, 1/float64(len(all)))
	}
	return m
}
