package search

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"sync"

	index "github.com/blevesearch/bleve_index_api"
)

// entry is a document as it stands in a part: what ranking needs of it is in
// memory, its text stays in Bleve.
type entry struct {
	*catalogued
	sort      string // where the document stands among all
	audience  int32  // into part.audiences
	version   int32  // into part.versions
	unstemmed bool   // in a language without a stemmer: all is in the exact part
}

// version is a record in one language for one set of audiences: the unit that
// has to hold all the words of a query and pass its filters.
type version struct {
	record   int32 // into part.records
	audience int32
	head     int32 // its first document
	lang     string
	values   [facetCount][]string
	called   []calling // its title first
}

// audience is one set of audiences and the totals of the documents it opens.
type audience struct {
	names   []string
	docs    int
	lengths [partCount]int64
}

// part is one Bleve index at one moment, with its catalogue. It never changes.
type part struct {
	reader    index.IndexReader
	entries   []*entry // by Bleve's document number, nil where deleted
	versions  []version
	records   []string
	audiences []audience
	pins      map[string][]int32             // key → versions
	names     map[string][]name              // key → other names of the same thing
	labels    [facetCount]map[string][]int32 // facet value → versions whose title names it
	tags      map[string][]tag               // name of a country or theme → its facet value
	order     []int32                        // documents as their pages have them

	translations map[string][]translation // key of a title → the record's titles in other languages
	suffixes     func() suffixes          // of all names, for suggestions
}

// name is another name of something, known to those who may see the version.
type name struct {
	version int32
	words   []string
}

// tag is a facet value that a record stands for, known to those who may see
// the version; a version below zero is known to all.
type tag struct {
	version int32
	facet   facet
	value   string
}

// catalogued is what is known of a document besides its text.
type catalogued struct {
	Document
	Lengths lengths `json:"lengths"`

	// Kept from one part to the next, since each change of the live documents
	// makes a new part of all of them.
	sort   string
	called []calling
}

// order is the document's sort key, made once.
func (c *catalogued) order() string {
	if c.sort == "" {
		c.sort = c.sortKey()
	}
	return c.sort
}

// callings are the document's, looked up once.
func (c *catalogued) callings(a *analyzers) []calling {
	if c.called == nil {
		c.called = a.callings(&c.Document)
	}
	return c.called
}

// newPart numbers the documents of a reader, which it takes over.
func newPart(ctx context.Context, a *analyzers, reader index.IndexReader, catalogue map[string]*catalogued) (*part, error) {
	p := &part{reader: reader, pins: map[string][]int32{}, names: map[string][]name{}, tags: map[string][]tag{}}
	if err := p.number(ctx, catalogue); err != nil {
		return nil, err
	}
	p.group(a)
	p.suffixes = sync.OnceValue(p.suffixesOf)
	return p, nil
}

// number finds the entry of each of Bleve's document numbers.
func (p *part) number(ctx context.Context, catalogue map[string]*catalogued) error {
	ids, err := p.reader.DocIDReaderAll()
	if err != nil {
		return fmt.Errorf("list indexed documents: %w", err)
	}
	defer ids.Close()
	for ctx.Err() == nil {
		id, err := ids.Next()
		if err != nil {
			return fmt.Errorf("list indexed documents: %w", err)
		}
		if id == nil {
			break
		}
		name, err := p.reader.ExternalID(id)
		if err != nil {
			return fmt.Errorf("name document %d: %w", docNumber(id), err)
		}
		c, ok := catalogue[name]
		if !ok {
			return fmt.Errorf("document %q is not in the catalogue", name)
		}
		n := docNumber(id)
		for len(p.entries) <= n {
			p.entries = append(p.entries, nil)
		}
		p.entries[n] = &entry{catalogued: c, sort: c.order()}
		p.order = append(p.order, int32(n))
	}
	return ctx.Err()
}

// group gathers documents into versions, and versions into records.
func (p *part) group(a *analyzers) {
	slices.SortFunc(p.order, func(x, y int32) int {
		return strings.Compare(p.entries[x].sort, p.entries[y].sort)
	})
	audiences, versions, records := map[string]int32{}, map[string]int32{}, map[string]int32{}
	for _, n := range p.order {
		e := p.entries[n]
		key := e.audienceKey()
		e.audience = number(audiences, key)
		if int(e.audience) == len(p.audiences) {
			p.audiences = append(p.audiences, audience{names: e.Audience})
		}
		p.audiences[e.audience].add(e.Lengths)
		e.unstemmed = a.byLang[e.textLang()] == nil

		e.version = number(versions, e.Record+"\x00"+e.Lang+"\x00"+key)
		if int(e.version) == len(p.versions) {
			record := number(records, e.Record)
			if int(record) == len(p.records) {
				p.records = append(p.records, e.Record)
			}
			p.versions = append(p.versions, version{
				record: record, audience: e.audience, head: n,
				lang: e.Lang, called: e.callings(a),
			})
			p.name(a, e)
		}
		p.versions[e.version].add(&e.Document)
	}
	p.translate(a)
	for _, kind := range p.types() {
		key := a.key(kind)
		p.tags[key] = append(p.tags[key], tag{-1, facetType, kind})
	}
	for i := range p.versions {
		for _, c := range p.versions[i].called {
			p.pins[c.key] = append(p.pins[c.key], int32(i))
		}
		p.label(int32(i))
	}
}

// types are the types of the part's records. Types are words of the program
// and no secret.
func (p *part) types() []string {
	var all []string
	for i := range p.versions {
		all = union(all, p.versions[i].values[facetType])
	}
	return all
}

// label lets records of countries and themes name the values they stand for.
func (p *part) label(n int32) {
	v := &p.versions[n]
	for _, f := range []facet{facetCountry, facetTheme} {
		if p.entries[v.head].Type == facetNames[f] && len(v.values[f]) == 1 {
			value := v.values[f][0]
			if p.labels[f] == nil {
				p.labels[f] = map[string][]int32{}
			}
			p.labels[f][value] = append(p.labels[f][value], n)
			for _, c := range v.called {
				p.tags[c.key] = append(p.tags[c.key], tag{n, f, value})
			}
		}
	}
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

func (u *audience) add(l lengths) {
	u.docs++
	for i, n := range l {
		u.lengths[i] += int64(n)
	}
}

// name notes that the names of a record mean the same.
func (p *part) name(a *analyzers, e *entry) {
	if len(e.Acronyms)+len(e.Names)+len(e.Called) == 0 {
		return
	}
	all := slices.Concat([]string{e.Title}, e.Acronyms, e.Names)
	for _, x := range slices.Concat(all, e.Called) {
		for _, y := range all {
			words := a.words(y)
			if key := a.key(x); key != "" && len(words) > 0 && key != strings.Join(words, " ") {
				p.names[key] = append(p.names[key], name{e.version, words})
			}
		}
	}
}

// add takes over what one more document says of the record.
func (v *version) add(d *Document) {
	for f, values := range d.facets() {
		v.values[f] = union(v.values[f], values)
	}
}

// calling is one way of asking for exactly this record.
type calling struct{ key, text string }

// callings are the title of a record and all that is as good as it.
func (a *analyzers) callings(d *Document) []calling {
	texts := slices.Concat([]string{d.Title}, d.Acronyms, d.Names, d.Called, []string{d.Symbol, symbolTail(d.Symbol), strings.ReplaceAll(symbolTail(d.Symbol), "/", ""), d.Record})
	if d.Type == facetNames[facetCountry] && len(d.Countries) == 1 {
		texts = append(texts, d.Countries[0])
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

// visible says which of the part's audience sets a reader belongs to.
func (p *part) visible(reader []string) []bool {
	see := make([]bool, len(p.audiences))
	for i, u := range p.audiences {
		see[i] = slices.ContainsFunc(u.names, func(name string) bool { return slices.Contains(reader, name) })
	}
	return see
}

// body reads the stored text of a document.
func (p *part) body(n int32) (string, error) {
	d, err := p.reader.Document(p.entries[n].ID)
	if err != nil {
		return "", fmt.Errorf("read text of %s: %w", p.entries[n].ID, err)
	}
	if d == nil {
		return "", fmt.Errorf("read text of %s: gone from the index", p.entries[n].ID)
	}
	var text string
	d.VisitFields(func(f index.Field) {
		if f.Name() == storeField {
			text = string(f.Value())
		}
	})
	return text, nil
}

func docNumber(id index.IndexInternalID) int { return int(binary.BigEndian.Uint64(id)) }
