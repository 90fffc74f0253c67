package search

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Vocabulary tells a search that has no stemmers of its own, such as the one
// of an exported copy, what words mean to this one.
type Vocabulary struct {
	// Stops are the words of all languages that carry no meaning, folded.
	Stops []string
	// Families are the folded words of the corpus that have one stem in some
	// language; a word that is alone is left out. A word can be in several.
	Families [][]string
}

// plainWord is a word as such a search reads it.
var plainWord = regexp.MustCompile(`[\p{L}\p{M}\p{N}]+`)

// Vocabulary reads every text of the corpus.
func (c *Corpus) Vocabulary() Vocabulary {
	a := newAnalyzers()
	stems := map[string]map[string]bool{} // language and stem → words
	seen := map[string]bool{}
	for i := range c.Documents {
		d := &c.Documents[i]
		lang := d.textLang()
		for _, surface := range plainWord.FindAllString(strings.ToLower(d.Title+" "+d.Heading+" "+d.Body), -1) {
			if seen[lang+surface] {
				continue
			}
			seen[lang+surface] = true
			for _, stem := range a.terms(lang, surface) {
				key := lang + ":" + stem
				if stems[key] == nil {
					stems[key] = map[string]bool{}
				}
				stems[key][foldText(surface)] = true
			}
		}
	}
	var v Vocabulary
	for _, words := range stems {
		if len(words) > 1 {
			v.Families = append(v.Families, slices.Sorted(maps.Keys(words)))
		}
	}
	slices.SortFunc(v.Families, slices.Compare)
	v.Families = slices.CompactFunc(v.Families, slices.Equal)
	stops := map[string]bool{}
	for _, words := range a.stops {
		for w := range words {
			stops[foldText(w)] = true
		}
	}
	v.Stops = slices.Sorted(maps.Keys(stops))
	return v
}
