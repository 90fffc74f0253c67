package search

import (
	"context"
	"fmt"
	"unicode/utf8"
)

// minBegun is the fewest letters that tell which word was begun.
const minBegun = 4

// complete finds the word that was begun: among visible words of the query's
// language, the one that most documents hold. It is nil when there is none.
func (m *matcher) complete(ctx context.Context, word, lang string) (*candidate, error) {
	if utf8.RuneCountInString(word) < minBegun {
		return nil, nil
	}
	var best *candidate
	seen := map[string]bool{}
	consider := func(term string) error {
		if seen[term] {
			return nil
		}
		seen[term] = true
		c := &candidate{word: term}
		for _, p := range m.parts {
			if err := m.count(ctx, p, c, lang); err != nil {
				return err
			}
		}
		if c.own > 0 && (best == nil || compareCandidates(c, best) < 0) {
			best = c
		}
		return nil
	}
	for _, p := range m.parts {
		for _, segment := range p.segments {
			if err := segment.like(exactField, beginning(word), consider); err != nil {
				return nil, fmt.Errorf("complete %q: %w", word, err)
			}
		}
	}
	return best, nil
}

// beginning accepts the words that begin with it. Its states count the bytes
// that were read, one more than all of them being a dead end.
type beginning string

func (b beginning) Start() int                 { return 0 }
func (b beginning) IsMatch(state int) bool     { return state == len(b) }
func (b beginning) CanMatch(state int) bool    { return state <= len(b) }
func (b beginning) WillAlwaysMatch(s int) bool { return s == len(b) }

func (b beginning) Accept(state int, next byte) int {
	switch {
	case state == len(b):
		return state
	case state < len(b) && b[state] == next:
		return state + 1
	default:
		return len(b) + 1
	}
}
