package search

import (
	"slices"
	"strings"
)

// maxNameContent is the most words, small ones not counted, of a name that is
// known by them in any order.
const maxNameContent = 4

// eachPin calls f with the keys by which a version is asked for by name: its
// names, and their words in any order without the small ones, so that the
// verdrag van 1961 is also the verdrag 1961.
func (p *part) eachPin(v *version, f func(key string)) {
	for _, c := range v.called {
		f(c.key)
		if !strings.Contains(c.text, " ") {
			continue // a symbol, in which every letter counts
		}
		words := p.analyzers.content(strings.Fields(c.key))
		if loose := inAnyOrder(words); len(words) > 1 && len(words) <= maxNameContent && loose != c.key {
			f(loose)
		}
	}
}

// content are the words that carry a meaning.
func (a *analyzers) content(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), a.isStop)
}

func inAnyOrder(words []string) string {
	words = slices.Clone(words)
	slices.Sort(words)
	return strings.Join(slices.Compact(words), " ")
}

// asking is a name that a query may be, of a record of one of some types where
// it says so: recommendation NS 3.
type asking struct {
	key   string
	types []string // none is any
}

// askings are the names that a query may be.
func (q *query) askings(a *analyzers) []asking {
	all := []asking{{key: a.key(q.bare)}}
	var words, types []string // what is asked for, without the kind of record
	var telling []string
	for _, c := range q.want {
		types = append(types, c.kinds...)
		if len(c.kinds) > 0 {
			continue
		}
		words = append(words, c.words...)
		if !c.optional {
			telling = append(telling, c.words...)
		}
	}
	if len(telling) == 0 || len(telling) > maxNameContent {
		return all
	}
	if len(types) > 0 {
		all = append(all, asking{strings.Join(words, " "), types}, asking{strings.Join(telling, " "), types})
	}
	return append(all, asking{inAnyOrder(telling), types})
}

// findKinds notes the types that words of a query stand for, in any language.
func (s *Service) findKinds(q *query) {
	if s.site == nil || q.needed() > maxNameContent+1 {
		return // no name is that long
	}
	named := s.site.named[facetType]
	for i := range q.want {
		c := &q.want[i]
		if c.optional || c.exact || len(c.words) > 1 {
			continue
		}
		for _, key := range append(s.analyzers.stemKeys(c.surface), c.words[0]) {
			c.kinds = union(c.kinds, named[key])
		}
	}
}

// pin marks the versions whose very name was asked for.
func (m *matcher) pin(q query) {
	if len(q.exclude) > 0 {
		return
	}
	for _, asked := range q.askings(m.analyzers) {
		for _, p := range m.parts {
			for _, v := range p.pins[asked.key] {
				kind := p.entries[p.versions[v].head].Type
				if p.see[p.versions[v].audience] && (len(asked.types) == 0 || slices.Contains(asked.types, kind)) {
					p.match(v).pinned = true
				}
			}
		}
	}
}
