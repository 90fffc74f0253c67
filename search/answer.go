package search

import (
	"fmt"
	"slices"
)

// found is a record that answers a query, by its best version.
type found struct {
	part    *partMatch
	version int32
	score   float64
	rank    float64 // the score as it is shown and compared
	pinned  bool
	own     bool // in the reader's own language
	via     bool // only by a translation of what was asked
}

func (f *found) match() *versionMatch { return f.part.match(f.version) }
func (f *found) entry() *entry        { return f.part.entries[f.match().best] }

// answer is what a matcher found, before it is cut into pages.
type answer struct {
	records []found // the first of them, in order
	total   int     // of them
	rest    []found // that hold only some of what was asked
	counts  counts
	relaxed bool // no record holds what was asked; these hold some of it
	barred  bool // records hold it, but the filters let none pass
}

// gather turns the matches into records, the first of them in order, and
// counts facets. Where fewer than few are found, the rest follow.
func (m *matcher) gather(q query, r *Request, few int) (answer, error) {
	need := q.needed()
	enough := func(_ *partMatch, v *versionMatch) bool { return int(v.holds) >= need }
	some := func(_ *partMatch, v *versionMatch) bool { return v.holds > 0 }
	include := func(p *partMatch, v *versionMatch) bool { return v.pinned || enough(p, v) }
	m.pin(q)
	all := len(q.want) == 0 && r.Like == ""
	shelves := shelf{size: max(r.Page*r.Size, few), byDate: r.Order == ByDate || all}
	long := need > fewWords || r.Like != ""
	if err := m.reward(q, m.worthwhile(r, shelves, few, long, include)); err != nil {
		return answer{}, fmt.Errorf("match neighbouring words: %w", err)
	}
	if long {
		least := nearBest * m.bestScore()
		enough = func(p *partMatch, v *versionMatch) bool { return v.holds > 0 && p.total(v) >= least }
	}
	a := m.choose(r, all, shelves, include)
	switch {
	case a.total >= few || need < 2:
	case a.total > 0:
		// As many more as there may be of those that are found already.
		rest := m.choose(r, false, shelf{size: max(r.Size, few) + few}, func(p *partMatch, v *versionMatch) bool { return some(p, v) && !enough(p, v) && !v.pinned })
		a.rest = a.others(rest.records)
	default:
		if a.barred = m.anyHolds(enough); !a.barred {
			a = m.choose(r, false, shelves, func(p *partMatch, v *versionMatch) bool { return v.pinned || some(p, v) })
			a.relaxed = a.total > 0
		}
	}
	return a, nil
}

// page is the part of the records that a request asks for.
func (a *answer) page(r *Request) []found {
	first := min((r.Page-1)*r.Size, len(a.records))
	return a.records[first:min(first+r.Size, len(a.records))]
}

// others are those of some records that are not found.
func (a *answer) others(some []found) []found {
	type record struct {
		part *partMatch
		n    int32
	}
	seen := map[record]bool{}
	for _, f := range a.records {
		seen[record{f.part, f.part.versions[f.version].record}] = true
	}
	return slices.DeleteFunc(some, func(f found) bool { return seen[record{f.part, f.part.versions[f.version].record}] })
}

// bestScore is that of the best visible version, whatever the filters.
func (m *matcher) bestScore() float64 {
	best := 0.0
	for _, p := range m.parts {
		for _, v := range p.matched {
			if v := &p.matches[v]; !v.excluded {
				best = max(best, p.total(v))
			}
		}
	}
	return best
}

// anyHolds says whether any visible version holds enough, whatever the
// filters: a filter that leaves nothing does not relax the query.
func (m *matcher) anyHolds(enough func(*partMatch, *versionMatch) bool) bool {
	for _, p := range m.parts {
		for _, v := range p.matched {
			if v := &p.matches[v]; !v.excluded && enough(p, v) {
				return true
			}
		}
	}
	return false
}

// choose takes the records with a version that is to be included and passes
// the filters, and counts facets on the way. Unless all are looked at, only
// what was matched is.
func (m *matcher) choose(r *Request, all bool, s shelf, include func(*partMatch, *versionMatch) bool) answer {
	a := answer{counts: newCounts(r.Filters)}
	for _, p := range m.parts {
		p.tallies.reset(p.part)
		chosen := p.chosen(&r.Filters)
		p.eachRecord(all, include, func(versions []int32) {
			var best found
			for _, n := range versions {
				f, ok := p.consider(n, &chosen, include)
				if !ok {
					continue
				}
				if f.own = p.versions[n].lang == r.Language; !f.own {
					f.score *= otherLanguage
				}
				if best.part == nil || f.beats(&best) {
					best = f
				}
			}
			if best.part != nil {
				s.add(&best)
			}
		})
		a.counts.add(p.part, &p.tallies)
	}
	s.sort()
	a.records, a.total = s.found, s.total
	return a
}

// consider counts a version that is to be included, and says whether it
// passes the filters.
func (p *partMatch) consider(n int32, filters *chosen, include func(*partMatch, *versionMatch) bool) (found, bool) {
	v := &p.versions[n]
	if !p.see[v.audience] {
		return found{}, false
	}
	match := p.match(n)
	if match.excluded || !include(p, match) {
		return found{}, false
	}
	missed, which := filters.misses(v)
	p.tallies.add(v, missed, which)
	return found{part: p, version: n, score: p.total(match), pinned: match.pinned, via: match.via}, missed == 0
}

// eachRecord calls f with the versions of the records of which something is to
// be included, or with those of all.
func (p *partMatch) eachRecord(all bool, include func(*partMatch, *versionMatch) bool, f func(versions []int32)) {
	if all {
		for r := range p.records {
			f(p.records[r].versions)
		}
		return
	}
	p.turn++
	for i := range len(p.matched) { // f may add to them
		v := p.matched[i]
		if m := &p.matches[v]; m.excluded || !include(p, m) {
			continue
		}
		if p.versions[v].alone {
			f(p.matched[i : i+1])
		} else if r := p.versions[v].record; p.turns[r] != p.turn {
			p.turns[r] = p.turn
			f(p.records[r].versions)
		}
	}
}

// total is the score of a version: its best passage, and a share of what the
// others add.
func (p *partMatch) total(v *versionMatch) float64 {
	best := float64(p.score[v.best])
	return best + wholeRecord*max(0, float64(v.sum)-best)
}
