package search

// room is what matching a part needs, to be used by one search after another:
// arrays over all documents are cleared where they were touched only.
type room struct {
	clause    int32              // counts the clauses
	frequency []float32          // per document: of the clause at hand
	score     []float32          // per document
	touched   []int32            // documents of the clause at hand
	scored    []int32            // documents with a score
	matches   []versionMatch     // per version
	matched   []int32            // versions that are no longer as they were
	vias      map[int32][]string // version → translations by which it holds what was asked
	turns     []int32            // per record: when it was last seen
	turn      int32
	tallies   tallies
	postings  postingsRoom
	read      postings            // what was read of the exact part
	exact     map[string]postings // by word
}

// versionMatch is what a query found in a version.
type versionMatch struct {
	best     int32   // its best document
	holds    int32   // needed clauses that it holds
	sum      float32 // of each clause's best score in any of its documents
	clause   int32   // the last one that it holds
	before   float32 // the sum without that clause
	most     float32 // best score of that clause
	excluded bool
	pinned   bool // its very name was asked for
	known    bool // it is among the matched
	via      bool // it holds something by a translation only
}

func (p *part) takeRoom() *room {
	r, ok := p.rooms.Get().(*room)
	if !ok {
		r = &room{}
	}
	r.frequency, r.score = atLeast(r.frequency, len(p.entries)), atLeast(r.score, len(p.entries))
	r.matches = atLeast(r.matches, len(p.versions))
	r.turns = atLeast(r.turns, len(p.records))
	return r
}

func (p *part) putRoom(r *room) {
	for _, d := range r.touched {
		r.frequency[d] = 0
	}
	for _, d := range r.scored {
		r.score[d] = 0
	}
	for _, v := range r.matched {
		r.matches[v] = versionMatch{}
	}
	r.clause = 0
	r.touched, r.scored, r.matched = r.touched[:0], r.scored[:0], r.matched[:0]
	clear(r.vias)
	r.forget()
	p.rooms.Put(r)
}

// atLeast makes a list long enough; what it gains is zero.
func atLeast[T any](list []T, n int) []T {
	if n > len(list) {
		list = append(list, make([]T, n-len(list))...)
	}
	return list
}

// match is what was found in a version, to be changed.
func (p *partMatch) match(v int32) *versionMatch {
	if m := &p.matches[v]; m.known {
		return m
	}
	return p.meet(v, p.versions[v].head)
}

// before says whether a document stands before another.
func (p *part) before(x, y int32) bool {
	if p.numbered {
		return x < y
	}
	return compareEntries(p.entries[x], p.entries[y]) < 0
}

// meet begins with what is found in a version; n is its best document so far.
func (p *partMatch) meet(v, n int32) *versionMatch {
	m := &p.matches[v]
	*m = versionMatch{best: n, known: true, excluded: p.confined && p.barred(&p.versions[v])}
	p.matched = append(p.matched, v)
	return m
}
