package search

import (
	"slices"
	"strconv"
	"strings"
)

// fieldKeys are the words before a colon that ask for a facet, folded, in the
// languages of the interface.
func fieldKeys() map[string]facet {
	return map[string]facet{
		"type": facetType, "tipo": facetType, "kind": facetType, "soort": facetType,
		"country": facetCountry, "pais": facetCountry, "pays": facetCountry, "land": facetCountry,
		"theme": facetTheme, "tema": facetTheme, "thema": facetTheme,
		"year": facetYear, "ano": facetYear, "annee": facetYear, "jaar": facetYear,
		"lang": facetLang, "language": facetLang, "idioma": facetLang, "langue": facetLang, "taal": facetLang,
	}
}

// Field is a facet that was asked for in the words of a query.
type Field struct {
	Name   string   `json:"name"`
	Typed  string   `json:"typed"`            // e.g. país:bahamas
	Values []string `json:"values,omitempty"` // none: not known, and read as words
	Not    bool     `json:"not,omitempty"`

	facet facet
}

// field reads the beginning of a query as key:value; a blank may follow the
// colon, and the value may stand in quotation marks.
func (a *analyzers) field(piece, rest string) (f Field, value, after string, ok bool) {
	key, value, ok := strings.Cut(piece, ":")
	if !ok {
		return Field{}, "", "", false
	}
	which, ok := a.fields[a.key(key)]
	if !ok {
		return Field{}, "", "", false
	}
	f = Field{Name: facetNames[which], Typed: piece, facet: which}
	if value == "" {
		var next string
		next, _, _, rest = nextPiece(rest)
		value, f.Typed = next, piece+next
	}
	return f, value, rest, value != ""
}

// resolve finds the values that a field's word means, as far as the reader may
// know them.
func (s *Service) resolve(m *matcher) func(f facet, value string) []string {
	return func(f facet, value string) []string {
		if f == facetYear {
			return m.years(value)
		}
		key := m.analyzers.key(value)
		var values []string
		if s.site != nil {
			for _, k := range append([]string{key}, m.analyzers.stemKeys(value)...) {
				values = union(values, s.site.named[f][k])
			}
		}
		for _, p := range m.parts {
			for _, t := range p.typesNamed(key) {
				if t.facet == f {
					values = union(values, []string{t.value})
				}
			}
			for _, t := range p.tags[key] {
				if t.facet == f && p.see[p.versions[t.version].audience] {
					values = union(values, []string{t.value})
				}
			}
		}
		if len(values) > 0 {
			return values
		}
		return m.valueLike(f, key)
	}
}

// valueLike is the value of a visible record that is written like key, such as
// alternatives-to-detention.
func (m *matcher) valueLike(f facet, key string) []string {
	for _, p := range m.parts {
		for n, value := range p.values[f].names {
			if m.analyzers.key(value) == key && p.sees(f, int32(n)) {
				return []string{value}
			}
		}
	}
	return nil
}

// sees says whether a visible version has a value.
func (p *partMatch) sees(f facet, value int32) bool { return p.shows(f, value, p.see) }

// shows says whether a version that some audience sets see has a value.
func (p *part) shows(f facet, value int32, see []bool) bool {
	return slices.ContainsFunc(p.values[f].carriers[value], func(v int32) bool { return see[p.versions[v].audience] })
}

// years are those of visible records within 2017, 2017..2019, 2017.. or
// ..2019; where there are none, one that no record has keeps the query from
// finding others.
func (m *matcher) years(text string) []string {
	from, to, isRange := strings.Cut(text, "..")
	if !isRange {
		if from, to, isRange = strings.Cut(text, "-"); !isRange {
			to = from
		}
	}
	first, last := 1000, 2999
	for _, end := range []struct {
		text string
		year *int
	}{{from, &first}, {to, &last}} {
		if end.text == "" && isRange {
			continue
		}
		n, err := strconv.Atoi(end.text)
		if err != nil || n < 1000 || n > 2999 {
			return nil
		}
		*end.year = n
	}
	if from == "" && to == "" {
		return nil
	}
	first, last = min(first, last), max(first, last)
	years := []string{strconv.Itoa(first)}
	for _, p := range m.parts {
		for i, year := range p.values[facetYear].names {
			if n, err := strconv.Atoi(year); err == nil && n >= first && n <= last && p.sees(facetYear, int32(i)) {
				years = union(years, []string{year})
			}
		}
	}
	slices.Sort(years)
	return years
}

// namedValues maps what facet values are called, in any language, to them. Of a
// type, the last word is enough, in any of its forms: practices.
func (a *analyzers) namedValues(labels Labels) [facetCount]map[string][]string {
	var named [facetCount]map[string][]string
	for f, name := range facetNames {
		named[f] = map[string][]string{}
		for value, names := range labels[name] {
			for _, label := range names {
				keys := []string{a.key(label), a.key(value)}
				if words := a.words(label); f == int(facetType) {
					keys = slices.Concat(keys, words[max(len(words)-1, 0):], a.stemKeys(label))
				}
				for _, key := range keys {
					named[f][key] = union(named[f][key], []string{value})
				}
			}
		}
		for _, values := range named[f] {
			slices.Sort(values)
		}
	}
	return named
}

// stemKeys are the stems of the last word of a name, behind their languages.
func (a *analyzers) stemKeys(name string) []string {
	var keys []string
	for _, lang := range languages() {
		if stems := a.terms(lang, name); len(stems) > 0 {
			keys = append(keys, lang+":"+stems[len(stems)-1])
		}
	}
	return keys
}

// confine excludes the versions that fail the fields of a query.
func (m *matcher) confine(fields []Field) {
	var only, never Filters
	for _, f := range fields {
		if f.Not {
			never[f.facet] = union(never[f.facet], f.Values)
		} else {
			only[f.facet] = union(only[f.facet], f.Values)
		}
	}
	for _, p := range m.parts {
		p.only, p.never, p.confined = p.chosen(&only), p.chosen(&never), len(fields) > 0
	}
}

// barred says whether a version fails the fields of the query.
func (p *partMatch) barred(v *version) bool {
	missed, _ := p.only.misses(v)
	return missed > 0 || p.never.hits(v)
}
