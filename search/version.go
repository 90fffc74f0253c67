package search

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// version is a record in one language for one set of audiences: the unit that
// has to hold all the words of a query and pass its filters.
type version struct {
	record   int32 // into part.records
	audience int32
	head     int32 // its first document
	alone    bool  // its record has no other
	traits   []trait
	lang     string
	*details
}

// details are what few searches ask of a version, out of the others' way.
type details struct {
	docs   []int32
	called []calling // its title first
}

// name is another name of something, known to those who may see the version.
type name struct {
	version int32
	words   []string
}

// tag is a facet value that a record stands for, known to those who may see
// the version.
type tag struct {
	version int32
	facet   facet
	value   string
}

// join adds a new document to the version of its record that it continues, if
// that changes nothing else: most posts are such, and a long topic need not be
// gathered anew for each.
func (p *part) join(r, n int32) bool {
	for _, number := range p.records[r].versions {
		v := &p.versions[number]
		if p.entries[n].Lang != v.lang || p.facts.audience[n] != v.audience {
			continue
		}
		at, _ := slices.BinarySearchFunc(v.docs, n, func(x, y int32) int { return compareEntries(p.entries[x], p.entries[y]) })
		traits := union(slices.Clip(v.traits), p.traitsOf(n))
		more := traits[len(v.traits):]
		if at == 0 || len(more) > 0 && (at < len(v.docs) || p.mayStand(v)) {
			return false
		}
		p.carry(number, more)
		v.docs, v.traits = slices.Insert(v.docs, at, n), traits
		p.facts.version[n] = number
		return true
	}
	return false
}

// traitsOf are the facet values of a document.
func (p *part) traitsOf(n int32) []trait {
	var traits []trait
	for f, values := range p.entries[n].facets() {
		for _, value := range values {
			traits = append(traits, traitOf(facet(f), p.number(facet(f), value)))
		}
	}
	return traits
}

// carry lists a version under its facet values.
func (p *part) carry(version int32, traits []trait) {
	for _, t := range traits {
		carriers := p.values[t.facet()].carriers
		carriers[t.number()] = append(carriers[t.number()], version)
	}
}

// regroup gathers the documents of records into versions anew.
func (p *part) regroup(records map[int32]bool) {
	renamed := p.suffixes == nil
	for _, r := range slices.Sorted(maps.Keys(records)) {
		before := p.calledOf(r)
		p.eachTranslation(r, func(key string, t translation) {
			forget(p.translations, key, func(o translation) bool { return o.from == t.from })
		})
		for _, v := range slices.Backward(p.records[r].versions) {
			p.unlist(v)
			p.versions[v] = version{details: &details{}}
			p.free = append(p.free, v)
		}
		p.records[r].versions = nil
		p.gather(r)
		for _, v := range p.records[r].versions {
			p.list(v)
		}
		p.eachTranslation(r, func(key string, t translation) { p.translations[key] = append(p.translations[key], t) })
		p.enrol(r)
		renamed = renamed || !reflect.DeepEqual(before, p.calledOf(r))
		if len(p.records[r].docs) == 0 {
			delete(p.byRecord, p.records[r].id)
			p.records[r] = record{}
			p.unused = append(p.unused, r)
		}
	}
	if renamed {
		p.suffixes = sync.OnceValue(p.suffixesOf)
	}
}

// gather puts the documents of a record into versions.
func (p *part) gather(r int32) {
	var last *head
	for _, n := range p.records[r].docs {
		v := p.version(r, n)
		p.facts.version[n] = v
		p.versions[v].docs = append(p.versions[v].docs, n)
		if h := p.entries[n].head; h != last {
			last = h
			p.versions[v].traits = union(p.versions[v].traits, p.traitsOf(n))
		}
	}
	for _, v := range p.records[r].versions {
		p.versions[v].alone = len(p.records[r].versions) == 1
		p.versions[v].traits = p.pack(p.versions[v].traits)
	}
}

// pack puts traits behind those of other versions, which a search counts one
// after the other.
func (p *part) pack(traits []trait) []trait {
	if len(p.packed)+len(traits) > cap(p.packed) {
		p.packed = make([]trait, 0, max(packedTraits, len(traits)))
	}
	at := len(p.packed)
	p.packed = append(p.packed, traits...)
	return p.packed[at:len(p.packed):len(p.packed)]
}

// packedTraits is how many are kept together.
const packedTraits = 1024

// calledOf is what suggestions are made of: under what names the versions of a
// record are known, and to whom.
func (p *part) calledOf(r int32) []version {
	var all []version
	for _, n := range p.records[r].versions {
		v := p.versions[n]
		all = append(all, version{record: n, audience: v.audience, lang: v.lang, details: &details{called: v.called}})
	}
	return all
}

// version is the one of a record that a document belongs to.
func (p *part) version(r, n int32) int32 {
	e, audience := p.entries[n], p.facts.audience[n]
	for _, v := range p.records[r].versions {
		if p.versions[v].lang == e.Lang && p.versions[v].audience == audience {
			return v
		}
	}
	var v int32
	if last := len(p.free) - 1; last >= 0 {
		v, p.free = p.free[last], p.free[:last]
	} else {
		v = int32(len(p.versions))
		p.versions = append(p.versions, version{})
	}
	lang := p.values[facetLang].names[p.number(facetLang, e.Lang)] // one text for all
	p.versions[v] = version{record: r, audience: audience, head: n, lang: lang, details: &details{called: p.analyzers.callings(e.head)}}
	p.records[r].versions = append(p.records[r].versions, v)
	return v
}

// list makes a version known by its names and values.
func (p *part) list(n int32) {
	v := &p.versions[n]
	p.carry(n, v.traits)
	p.eachPin(v, func(key string) { p.pins[key] = append(p.pins[key], n) })
	p.eachName(v, func(key string, words []string) {
		p.names[key] = append(p.names[key], name{n, words})
	})
	if f, value, ok := p.stands(v); ok {
		if p.labels[f] == nil {
			p.labels[f] = map[string][]int32{}
		}
		p.labels[f][value] = append(p.labels[f][value], n)
		for _, c := range v.called {
			p.tags[c.key] = append(p.tags[c.key], tag{n, f, value})
		}
	}
}

// unlist undoes list.
func (p *part) unlist(n int32) {
	v := &p.versions[n]
	is := func(m int32) bool { return m == n }
	for _, t := range v.traits {
		carriers := p.values[t.facet()].carriers
		carriers[t.number()] = slices.DeleteFunc(carriers[t.number()], is)
	}
	p.eachPin(v, func(key string) { forget(p.pins, key, is) })
	p.eachName(v, func(key string, _ []string) {
		forget(p.names, key, func(m name) bool { return m.version == n })
	})
	if f, value, ok := p.stands(v); ok {
		forget(p.labels[f], value, is)
		for _, c := range v.called {
			forget(p.tags, c.key, func(t tag) bool { return t.version == n })
		}
	}
}

// forget takes some members of a list away, and the list when it is empty.
func forget[T any](lists map[string][]T, key string, which func(T) bool) {
	if lists[key] = slices.DeleteFunc(lists[key], which); len(lists[key]) == 0 {
		delete(lists, key)
	}
}

// stands tells the value that a country's or theme's own record stands for.
func (p *part) stands(v *version) (facet, string, bool) {
	for _, f := range []facet{facetCountry, facetTheme} {
		if p.entries[v.head].Type != facetNames[f] {
			continue
		}
		if values := p.valuesOf(f, v); len(values) == 1 {
			return f, values[0], true
		}
	}
	return 0, "", false
}

// mayStand says whether a version is of a kind that stands for a value.
func (p *part) mayStand(v *version) bool {
	kind := p.entries[v.head].Type
	return kind == facetNames[facetCountry] || kind == facetNames[facetTheme]
}

// eachName calls f with the names of a record that mean the same.
func (p *part) eachName(v *version, f func(key string, words []string)) {
	e, a := p.entries[v.head], p.analyzers
	if len(e.Acronyms)+len(e.Names)+len(e.Called) == 0 {
		return
	}
	all := slices.Concat([]string{e.Title}, e.Acronyms, e.Names)
	for _, x := range slices.Concat(all, e.Called) {
		for _, y := range all {
			words := a.words(y)
			if key := a.key(x); key != "" && len(words) > 0 && key != strings.Join(words, " ") {
				f(key, words)
			}
		}
	}
}

// calling is one way of asking for exactly this record.
type calling struct{ key, text string }

// callings are the title of a record and all that is as good as it.
func (a *analyzers) callings(h *head) []calling {
	texts := slices.Concat([]string{h.Title}, h.Acronyms, h.Names, h.Called, []string{h.Symbol, symbolTail(h.Symbol), strings.ReplaceAll(symbolTail(h.Symbol), "/", ""), h.Record})
	if h.Type == facetNames[facetCountry] && len(h.Countries) == 1 {
		texts = append(texts, h.Countries[0])
	}
	var all []calling
	for _, text := range texts {
		c := calling{a.key(text), text}
		if c.key != "" && !slices.ContainsFunc(all, func(b calling) bool { return b.key == c.key }) {
			all = append(all, c)
		}
	}
	return all
}

func union[T comparable](set, more []T) []T {
	for _, x := range more {
		if !slices.Contains(set, x) {
			set = append(set, x)
		}
	}
	return set
}

// symbolTail is the short form of a symbol, as people say it: "NS/3" for
// "CMC/2017/NS/3".
func symbolTail(symbol string) string {
	steps := strings.Split(symbol, "/")
	if len(steps) < 4 {
		return ""
	}
	return strings.Join(steps[len(steps)-2:], "/")
}
