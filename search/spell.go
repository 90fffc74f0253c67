package search

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/vellum/levenshtein"
)

// candidate is a word that a misspelt one may have meant.
type candidate struct {
	word  string
	slips float64 // what the misspelling costs
	docs  int     // visible documents that hold it
	own   int     // those of them in the language of the query
	part  *partMatch
	first int32 // one of them, in that language if there is one
}

// maxCorrected bounds the words of a query that are looked for among all words.
const maxCorrected = 5

// correction is a query with other words in the place of misspelt ones.
type correction struct {
	text string // "" when there is nothing to offer
	sure bool   // enough to be answered in the query's place, where that finds nothing
}

// correct offers the query with every word that no visible document holds
// replaced by the likeliest near word that a visible document does hold, or by
// two that it may be made of. Beside words that were found, a correction is in
// the language of the query.
func (m *matcher) correct(ctx context.Context, q query, lang string) (correction, error) {
	all, corrected := correction{q.text, true}, 0
	for i, c := range q.want {
		if c.optional || len(c.words) > 1 || c.exact || corrected == maxCorrected {
			continue
		}
		word, err := m.correctWord(ctx, i, c, lang)
		if err != nil {
			return correction{}, err
		}
		if word.text != "" {
			all = correction{replaceWord(all.text, c.surface, word.text), all.sure && word.sure}
			corrected++
		}
	}
	if all.text == q.text {
		return correction{}, nil
	}
	return all, nil
}

func (m *matcher) correctWord(ctx context.Context, i int, c clause, lang string) (correction, error) {
	how, err := m.held(ctx, i, c, lang)
	switch {
	case err != nil || how == asTyped:
		return correction{}, err
	case how == byStem:
		return m.slipIn(ctx, c.words[0], lang)
	default:
		return m.instead(ctx, c.words[0], lang, slices.Contains(m.found, true))
	}
}

// replaceWord puts a correction in the place of what was typed.
func replaceWord(text, typed, word string) string {
	if before, after, ok := strings.Cut(text, typed); ok {
		return before + word + after
	}
	lower := strings.ToLower(text)
	if at := strings.Index(lower, typed); at >= 0 && len(lower) == len(text) {
		return text[:at] + word + text[at+len(typed):]
	}
	return text
}

// holding says how a word was found.
type holding int

const (
	notHeld holding = iota
	byStem          // in another form: what was typed may be one that no text has, or a slip
	asTyped         // or by a name
)

// held says how a wanted word was found: as it was typed, by a name, or by its
// stem in the language of the query. A stem that only another language makes
// of it is no proof.
func (m *matcher) held(ctx context.Context, i int, c clause, lang string) (holding, error) {
	if !m.found[i] {
		return notHeld, nil
	}
	if len(c.synonyms)+len(c.tags) > 0 {
		return asTyped, nil
	}
	if any, err := m.holds(ctx, exactField, c.words[0]); any || err != nil {
		return asTyped, err
	}
	for _, stem := range m.analyzers.terms(lang, c.surface) {
		if any, err := m.holds(ctx, lang, stem); any || err != nil {
			return byStem, err
		}
	}
	return notHeld, nil
}

// holds says whether any visible document holds a term.
func (m *matcher) holds(ctx context.Context, field, term string) (any bool, err error) {
	for _, p := range m.parts {
		err := p.each(ctx, field, term, func(int32, uint64) bool {
			any = true
			return false
		})
		if any || err != nil {
			return any, err
		}
	}
	return false, nil
}

// instead is what to write for a word that nothing holds.
func (m *matcher) instead(ctx context.Context, word, lang string, own bool) (correction, error) {
	begun, err := m.complete(ctx, word, lang)
	if err != nil {
		return correction{}, err
	}
	if begun != nil {
		text, err := m.spelling(begun)
		return correction{text, true}, err
	}
	best, err := m.nearest(ctx, word, lang, func(c *candidate) bool { return c.likely(word) && (c.own > 0 || !own) })
	if err != nil {
		return correction{}, err
	}
	if best == nil || best.slips > 1 {
		parts, err := m.split(ctx, word, lang)
		if parts != "" || err != nil {
			return correction{parts, true}, err
		}
	}
	if best == nil {
		return correction{}, nil
	}
	text, err := m.spelling(best)
	return correction{text, best.sure(word)}, err
}

// slipIn is what to write for a word that was found by its stem, if it is
// misspelt and not another form of a word.
func (m *matcher) slipIn(ctx context.Context, word, lang string) (correction, error) {
	best, err := m.nearest(ctx, word, lang, func(c *candidate) bool { return c.own > 0 && slipped(word, c.word) })
	if best == nil || err != nil {
		return correction{}, err
	}
	text, err := m.spelling(best)
	return correction{text, false}, err
}

// onlyEndings says whether a correction only adds or takes away endings of
// words: these may be forms that no text has, and no slips.
func onlyEndings(typed, corrected string) bool {
	a, b := strings.Fields(typed), strings.Fields(corrected)
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !strings.HasPrefix(a[i], b[i]) && !strings.HasPrefix(b[i], a[i]) {
			return false
		}
	}
	return true
}

// minHalf is the fewest letters of a word that another may run into.
const minHalf = 4

// maxRun is the most letters that are looked at as two words.
const maxRun = 40

// split cuts a word in two that visible documents in the language of the query
// hold, where a blank was left out; the cut is where the rarer half is met most.
func (m *matcher) split(ctx context.Context, word, lang string) (string, error) {
	if utf8.RuneCountInString(word) > maxRun {
		return "", nil
	}
	var best string
	most := 0
	for at := minHalf; at <= len(word)-minHalf; at++ {
		fewest := math.MaxInt
		for _, half := range []string{word[:at], word[at:]} {
			c := &candidate{word: half}
			for _, p := range m.parts {
				if err := m.count(ctx, p, c, lang); err != nil {
					return "", fmt.Errorf("split %q: %w", word, err)
				}
			}
			if fewest = min(fewest, c.own); fewest == 0 {
				break
			}
		}
		if fewest > most {
			best, most = word[:at]+" "+word[at:], fewest
		}
	}
	return best, nil
}

// nearest finds the best correction of a word among those that will do, nil
// when none is near.
func (m *matcher) nearest(ctx context.Context, word, lang string, willDo func(*candidate) bool) (*candidate, error) {
	reach := reachOf(word)
	if reach == 0 {
		return nil, nil
	}
	near, err := m.analyzers.automaton(word, reach)
	if err != nil {
		return nil, fmt.Errorf("correct %q: %w", word, err)
	}
	byWord := map[string]*candidate{}
	for _, p := range m.parts {
		if err := m.near(ctx, p, near, word, lang, byWord); err != nil {
			return nil, fmt.Errorf("correct %q: %w", word, err)
		}
	}
	var best *candidate
	for _, c := range byWord {
		if c.docs > 0 && willDo(c) && (best == nil || compareCandidates(c, best) < 0) {
			best = c
		}
	}
	return best, nil
}

// near adds a part's words near to word that the reader may see.
func (m *matcher) near(ctx context.Context, p *partMatch, near *levenshtein.DFA, word, lang string, byWord map[string]*candidate) error {
	seen := map[string]bool{}
	for _, segment := range p.segments {
		err := segment.like(exactField, near, func(term string) error {
			if seen[term] || m.analyzers.isStop(term) {
				return nil
			}
			seen[term] = true
			c := byWord[term]
			if c == nil {
				c = &candidate{word: term, slips: slips(word, term)}
				byWord[term] = c
			}
			return m.count(ctx, p, c, lang)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// maxReach is the most letters of a word that may be wrong.
const maxReach = 2

// automaton accepts the words within reach of one, two neighbours that changed
// places being one mistake.
func (a *analyzers) automaton(word string, reach int) (*levenshtein.DFA, error) {
	builder, err := a.near[reach-1]()
	if err != nil {
		return nil, err
	}
	return builder.BuildDfa(word, uint8(reach))
}

// count adds the documents of a part that hold a candidate and are visible.
func (m *matcher) count(ctx context.Context, p *partMatch, c *candidate, lang string) error {
	return p.each(ctx, exactField, c.word, func(n int32, _ uint64) bool {
		own := p.entries[n].textLang() == lang
		switch {
		case c.docs == 0 || own && c.own == 0:
			c.part, c.first = p, n
		case c.part == p && own == (c.own > 0) && compareEntries(p.entries[n], p.entries[c.first]) < 0:
			c.first = n
		}
		c.docs++
		if own {
			c.own++
		}
		return true
	})
}

// foreignCost is added to words that no text in the language of the query holds.
const foreignCost = 0.7

// rareness is what a word gains by being met ten times as often.
const rareness = 0.2

// compareCandidates puts the likelier correction first. Among words that cost
// much the same, it is the one that is met more often.
func compareCandidates(a, b *candidate) int {
	cost := func(c *candidate) float64 {
		if c.own == 0 {
			return c.slips + foreignCost - rareness*math.Log10(float64(c.docs))
		}
		return c.slips - rareness*math.Log10(float64(c.own))
	}
	return cmp.Or(cmp.Compare(round(cost(a)), round(cost(b))), cmp.Compare(b.docs, a.docs), strings.Compare(a.word, b.word))
}

// spelling is how a text writes a candidate, accents and all.
func (m *matcher) spelling(c *candidate) (string, error) {
	e := c.part.entries[c.first]
	text, err := c.part.body(c.first)
	if err != nil {
		return "", err
	}
	for _, s := range slices.Concat([]string{text, e.Heading, e.Title, e.Symbol}, e.Acronyms, e.Names) {
		for _, t := range m.analyzers.plain.Analyze([]byte(s)) {
			if string(t.Term) == c.word {
				return s[t.Start:t.End], nil
			}
		}
	}
	return c.word, nil
}
