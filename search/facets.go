package search

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// facet is a property by which records are counted and filtered.
type facet int

const (
	facetType facet = iota
	facetCountry
	facetTheme
	facetYear
	facetLang
	facetCount
)

// facetNames are the names of facets in addresses and in JSON.
var facetNames = [facetCount]string{"type", "country", "theme", "year", "lang"}

// facets are the values a document gives its record. A theme's own record is
// of that theme, even where it does not say so.
func (d *head) facets() [facetCount][]string {
	values := [facetCount][]string{facetType: {d.Type}, facetCountry: d.Countries, facetTheme: d.Themes, facetLang: {d.Lang}}
	if own, ok := strings.CutPrefix(d.Record, "theme-"); ok && d.Type == facetNames[facetTheme] && len(d.Themes) == 0 {
		values[facetTheme] = []string{own}
	}
	if d.Year != 0 {
		values[facetYear] = []string{strconv.Itoa(d.Year)}
	}
	return values
}

// Filters are chosen facet values: any of one facet, and each facet that has any.
type Filters [facetCount][]string

// with returns filters that also have a value of the facet of that name.
func (f Filters) with(which facet, value string) Filters {
	f[which] = union(slices.Clone(f[which]), []string{value})
	return f
}

// without returns filters that lack the value.
func (f Filters) without(which facet, value string) Filters {
	f[which] = slices.DeleteFunc(slices.Clone(f[which]), func(v string) bool { return v == value })
	return f
}

// any says whether anything is filtered.
func (f Filters) any() bool {
	return slices.ContainsFunc(f[:], func(values []string) bool { return len(values) > 0 })
}

// FacetValue is a value of a facet with the number of records that choosing
// it, beside the other facets' filters, would leave.
type FacetValue struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Count int    `json:"count"`
}

// trait is a value of a facet, as a version has it.
type trait int32

// traitBits is how much of a trait is the number of its value.
const traitBits = 28

func traitOf(f facet, number int32) trait { return trait(int32(f)<<traitBits | number) }

func (t trait) facet() facet  { return facet(t >> traitBits) }
func (t trait) number() int32 { return int32(t) & (1<<traitBits - 1) }

// valueList numbers the values of a facet in a part.
type valueList struct {
	names    []string
	numbers  map[string]int32
	carriers [][]int32 // versions that have the value
}

// number is that of a value, which it gets at first sight.
func (p *part) number(f facet, value string) int32 {
	l := &p.values[f]
	n, ok := l.numbers[value]
	if ok {
		return n
	}
	if l.numbers == nil {
		l.numbers = map[string]int32{}
	}
	n = int32(len(l.names))
	l.names = append(l.names, value)
	l.numbers[value] = n
	l.carriers = append(l.carriers, nil)
	if key := p.analyzers.key(value); f == facetType {
		p.types[key] = append(p.types[key], value)
	}
	return n
}

// typesNamed are the types of visible records that a key names.
func (p *partMatch) typesNamed(key string) []tag {
	var tags []tag
	for _, kind := range p.types[key] {
		if p.sees(facetType, p.values[facetType].numbers[kind]) {
			tags = append(tags, tag{facet: facetType, value: kind})
		}
	}
	return tags
}

// chosen are the values of filters as a part numbers them; -1 is a value that
// it does not have.
type chosen [facetCount][]int32

func (p *part) chosen(filters *Filters) chosen {
	var c chosen
	for f, values := range filters {
		for _, value := range values {
			n, ok := p.values[f].numbers[value]
			if !ok {
				n = -1
			}
			c[f] = append(c[f], n)
		}
	}
	return c
}

// misses returns the number of facets whose filter a version fails, and one of
// them.
func (c *chosen) misses(v *version) (n int, which facet) {
	for f := range facetCount {
		if len(c[f]) > 0 && !c.has(f, v) {
			n, which = n+1, f
		}
	}
	return n, which
}

// has says whether a version has any of the values of a facet.
func (c *chosen) has(f facet, v *version) bool {
	return slices.ContainsFunc(v.traits, func(t trait) bool { return t.facet() == f && slices.Contains(c[f], t.number()) })
}

// hits says whether a version has any of the values.
func (c *chosen) hits(v *version) bool {
	return slices.ContainsFunc(v.traits, func(t trait) bool { return slices.Contains(c[t.facet()], t.number()) })
}

// tally counts the records of a value, each once, however many of its versions
// come: they come together.
type tally struct{ n, last int32 }

// tallies counts records per facet value. A version that fails one filter still
// counts for that filter's facet, so that a choice does not hide its
// alternatives.
type tallies [facetCount][]tally

// reset makes room for the values of a part.
func (t *tallies) reset(p *part) {
	for f := range t {
		t[f] = slices.Grow(t[f][:0], len(p.values[f].names))[:len(p.values[f].names)]
		clear(t[f])
	}
}

// add counts a version that misses so many filters, one of them that of which.
func (t *tallies) add(v *version, missed int, which facet) {
	if missed > 1 {
		return
	}
	for _, m := range v.traits {
		f := m.facet()
		if c := &t[f][m.number()]; c.last != v.record+1 && (missed == 0 || f == which) {
			*c = tally{c.n + 1, v.record + 1}
		}
	}
}

// counts are the numbers of records by facet and value; chosen values are
// among them whatever their number.
type counts [facetCount]map[string]int

func newCounts(filters Filters) counts {
	var c counts
	for f := range c {
		c[f] = map[string]int{}
		for _, value := range filters[f] {
			c[f][value] = 0
		}
	}
	return c
}

func (c *counts) add(p *part, t *tallies) {
	for f := range t {
		for value, tally := range t[f] {
			if tally.n > 0 {
				c[f][p.values[f].names[value]] += int(tally.n)
			}
		}
	}
}

// values lists a facet: most frequent first, years from the latest.
func (c *counts) values(f facet, label func(value string) string) []FacetValue {
	out := make([]FacetValue, 0, len(c[f]))
	for value, n := range c[f] {
		out = append(out, FacetValue{value, label(value), n})
	}
	slices.SortFunc(out, func(a, b FacetValue) int {
		if f == facetYear {
			return cmp.Compare(b.Value, a.Value)
		}
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value))
	})
	return out
}
