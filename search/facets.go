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
func (d *Document) facets() [facetCount][]string {
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

// misses returns the number of facets whose filter a version fails, and one of
// them.
func (f *Filters) misses(v *version) (n int, which facet) {
	for i := range facetCount {
		chosen := f[i]
		if len(chosen) > 0 && !slices.ContainsFunc(v.values[i], func(x string) bool { return slices.Contains(chosen, x) }) {
			n, which = n+1, i
		}
	}
	return n, which
}

// FacetValue is a value of a facet with the number of records that choosing
// it, beside the other facets' filters, would leave.
type FacetValue struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Count int    `json:"count"`
}

// counter counts records per facet value. A version that fails one filter
// still counts for that filter's facet, so that a choice does not hide its
// alternatives.
type counter struct {
	counts [facetCount]map[string]*tally
}

// tally counts a record once, however many of its versions come.
type tally struct{ n, part, record int }

func newCounter(chosen Filters) *counter {
	c := &counter{}
	for f := range c.counts {
		c.counts[f] = map[string]*tally{}
		for _, value := range chosen[f] {
			c.counts[f][value] = &tally{part: -1}
		}
	}
	return c
}

// add counts a version of a record; versions of one record come together.
func (c *counter) add(f facet, part int, v *version) {
	for _, value := range v.values[f] {
		t := c.counts[f][value]
		if t == nil {
			t = &tally{part: -1}
			c.counts[f][value] = t
		}
		if t.part != part || t.record != int(v.record) {
			*t = tally{t.n + 1, part, int(v.record)}
		}
	}
}

// values lists a facet: most frequent first, years from the latest.
func (c *counter) values(f facet, label func(value string) string) []FacetValue {
	out := make([]FacetValue, 0, len(c.counts[f]))
	for value, t := range c.counts[f] {
		out = append(out, FacetValue{value, label(value), t.n})
	}
	slices.SortFunc(out, func(a, b FacetValue) int {
		if f == facetYear {
			return cmp.Compare(b.Value, a.Value)
		}
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value))
	})
	return out
}
