package search

import (
	"context"
	"fmt"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"
)

// matcher runs one query over the parts of a snapshot, seeing only what its
// reader may see: a hidden document is passed over before anything is counted.
type matcher struct {
	analyzers *analyzers
	parts     []*partMatch
	averages  averages
	found     []bool    // per wanted clause: held by any visible document
	rarities  []float64 // per wanted clause
	trace     *trace    // nil unless somebody asks why
}

// partMatch is a matcher's work on one part.
type partMatch struct {
	*part
	see       []bool    // per audience set
	frequency []float32 // per document: of the clause at hand
	score     []float32 // per document
	touched   []int32   // documents of the clause at hand
	versions  []versionMatch

	via    string         // the translation that is looked for, "" for what was typed
	direct map[int32]bool // versions that hold what was typed
}

// versionMatch is what a query found in a version.
type versionMatch struct {
	best     int32   // its best document
	sum      float32 // of each clause's best score in any of its documents
	clause   float32 // best score of the clause at hand
	holds    int     // needed clauses that it holds
	excluded bool
	via      []string // translations by which it holds what was asked
}

func newMatcher(a *analyzers, parts []*part, reader []string) *matcher {
	m := &matcher{analyzers: a}
	var docs int
	var total [partCount]int64
	for _, p := range parts {
		pm := &partMatch{
			part: p, see: p.visible(reader),
			frequency: make([]float32, len(p.entries)),
			score:     make([]float32, len(p.entries)),
			versions:  make([]versionMatch, len(p.versions)),
		}
		m.parts = append(m.parts, pm)
		for i, u := range p.audiences {
			if pm.see[i] {
				docs += u.docs
				for j, n := range u.lengths {
					total[j] += n
				}
			}
		}
		records := make([]bool, len(p.records))
		for i, v := range p.versions {
			pm.versions[i].best = v.head
			if pm.see[v.audience] && !records[v.record] {
				records[v.record] = true
				m.averages.records++
			}
		}
	}
	for j, n := range total {
		m.averages.lengths[j] = float64(n) / float64(max(docs, 1))
	}
	return m
}

// run matches every clause of q.
func (m *matcher) run(ctx context.Context, q query) error {
	m.found, m.rarities = make([]bool, len(q.want)), make([]float64, len(q.want))
	for i, c := range q.want {
		if c.optional && q.needed() > fewWords {
			m.found[i] = true // not looked for: it would tell nothing
			continue
		}
		if err := m.collect(ctx, c); err != nil {
			return fmt.Errorf("match %q: %w", c.surface, err)
		}
		direct := m.countRecords()
		if err := m.collectForeign(ctx, c); err != nil {
			return fmt.Errorf("match translations of %q: %w", c.surface, err)
		}
		m.rarities[i], m.found[i] = m.settle(c, direct)
	}
	if err := m.feedBack(ctx, q); err != nil {
		return fmt.Errorf("match words of the best answers: %w", err)
	}
	if err := m.reward(ctx, q); err != nil {
		return fmt.Errorf("match neighbouring words: %w", err)
	}
	m.confine(q.fields)
	for _, c := range q.exclude {
		if err := m.collect(ctx, c); err != nil {
			return fmt.Errorf("match -%q: %w", c.surface, err)
		}
		m.strike()
	}
	return ctx.Err()
}

// collect gathers the weighted frequencies of a clause in all documents.
func (m *matcher) collect(ctx context.Context, c clause) error {
	for _, p := range m.parts {
		if err := m.collectPart(ctx, p, c); err != nil {
			return err
		}
	}
	return nil
}

func (m *matcher) collectPart(ctx context.Context, p *partMatch, c clause) error {
	p.tagged(c.tags)
	for _, phrase := range c.synonyms {
		if err := m.phrase(ctx, p, phrase, synonymWeight); err != nil {
			return err
		}
	}
	if c.exact || len(c.words) > 1 {
		return m.phrase(ctx, p, c.words, 1)
	}
	if err := m.term(ctx, p, partExact, exactField, c.words[0], partWeights[partExact]); err != nil {
		return err
	}
	for _, lang := range languages() {
		for _, term := range m.analyzers.terms(lang, c.surface) {
			if err := m.stem(ctx, p, lang, term); err != nil {
				return err
			}
		}
	}
	return nil
}

// stem adds the postings of a stem in all parts of documents in its language.
func (m *matcher) stem(ctx context.Context, p *partMatch, lang, term string) error {
	for _, part := range []int{partTitle, partHeading, partBody} {
		if err := m.term(ctx, p, part, fieldName(part, lang), term, partWeights[part]); err != nil {
			return err
		}
	}
	return nil
}

// term adds the postings of one term of one field.
func (m *matcher) term(ctx context.Context, p *partMatch, part int, field, term string, weight float64) error {
	m.trace.reads(field, term)
	return p.postings(ctx, field, term, false, func(d *index.TermFieldDoc) {
		m.add(p, int32(d.ID.Value()), part, weight, d.Freq)
	})
}

// postings calls each with the postings of a term.
func (p *partMatch) postings(ctx context.Context, field, term string, positions bool, each func(*index.TermFieldDoc)) error {
	return p.eachPosting(ctx, field, term, positions, func(d *index.TermFieldDoc) bool {
		each(d)
		return true
	})
}

// eachPosting calls each with the postings of a term, until it says false.
func (p *partMatch) eachPosting(ctx context.Context, field, term string, positions bool, each func(*index.TermFieldDoc) bool) error {
	tr, err := p.reader.TermFieldReader(ctx, []byte(term), field, true, false, positions)
	if err != nil {
		return fmt.Errorf("read postings of %s: %w", field, err)
	}
	defer tr.Close()
	var room index.TermFieldDoc
	for {
		d, err := tr.Next(room.Reset())
		if err != nil {
			return fmt.Errorf("read postings of %s: %w", field, err)
		}
		if d == nil || !each(d) {
			return nil
		}
	}
}

// phrase adds the documents in which the words follow each other.
func (m *matcher) phrase(ctx context.Context, p *partMatch, words []string, weight float64) error {
	if len(words) == 1 {
		return m.term(ctx, p, partExact, exactField, words[0], weight*singleWeight)
	}
	var ends map[int32][]uint64 // positions at which the phrase so far ends
	for i, word := range words {
		next := map[int32][]uint64{}
		err := p.postings(ctx, exactField, word, true, func(d *index.TermFieldDoc) {
			n := int32(d.ID.Value())
			if !p.see[p.entries[n].audience] || i > 0 && ends[n] == nil {
				return
			}
			for _, v := range d.Vectors {
				if i == 0 || slices.Contains(ends[n], v.Pos-1) {
					next[n] = append(next[n], v.Pos)
				}
			}
		})
		if err != nil || len(next) == 0 {
			return err
		}
		ends = next
	}
	m.trace.reads(exactField, strings.Join(words, " "))
	for n, at := range ends {
		m.add(p, n, partExact, weight*phraseWeight, uint64(len(at)))
	}
	return nil
}

// tagged adds the documents that carry one of the tags.
func (p *partMatch) tagged(tags []tag) {
	if len(tags) == 0 {
		return
	}
	for _, n := range p.order {
		values := p.part.versions[p.entries[n].version].values
		carries := func(t tag) bool { return slices.Contains(values[t.facet], t.value) }
		if p.see[p.entries[n].audience] && slices.ContainsFunc(tags, carries) {
			p.note(n, tagWeight)
		}
	}
}

// add notes a frequency of the clause at hand, unless the document is hidden.
func (m *matcher) add(p *partMatch, n int32, part int, weight float64, tf uint64) {
	e := p.entries[n]
	if !p.see[e.audience] {
		return
	}
	if part == partExact && e.unstemmed {
		weight = max(weight, partWeights[partBody])
	}
	if !p.passes(n) {
		return
	}
	m.trace.holds(p, n, tf, e.Lengths[part], m.averages.lengths[part])
	p.note(n, m.averages.frequency(part, weight, tf, e.Lengths))
}

func (p *partMatch) note(n int32, frequency float32) {
	if p.frequency[n] == 0 {
		p.touched = append(p.touched, n)
	}
	p.frequency[n] += frequency
}

// settle turns the frequencies of a clause, which so many records hold as it
// was typed, into scores. It returns the
// clause's rarity and whether it was found at all.
func (m *matcher) settle(c clause, direct int) (rarity float64, found bool) {
	n := direct
	if n == 0 {
		n = m.countRecords()
	}
	rarity = m.averages.rarity(n)
	weight := rarity * float64(c.times)
	if c.optional {
		weight *= optionalWeight
	}
	m.addScores(c.surface, weight, func(v *versionMatch) {
		if !c.optional {
			v.holds++
		}
	})
	return rarity, n > 0
}

// addScores scores the frequencies of the clause at hand and calls each with
// every version that it is in.
func (m *matcher) addScores(what string, weight float64, each func(*versionMatch)) {
	defer m.trace.forget()
	for _, p := range m.parts {
		for _, d := range p.touched {
			s := score(weight, p.frequency[d])
			p.score[d] += s
			m.trace.scores(p, d, what, weight, s)
			v := &p.versions[p.entries[d].version]
			v.clause = max(v.clause, s)
		}
		for _, d := range p.touched {
			v := &p.versions[p.entries[d].version]
			if v.clause > 0 {
				v.sum += v.clause
				v.clause = 0
				each(v)
			}
		}
		p.clear()
	}
}

// countRecords counts the records that hold the clause at hand.
func (m *matcher) countRecords() int {
	n := 0
	for _, p := range m.parts {
		n += p.countRecords()
	}
	return n
}

func (p *partMatch) countRecords() int {
	seen := map[int32]bool{}
	for _, d := range p.touched {
		seen[p.part.versions[p.entries[d].version].record] = true
	}
	return len(seen)
}

// strike excludes every version that holds the clause at hand.
func (m *matcher) strike() {
	for _, p := range m.parts {
		for _, d := range p.touched {
			p.versions[p.entries[d].version].excluded = true
		}
		p.clear()
	}
}

func (p *partMatch) clear() {
	for _, d := range p.touched {
		p.frequency[d] = 0
	}
	p.touched = p.touched[:0]
}
