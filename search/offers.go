package search

import (
	"slices"
	"strings"
)

// suffix is what follows the beginning of a word in one of a version's names.
// Sorted, the suffixes of all names answer what a typed text begins.
type suffix struct {
	text     string // shares the name's memory
	version  int32
	audience int32
	lang     uint8 // into languages
	title    uint8 // length of the version's title
	whole    bool  // the name from its first word
}

// suffixes are those of all names of a part, in the order of their texts.
type suffixes struct {
	sorted    []suffix
	languages []string
}

// suffixesOf makes the table. It takes some milliseconds for a large site, so
// it is made when somebody first types, not while an index is being opened.
func (p *part) suffixesOf() suffixes {
	var all suffixes
	numbers := map[string]int32{}
	for i := range p.versions {
		v := &p.versions[i]
		x := suffix{version: int32(i), audience: v.audience, lang: uint8(number(numbers, v.lang)), title: uint8(v.titleLength())}
		if len(numbers) > len(all.languages) {
			all.languages = append(all.languages, v.lang)
		}
		for _, c := range v.called {
			x.text, x.whole = c.key, true
			all.sorted = append(all.sorted, x)
			for at, r := range c.key {
				if r == ' ' {
					x.text, x.whole = c.key[at+1:], false
					all.sorted = append(all.sorted, x)
				}
			}
		}
	}
	slices.SortFunc(all.sorted, func(a, b suffix) int { return strings.Compare(a.text, b.text) })
	return all
}

// beginning are the suffixes that begin with what was typed.
func (x *suffixes) beginning(typed string) []suffix {
	all := x.sorted
	from, _ := slices.BinarySearchFunc(all, typed, func(s suffix, t string) int { return strings.Compare(s.text, t) })
	to, _ := slices.BinarySearchFunc(all[from:], typed, func(s suffix, t string) int {
		if strings.HasPrefix(s.text, t) {
			return -1
		}
		return 1
	})
	return all[from : from+to]
}

// Suggestions are ordered by how near a name is, then by the reader's own
// language, then by the length of the title. These make one small number, so
// that of many names only the first few are looked at closely.
const (
	titleLengths = 128 // longer titles count as this
	placeCount   = int(hasWords) * 2 * titleLengths
)

func (s *suffix) place(typed string, own uint8) int {
	near := beginsWord
	switch {
	case s.whole && len(s.text) == len(typed):
		near = same
	case s.whole:
		near = begins
	}
	other := 1
	if s.lang == own {
		other = 0
	}
	return (int(near)*2+other)*titleLengths + int(s.title)
}

func (v *version) titleLength() int {
	if len(v.called) == 0 {
		return titleLengths - 1
	}
	return min(len(v.called[0].key), titleLengths-1)
}

// maxScattered is the longest list of words that is looked for out of order.
const maxScattered = 12

// offers are the part's first suggestions, among them those that a reader is
// shown.
func (p *part) offers(words []string, lang string, see []bool) map[string]offer {
	typed, names := strings.Join(words, " "), p.suffixes()
	own := uint8(slices.Index(names.languages, lang)) // -1 is nobody's number
	found := names.beginning(typed)
	var counts [placeCount]int
	for i := range found {
		if see[found[i].audience] {
			counts[found[i].place(typed, own)]++
		}
	}
	best := map[string]offer{}
	put := func(s *suffix) {
		if o := p.offer(&p.versions[s.version], words, lang); o.near < unlike {
			keepBetter(best, o)
		}
	}
	for from := 0; from < placeCount && len(best) < maxSuggestions; {
		to, n := from, 0
		for ; to < placeCount && n < maxSuggestions; to++ {
			n += counts[to]
		}
		for i := range found {
			if at := found[i].place(typed, own); n > 0 && from <= at && at < to && see[found[i].audience] {
				put(&found[i])
			}
		}
		from = to
	}
	if len(best) >= maxSuggestions || len(words) < 2 || len(words) > maxScattered {
		return best
	}
	for _, w := range words {
		if few := names.beginning(w); w == words[0] || len(few) < len(found) {
			found = few
		}
	}
	for i := range found {
		if see[found[i].audience] {
			put(&found[i])
		}
	}
	return best
}

// number gives each key a number in the order of first sight.
func number(seen map[string]int32, key string) int32 {
	n, ok := seen[key]
	if !ok {
		n = int32(len(seen))
		seen[key] = n
	}
	return n
}
