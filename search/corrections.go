package search

import (
	"context"
	"fmt"
	"strings"
)

// Corrections say how often the first correction offered is the right one.
type Corrections struct {
	Misspelt int
	Found    int // that need no correction: what they meant is found first all the same
	Right    int
	Wrong    []string // misspelt → offered, not meant
}

// EvaluateCorrections asks for each judgement's misspelt query and compares
// what is offered with what was meant, which stands in place of its record.
func (s *Service) EvaluateCorrections(ctx context.Context, lang string, judgements []Judgement) (*Corrections, error) {
	c := &Corrections{Misspelt: len(judgements)}
	for _, j := range judgements {
		response, err := s.Search(ctx, Request{Query: j.Query, Language: lang, Size: 1})
		if err != nil {
			return nil, fmt.Errorf("ask %q: %w", j.Query, err)
		}
		meant := strings.Join(j.Records, ", ")
		if strings.EqualFold(response.Suggestion, meant) {
			c.Right++
			continue
		}
		if response.Suggestion == "" && len(response.Hits) > 0 {
			right, err := s.Search(ctx, Request{Query: meant, Language: lang, Size: 1})
			if err != nil {
				return nil, fmt.Errorf("ask %q: %w", meant, err)
			}
			if len(right.Hits) > 0 && right.Hits[0].ID == response.Hits[0].ID {
				c.Found++
				continue
			}
		}
		c.Wrong = append(c.Wrong, fmt.Sprintf("%s → %s, not %s", j.Query, response.Suggestion, meant))
	}
	return c, nil
}

// String is the evaluation as reviewed text.
func (c *Corrections) String() string {
	share := 100 * float64(c.Right) / float64(max(c.Misspelt-c.Found, 1))
	lines := append([]string{fmt.Sprintf("misspelt: %d\nfound all the same: %d\nof the others, right at first: %d (%.1f%%)",
		c.Misspelt, c.Found, c.Right, share)}, c.Wrong...)
	return strings.Join(lines, "\n") + "\n"
}

// Replacements say how often a word that is spelt well is taken for another.
type Replacements struct {
	Words    int
	Replaced []string // answered in the place of what was typed: typed → answered
	Offered  []string // asked whether it was meant
}

// EvaluateReplacements asks for each word by itself.
func (s *Service) EvaluateReplacements(ctx context.Context, lang string, words []string) (*Replacements, error) {
	r := &Replacements{Words: len(words)}
	for _, word := range words {
		response, err := s.Search(ctx, Request{Query: word, Language: lang, Size: 1})
		switch {
		case err != nil:
			return nil, fmt.Errorf("ask %q: %w", word, err)
		case response.Instead:
			r.Replaced = append(r.Replaced, word+" → "+response.Suggestion)
		case response.Suggestion != "":
			r.Offered = append(r.Offered, word+" → "+response.Suggestion)
		}
	}
	return r, nil
}

// String is the evaluation as reviewed text.
func (r *Replacements) String() string {
	lines := []string{fmt.Sprintf("words: %d\nreplaced: %d", r.Words, len(r.Replaced))}
	lines = append(lines, r.Replaced...)
	lines = append(append(lines, fmt.Sprintf("offered another: %d", len(r.Offered))), r.Offered...)
	return strings.Join(lines, "\n") + "\n"
}
