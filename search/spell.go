package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	index "github.com/blevesearch/bleve_index_api"
)

// candidate is a word that a misspelt one may have meant.
type candidate struct {
	word     string
	distance int
	docs     int  // visible documents that hold it
	own      bool // one of them is in the reader's language
	part     *partMatch
	first    int32 // one of them
}

// correct offers the query with every word that no visible document holds
// replaced by the most frequent near word that a visible document does hold.
// It is "" when there is nothing to offer. Beside words that were found, a
// correction is in the reader's language.
func (m *matcher) correct(ctx context.Context, q query, lang string) (string, error) {
	text, changed := q.text, false
	for i, c := range q.want {
		if m.found[i] || c.optional || len(c.words) > 1 {
			continue
		}
		best, err := m.nearest(ctx, c.words[0], lang, slices.Contains(m.found, true))
		if err != nil {
			return "", err
		}
		if best == nil {
			continue
		}
		word, err := m.spelling(best)
		if err != nil {
			return "", err
		}
		if at := strings.Index(text, c.surface); at >= 0 {
			text, changed = text[:at]+word+text[at+len(c.surface):], true
			continue
		}
		if at := strings.Index(strings.ToLower(text), c.surface); at >= 0 && len(strings.ToLower(text)) == len(text) {
			text, changed = text[:at]+word+text[at+len(c.surface):], true
		}
	}
	if !changed {
		return "", nil
	}
	return text, nil
}

// nearest finds the best correction of a word, nil when none is near.
func (m *matcher) nearest(ctx context.Context, word, lang string, own bool) (*candidate, error) {
	reach := reachOf(word)
	if reach == 0 {
		return nil, nil
	}
	byWord := map[string]*candidate{}
	for _, p := range m.parts {
		if err := m.near(ctx, p, word, lang, reach, byWord); err != nil {
			return nil, fmt.Errorf("correct %q: %w", word, err)
		}
	}
	var best *candidate
	for _, c := range byWord {
		likely := c.docs > 0 && (c.own || !own) && (c.distance < 2 || c.word[0] == word[0])
		if likely && (best == nil || compareCandidates(word, c, best) < 0) {
			best = c
		}
	}
	return best, nil
}

// reachOf is how many letters of a word may be wrong: a short word is near to
// many that were not meant.
func reachOf(word string) int {
	switch n := utf8.RuneCountInString(word); {
	case n < 4 || n > 40:
		return 0
	case n < 6:
		return 1
	default:
		return 2
	}
}

// near adds a part's words within reach of word that the reader may see.
func (m *matcher) near(ctx context.Context, p *partMatch, word, lang string, reach int, byWord map[string]*candidate) error {
	fuzzy, ok := p.reader.(index.IndexReaderFuzzy)
	if !ok {
		return nil
	}
	dict, err := fuzzy.FieldDictFuzzy(exactField, word, reach, "")
	if err != nil {
		return err
	}
	defer dict.Close()
	for {
		d, err := dict.Next()
		if err != nil || d == nil {
			return err
		}
		if m.analyzers.isStop(d.Term) {
			continue
		}
		c := byWord[d.Term]
		if c == nil {
			c = &candidate{word: d.Term, distance: distance(word, d.Term)}
		}
		if err := m.count(ctx, p, c, lang); err != nil {
			return err
		}
		byWord[d.Term] = c
	}
}

// count adds the documents of a part that hold a candidate and are visible.
func (m *matcher) count(ctx context.Context, p *partMatch, c *candidate, lang string) error {
	tr, err := p.reader.TermFieldReader(ctx, []byte(c.word), exactField, false, false, false)
	if err != nil {
		return err
	}
	defer tr.Close()
	var room index.TermFieldDoc
	for {
		d, err := tr.Next(room.Reset())
		if err != nil || d == nil {
			return err
		}
		n := int32(d.ID.Value())
		if !p.see[p.entries[n].audience] {
			continue
		}
		if c.docs == 0 || c.part == p && p.entries[n].sort < p.entries[c.first].sort {
			c.part, c.first = p, n
		}
		c.docs++
		c.own = c.own || p.entries[n].textLang() == lang
	}
}

// compareCandidates puts the likelier correction of word first.
func compareCandidates(word string, a, b *candidate) int {
	begins := func(c *candidate) int {
		if c.word[0] == word[0] {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(begins(a), begins(b)),
		cmp.Compare(b.docs, a.docs), strings.Compare(a.word, b.word))
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

// distance is the number of letters put in, left out, changed or swapped with
// their neighbour between two words.
func distance(x, y string) int {
	a, b := []rune(x), []rune(y)
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
