package search

import (
	"context"
	"slices"
	"strings"
)

// titleWords is the most words that make a title a term, which is worth
// looking for in another language.
const titleWords = 5

// translation is the title of a record in another language, known to those who
// may see both.
type translation struct {
	from, to int32 // versions
	meaning
}

// translate notes what the titles of records are in their other languages.
func (p *part) translate(a *analyzers) {
	p.translations = map[string][]translation{}
	for from := range p.versions {
		v := &p.versions[from]
		key := a.key(p.entries[v.head].Title)
		if key == "" || strings.Count(key, " ") >= titleWords {
			continue
		}
		// The versions of a record stand together.
		for to := from - 1; to >= 0 && p.versions[to].record == v.record; to-- {
			p.pairTitles(a, int32(from), int32(to))
			p.pairTitles(a, int32(to), int32(from))
		}
	}
}

func (p *part) pairTitles(a *analyzers, from, to int32) {
	if p.versions[from].lang == p.versions[to].lang {
		return
	}
	title := p.entries[p.versions[to].head].Title
	key, words := a.key(p.entries[p.versions[from].head].Title), a.words(title)
	if len(words) == 0 || len(words) > titleWords || strings.Join(words, " ") == key {
		return
	}
	p.translations[key] = append(p.translations[key], translation{from, to, meaning{words, title, true}})
}

// translated are the titles of visible records that translate key.
func (p *partMatch) translated(key string) []meaning {
	var all []meaning
	for _, t := range p.translations[key] {
		if p.see[p.part.versions[t.from].audience] && p.see[p.part.versions[t.to].audience] {
			all = append(all, t.meaning)
		}
	}
	return all
}

// collectForeign gathers, behind a clause, what its translations find in
// versions that do not hold the clause itself.
func (m *matcher) collectForeign(ctx context.Context, c clause) error {
	if len(c.foreign) == 0 {
		return nil
	}
	for _, p := range m.parts {
		direct := map[int32]bool{}
		for _, n := range p.touched {
			direct[p.entries[n].version] = true
		}
		p.direct = direct
		defer func() { p.direct, p.via = nil, "" }()
		var looked [][]string
		for _, f := range c.foreign {
			same := func(words []string) bool { return slices.Equal(words, f.words) }
			if slices.ContainsFunc(looked, same) {
				continue
			}
			looked = append(looked, f.words)
			p.via = f.text
			if err := m.phrase(ctx, p, f.words, translationWeight); err != nil {
				return err
			}
		}
	}
	return nil
}

// passes says whether a document counts for the clause at hand, and notes the
// translation that is looked for.
func (p *partMatch) passes(n int32) bool {
	if p.via == "" {
		return true
	}
	v := p.entries[n].version
	if p.direct[v] {
		return false
	}
	p.versions[v].via = union(p.versions[v].via, []string{p.via})
	return true
}
