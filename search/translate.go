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

// eachTranslation calls f with what the titles of a record are in its other
// languages.
func (p *part) eachTranslation(record int32, f func(key string, t translation)) {
	a, versions := p.analyzers, p.records[record].versions
	if len(versions) < 2 {
		return
	}
	for _, from := range versions {
		key := a.key(p.entries[p.versions[from].head].Title)
		if key == "" || strings.Count(key, " ") >= titleWords {
			continue
		}
		for _, to := range versions {
			title := p.entries[p.versions[to].head].Title
			words := a.words(title)
			if p.versions[from].lang != p.versions[to].lang && len(words) > 0 && len(words) <= titleWords && strings.Join(words, " ") != key {
				f(key, translation{from, to, meaning{words, title, true}})
			}
		}
	}
}

// translated are the titles of visible records that translate key, in an order
// that tells nothing of when they came.
func (p *partMatch) translated(key string) []meaning {
	var all []meaning
	for _, t := range p.translations[key] {
		if p.see[p.versions[t.from].audience] && p.see[p.versions[t.to].audience] {
			all = append(all, t.meaning)
		}
	}
	slices.SortFunc(all, func(x, y meaning) int { return strings.Compare(x.text, y.text) })
	return all
}

// collectForeign gathers, behind a clause, what its translations find in
// versions that do not hold the clause itself.
func (m *matcher) collectForeign(ctx context.Context, c clause) error {
	if len(c.foreign) == 0 {
		return nil
	}
	for _, p := range m.parts {
		p.direct = map[int32]bool{}
		for _, n := range p.touched {
			p.direct[p.facts.version[n]] = true
		}
		defer func() { p.direct, p.via = nil, "" }()
	}
	var looked [][]string
	for _, f := range c.foreign {
		same := func(words []string) bool { return slices.Equal(words, f.words) }
		if m.spent() || slices.ContainsFunc(looked, same) {
			continue
		}
		looked = append(looked, f.words)
		for _, p := range m.parts {
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
	v := p.facts.version[n]
	if p.direct[v] {
		return false
	}
	p.match(v).via = true
	if p.vias == nil {
		p.vias = map[int32][]string{}
	}
	p.vias[v] = union(p.vias[v], []string{p.via})
	return true
}
