package search

import (
	"maps"
	"slices"
)

// lexicon is a thesaurus in several languages: what else a name means.
type lexicon map[string][]meaning

// meaning is another name of what a name means.
type meaning struct {
	words   []string
	text    string
	foreign bool // in a language to which the name itself does not belong
}

// lexicon maps the key of each name to the others of its terms.
func (a *analyzers) lexicon(terms []Term) lexicon {
	all := lexicon{}
	for _, t := range terms {
		for _, lang := range slices.Sorted(maps.Keys(t)) {
			for _, name := range t[lang] {
				key := a.key(name)
				all[key] = a.meanings(all[key], t, key, lang)
			}
		}
	}
	return all
}

// meanings adds the names of a term that are not key itself.
func (a *analyzers) meanings(known []meaning, t Term, key, lang string) []meaning {
	for _, other := range slices.Sorted(maps.Keys(t)) {
		for _, name := range t[other] {
			m := meaning{a.words(name), name, lang != "" && other != "" && lang != other}
			same := func(k meaning) bool { return slices.Equal(k.words, m.words) }
			switch i := slices.IndexFunc(known, same); {
			case len(m.words) == 0 || a.key(name) == key:
			case i < 0:
				known = append(known, m)
			default:
				known[i].foreign = known[i].foreign && m.foreign
			}
		}
	}
	return known
}
