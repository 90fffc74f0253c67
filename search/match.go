package search

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// matcher runs one query over the parts of a snapshot, seeing only what its
// reader may see: a hidden document is passed over before anything is counted.
type matcher struct {
	analyzers *analyzers
	reads     string // the reader's language
	speaks    string // the query's
	parts     []*partMatch
	averages  averages
	heard     tongues   // of the texts that hold the word at hand
	found     []bool    // per wanted clause: held by any visible document
	rarities  []float64 // per wanted clause
	most      int       // visits beyond which names, phrases and exclusions are not looked for
	visits    int       // what was looked at, of most
	trace     *trace    // nil unless somebody asks why
}

// partMatch is a matcher's work on one part.
type partMatch struct {
	*part
	*room
	see      []bool // per audience set
	only     chosen // what the fields of the query ask for
	never    chosen
	confined bool // it asks for any

	via    string         // the translation that is looked for, "" for what was typed
	direct map[int32]bool // versions that hold what was typed
}

func newMatcher(a *analyzers, parts []*part, reader []string) *matcher {
	m := &matcher{analyzers: a, most: maxVisits}
	var docs int
	var total [partCount]int64
	for _, p := range parts {
		pm := &partMatch{part: p, room: p.takeRoom(), see: p.visible(reader)}
		m.parts = append(m.parts, pm)
		for i, u := range p.audiences {
			if pm.see[i] {
				docs += u.docs
				for j, n := range u.lengths {
					total[j] += n
				}
			}
		}
		m.averages.records += p.countVisible(pm.see)
	}
	for j, n := range total {
		m.averages.lengths[j] = float64(n) / float64(max(docs, 1))
	}
	return m
}

// maxVisits bounds the work of a search, in documents times words: a few dozen
// milliseconds. It counts what the reader may see, so that it tells nothing.
const maxVisits = 2_000_000

// textVisits is what reading a text costs beside a visit to a posting.
const textVisits = 1000

// spent says whether there is nothing left for names, phrases and exclusions.
func (m *matcher) spent() bool { return m.visits >= m.most }

// affordable is how many of a query's words are looked for, the first ones.
func (m *matcher) affordable() int {
	docs := 0
	for _, p := range m.parts {
		for i, u := range p.audiences {
			if p.see[i] {
				docs += u.docs
			}
		}
	}
	return max(fewWords, maxVisits/max(docs, 1))
}

// release gives back what the matcher worked in. Nothing that it found may be
// looked at after that.
func (m *matcher) release() {
	for _, p := range m.parts {
		p.putRoom(p.room)
		p.room = nil
	}
}

// run matches every clause of q.
func (m *matcher) run(ctx context.Context, q query) error {
	m.confine(q.fields)
	m.found, m.rarities = make([]bool, len(q.want)), make([]float64, len(q.want))
	words, most := m.affordable(), m.most
	m.most = most / 2 // so that there is some left for what is to be excluded
	for i, c := range q.want {
		if c.optional && q.needed() > fewWords || i >= words {
			m.found[i] = true // not looked for: it would tell nothing, or cost too much
			continue
		}
		var err error
		if q.want[i].tongues, err = m.collect(ctx, c); err != nil {
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
	m.most = most
	for _, c := range q.exclude {
		if m.spent() {
			break
		}
		if _, err := m.collect(ctx, c); err != nil {
			return fmt.Errorf("match -%q: %w", c.surface, err)
		}
		m.strike()
	}
	return ctx.Err()
}

// collect gathers the weighted frequencies of a clause in all documents, and
// tells in which languages it was taken as a word.
func (m *matcher) collect(ctx context.Context, c clause) (tongues, error) {
	for _, p := range m.parts {
		p.tagged(c.tags)
	}
	for _, name := range c.synonyms {
		if m.spent() {
			break
		}
		for _, p := range m.parts {
			if err := m.phrase(ctx, p, name, synonymWeight); err != nil {
				return 0, err
			}
		}
	}
	single := !c.exact && len(c.words) == 1
	m.heard = 0
	for _, p := range m.parts {
		var err error
		switch {
		case single && len(c.tags) > 0 && m.analyzers.isStop(c.words[0]):
			// The code of a country, such as SUR, is no word of a text.
		case single:
			err = m.word(ctx, p, c.words[0], partWeights[partExact])
		default:
			err = m.phrase(ctx, p, c.words, 1)
		}
		if err != nil {
			return 0, err
		}
	}
	if !single {
		return 0, nil
	}
	return m.collectStems(ctx, c.surface)
}

// stem adds the postings of a stem in documents in its language.
func (m *matcher) stem(ctx context.Context, p *partMatch, lang, term string) error {
	return p.runs(ctx, lang, term, func(docs []int32, codes []uint64) bool {
		m.visits += len(docs)
		for i, n := range docs {
			m.addStem(p, n, lang, term, codes[i])
		}
		return true
	})
}

func (m *matcher) addStem(p *partMatch, n int32, lang, term string, code uint64) {
	for part, tf := range stemTimesOf(code) {
		if tf > 0 {
			m.trace.reads(part, lang, term)
			m.add(p, n, part, partWeights[part], tf)
		}
	}
}

// word adds the postings of a word as it was typed.
func (m *matcher) word(ctx context.Context, p *partMatch, word string, weight float64) error {
	m.trace.reads(partExact, "", word)
	held, err := p.holders(ctx, word)
	if err != nil {
		return err
	}
	m.visits += len(held.docs)
	for i, n := range held.docs {
		m.heard |= p.facts.tongue[n]
		m.addExact(p, n, weight, exactTimes(held.codes[i]))
	}
	return nil
}

// phrase adds the documents in which the words follow each other.
func (m *matcher) phrase(ctx context.Context, p *partMatch, words []string, weight float64) error {
	if len(words) == 1 {
		return m.word(ctx, p, words[0], weight*singleWeight)
	}
	read := max(0, min(maxVerified, (m.most-m.visits)/textVisits))
	candidates, visits, err := p.together(ctx, words, read)
	if err != nil {
		return err
	}
	m.visits += visits + min(read, len(candidates))*textVisits
	m.trace.reads(partExact, "", strings.Join(words, " "))
	for i, n := range candidates {
		times := 1
		if i < read {
			if times, err = p.countPhrase(n, words); err != nil {
				return err
			}
		}
		if times > 0 {
			m.addExact(p, n, weight*phraseWeight, uint64(times))
		}
	}
	return nil
}

// tagged adds the documents that carry one of the tags.
func (p *partMatch) tagged(tags []tag) {
	var versions []int32
	for _, t := range tags {
		if value, ok := p.values[t.facet].numbers[t.value]; ok {
			versions = append(versions, p.values[t.facet].carriers[value]...)
		}
	}
	slices.Sort(versions)
	for _, v := range slices.Compact(versions) {
		if p.see[p.versions[v].audience] {
			for _, n := range p.versions[v].docs {
				p.note(n, tagWeight)
			}
		}
	}
}

// addExact notes a frequency in the exact part, which is all that is known of a
// text in a language without a stemmer.
func (m *matcher) addExact(p *partMatch, n int32, weight float64, tf uint64) {
	if p.facts.tongue[n] == 0 {
		weight = max(weight, partWeights[partBody])
	}
	if p.via == "" || p.passes(n) {
		m.add(p, n, partExact, weight, tf)
	}
}

// add notes a frequency of the clause at hand.
func (m *matcher) add(p *partMatch, n int32, part int, weight float64, tf uint64) {
	length := p.facts.lengths[part][n]
	if m.trace != nil {
		m.trace.holds(p, n, tf, length, m.averages.lengths[part])
	}
	p.note(n, m.averages.frequency(part, weight, tf, length))
}

func (p *partMatch) note(n int32, frequency float32) {
	if p.frequency[n] == 0 {
		p.touched = append(p.touched, n)
	}
	p.frequency[n] += frequency
}

// settle turns the frequencies of a clause, which so many records hold as it
// was typed, into scores. It returns the clause's rarity and whether it was
// found at all.
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
	needed := int32(1)
	if c.optional {
		needed = 0
	}
	m.addScores(c.surface, weight, needed)
	return rarity, n > 0
}

// addScores scores the frequencies of the clause at hand, which counts as so
// many of the needed ones.
func (m *matcher) addScores(what string, weight float64, needed int32) {
	defer m.trace.forget()
	for _, p := range m.parts {
		p.clause++
		for _, d := range p.touched {
			s := score(weight, p.frequency[d])
			p.frequency[d] = 0
			m.trace.scores(p, d, what, weight, s)
			v := p.raise(d, s)
			if v.clause != p.clause {
				v.clause, v.before, v.most = p.clause, v.sum, 0
				v.holds += needed
			}
			if s > v.most {
				v.most, v.sum = s, v.before+s
			}
		}
		p.touched = p.touched[:0]
	}
}

// raise adds to the score of a document and tells what was found in its version.
// Scores never fall, so that whoever leads is always known; the first wins a
// draw.
func (p *partMatch) raise(d int32, s float32) *versionMatch {
	if p.score[d] == 0 {
		p.scored = append(p.scored, d)
	}
	p.score[d] += s
	number := p.facts.version[d]
	v := &p.matches[number]
	if !v.known {
		return p.meet(number, d)
	}
	if best := p.score[v.best]; p.score[d] > best || p.score[d] == best && d != v.best && p.before(d, v.best) {
		v.best = d
	}
	return v
}

// countRecords counts the records that hold the clause at hand.
func (m *matcher) countRecords() int {
	n := 0
	for _, p := range m.parts {
		p.turn++
		record, turns, turn := p.facts.record, p.turns, p.turn
		for _, d := range p.touched {
			if r := record[d]; turns[r] != turn {
				turns[r] = turn
				n++
			}
		}
	}
	return n
}

// strike excludes every version that holds the clause at hand. Where that is
// the reader's own, its translations, which say the same in other words, go
// too.
func (m *matcher) strike() {
	for _, p := range m.parts {
		for _, d := range p.touched {
			struck := p.facts.version[d]
			p.match(struck).excluded = true
			if v := &p.versions[struck]; v.lang == m.reads {
				for _, other := range p.records[v.record].versions {
					p.match(other).excluded = true
				}
			}
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
