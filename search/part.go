package search

import (
	"fmt"
	"slices"
	"sync"
)

// part is some documents that are searched together. Only live documents
// change, and only while no search runs.
type part struct {
	analyzers *analyzers
	segments  []*segment
	text      func(extent) (string, error)

	entries  []*entry // by number
	facts    facts
	records  []record
	unused   []int32 // numbers of records that are no more
	byID     map[string]int32
	byRecord map[string]int32

	versions []version
	free     []int32 // numbers of versions that are no more
	packed   []trait // of versions

	audiences  []audience
	byAudience map[string]int32

	names  map[string][]name              // key → other names of the same thing
	tags   map[string][]tag               // name of a country or theme → its facet value
	pins   map[string][]int32             // key → versions
	labels [facetCount]map[string][]int32 // facet value → versions whose title names it
	values [facetCount]valueList
	types  map[string][]string // key → types of that name

	circles  []circle // of readers
	byCircle map[string]int32
	rooms    sync.Pool // of *room

	translations map[string][]translation // key of a title → the record's titles in other languages

	suffixes func() suffixes // of all names, for suggestions
	numbered bool            // documents are numbered in their order
}

// facts are what matching needs of documents, by number: in columns, since a
// search goes through one after the other.
type facts struct {
	lengths  [partCount][]int32
	audience []int32   // into part.audiences
	record   []int32   // into part.records
	version  []int32   // into part.versions
	tongue   []tongues // 0 in a language without a stemmer: all is in the exact part
}

func (f *facts) add(e *entry, audience, record int32) {
	for i, n := range e.Lengths {
		f.lengths[i] = append(f.lengths[i], n)
	}
	f.audience, f.record = append(f.audience, audience), append(f.record, record)
	f.version, f.tongue = append(f.version, 0), append(f.tongue, tonguesOf(e.textLang()))
}

func (f *facts) gone(n int32) bool { return f.audience[n] == nobody }

// record is what is shown as one hit.
type record struct {
	id       string
	docs     []int32 // in their order
	versions []int32
	circle   int32 // into part.circles
}

// nobody is the audience of a document that is gone.
const nobody = 0

// audience is one set of audiences and the totals of the documents it opens.
type audience struct {
	names   []string
	docs    int
	lengths [partCount]int64
}

func (u *audience) add(l lengths, sign int) {
	u.docs += sign
	for i, n := range l {
		u.lengths[i] += int64(sign) * int64(n)
	}
}

func newPart(a *analyzers, text func(extent) (string, error)) *part {
	return &part{
		analyzers: a, text: text, byID: map[string]int32{}, byRecord: map[string]int32{},
		byAudience: map[string]int32{}, audiences: make([]audience, nobody+1), byCircle: map[string]int32{"": 0}, circles: make([]circle, 1),
		names: map[string][]name{}, tags: map[string][]tag{}, pins: map[string][]int32{}, types: map[string][]string{}, translations: map[string][]translation{},
	}
}

// add takes over the documents of segments that follow the last. A document
// takes the place of the one with the same id.
func (p *part) add(entries []*entry, segments ...*segment) {
	p.segments = append(p.segments, segments...)
	p.entries = slices.Grow(p.entries, len(entries))
	touched := map[int32]bool{}
	for _, e := range entries {
		if old, ok := p.byID[e.ID]; ok {
			touched[p.drop(old)] = true
		}
		n, r := int32(len(p.entries)), p.record(e.Record)
		p.byID[e.ID] = n
		p.entries = append(p.entries, e)
		u := p.audience(e)
		p.facts.add(e, u, r)
		p.audiences[u].add(e.Lengths, 1)
		at, _ := slices.BinarySearchFunc(p.records[r].docs, e, func(d int32, e *entry) int { return compareEntries(p.entries[d], e) })
		p.records[r].docs = slices.Insert(p.records[r].docs, at, n)
		if touched[r] || !p.join(r, n) {
			touched[r] = true
		}
	}
	p.regroup(touched)
}

// remove takes out the documents of some ids, as far as they are there.
func (p *part) remove(ids []string) {
	touched := map[int32]bool{}
	for _, id := range ids {
		if n, ok := p.byID[id]; ok {
			touched[p.drop(n)] = true
		}
	}
	p.regroup(touched)
}

// drop takes a document out of its record, which it returns. Its postings stay
// until the part is made anew and are passed over.
func (p *part) drop(n int32) int32 {
	e := p.entries[n]
	delete(p.byID, e.ID)
	p.audiences[p.facts.audience[n]].add(e.Lengths, -1)
	p.facts.audience[n] = nobody
	r := p.byRecord[e.Record]
	docs := p.records[r].docs
	p.records[r].docs = slices.DeleteFunc(docs, func(d int32) bool { return d == n })
	return r
}

func (p *part) record(id string) int32 {
	r, ok := p.byRecord[id]
	if ok {
		return r
	}
	if last := len(p.unused) - 1; last >= 0 {
		r, p.unused = p.unused[last], p.unused[:last]
	} else {
		r = int32(len(p.records))
		p.records = append(p.records, record{})
	}
	p.records[r] = record{id: id}
	p.byRecord[id] = r
	return r
}

func (p *part) audience(e *entry) int32 {
	key := e.audienceKey()
	n, ok := p.byAudience[key]
	if !ok {
		n = int32(len(p.audiences))
		p.byAudience[key] = n
		p.audiences = append(p.audiences, audience{names: e.Audience})
	}
	return n
}

// visible says which of the part's audience sets a reader belongs to.
func (p *part) visible(reader []string) []bool {
	see := make([]bool, len(p.audiences))
	for i, u := range p.audiences {
		see[i] = slices.ContainsFunc(u.names, func(name string) bool { return slices.Contains(reader, name) })
	}
	return see
}

// circle is those who see a record: the audience sets of its versions, and how
// many records have the same.
type circle struct {
	audiences []int32
	records   int
}

// enrol counts a record among those that the same readers see.
func (p *part) enrol(r int32) {
	var seen []int32
	for _, v := range p.records[r].versions {
		seen = union(seen, []int32{p.versions[v].audience})
	}
	slices.Sort(seen)
	key := fmt.Sprint(seen)
	if len(seen) == 0 {
		key = ""
	}
	n, ok := p.byCircle[key]
	if !ok {
		n = int32(len(p.circles))
		p.byCircle[key] = n
		p.circles = append(p.circles, circle{audiences: seen})
	}
	p.circles[p.records[r].circle].records--
	p.circles[n].records++
	p.records[r].circle = n
}

// countVisible counts the records of which a reader sees something.
func (p *part) countVisible(see []bool) (n int) {
	for _, c := range p.circles {
		if slices.ContainsFunc(c.audiences, func(a int32) bool { return see[a] }) {
			n += c.records
		}
	}
	return n
}

// body is the text of a document.
func (p *part) body(n int32) (string, error) { return p.text(p.entries[n].Text) }

// documents are those of a version, as they stand on its page.
func (p *part) documents(version int32) []int32 { return p.versions[version].docs }
