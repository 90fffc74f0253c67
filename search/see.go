package search

import (
	"slices"
	"strings"
)

// Pointer leads from words that a reader may ask for in vain to records that
// may help all the same.
type Pointer struct {
	Words   Term
	Records []string // ids
}

// maxSeen bounds the records that one question is led to.
const maxSeen = 5

// pointers maps the keys of words, and of single words their stems, to ids.
func (a *analyzers) pointers(all []Pointer) map[string][]string {
	to := map[string][]string{}
	for _, p := range all {
		for lang, names := range p.Words {
			for _, name := range names {
				keys := []string{a.key(name)}
				if _, ok := a.byLang[lang]; ok && !strings.Contains(keys[0], " ") {
					keys = append(keys, a.stemKey(lang, name)...)
				}
				for _, key := range keys {
					to[key] = union(to[key], p.Records)
				}
			}
		}
	}
	return to
}

func (a *analyzers) stemKey(lang, word string) (keys []string) {
	for _, stem := range a.terms(lang, word) {
		keys = append(keys, lang+":"+stem)
	}
	return keys
}

// see are the visible records that may help where nothing was found. The gate
// must be held.
func (s *Service) see(m *matcher, q query) []Suggestion {
	if s.site == nil {
		return nil
	}
	ids := slices.Clone(s.site.pointers[s.analyzers.key(q.bare)])
	for _, c := range q.want {
		ids = union(ids, s.site.pointers[strings.Join(c.words, " ")])
		if len(c.words) == 1 && len(ids) < maxSeen {
			for _, lang := range languages() {
				for _, key := range s.analyzers.stemKey(lang, c.surface) {
					ids = union(ids, s.site.pointers[key])
				}
			}
		}
	}
	var all []Suggestion
	for _, id := range ids[:min(len(ids), maxSeen)] {
		if to := m.named(id); to != nil {
			all = append(all, *to)
		}
	}
	return all
}

// named is the record of an id, nil when the reader may not see it.
func (m *matcher) named(id string) *Suggestion {
	if e := m.visibleHead(id); e != nil {
		return &Suggestion{Text: e.Title, URL: e.URL, Type: e.Type}
	}
	return nil
}

// visibleHead is a record's head in the reader's language, or else in another,
// nil when the reader may not see the record.
func (m *matcher) visibleHead(id string) (best *entry) {
	for _, p := range m.parts {
		r, ok := p.byRecord[id]
		if !ok {
			continue
		}
		for _, n := range p.records[r].versions {
			v := &p.versions[n]
			e := p.entries[v.head]
			switch {
			case !p.see[v.audience]:
			case e.Lang == m.reads:
				return e
			case best == nil || compareEntries(e, best) < 0:
				best = e
			}
		}
	}
	return best
}
