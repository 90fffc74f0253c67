package search

import "slices"

// worthwhile tells in which of the best passages it is worth while to see how
// near each other words are: those on which it depends what is shown.
type worthwhile struct {
	matters func(p *partMatch, version int32) bool
	first   int    // only the records that score highest are shown, at most so many; 0 is all
	lang    string // of the reader
}

// worthwhile is what counts for a request. As long as it may depend on scores
// what is included, or records that hold less may follow, that is all passages.
func (m *matcher) worthwhile(r *Request, s shelf, few int, long bool, include func(*partMatch, *versionMatch) bool) worthwhile {
	w := worthwhile{matters: m.included(r, include), lang: r.Language}
	if long || !m.atLeast(few, w.matters) {
		return worthwhile{matters: m.notExcluded}
	}
	if !s.byDate {
		w.first = s.size
	}
	return w
}

// notExcluded is all that may be shown.
func (m *matcher) notExcluded(p *partMatch, version int32) bool { return !p.matches[version].excluded }

// included are the versions that are to be included and pass the filters.
func (m *matcher) included(r *Request, include func(*partMatch, *versionMatch) bool) func(*partMatch, int32) bool {
	filters := map[*partMatch]*chosen{}
	for _, p := range m.parts {
		c := p.chosen(&r.Filters)
		filters[p] = &c
	}
	return func(p *partMatch, version int32) bool {
		v := &p.matches[version]
		if v.excluded || !include(p, v) {
			return false
		}
		missed, _ := filters[p].misses(&p.versions[version])
		return missed == 0
	}
}

// atLeast says whether so many records have a version that matters.
func (m *matcher) atLeast(n int, matters func(*partMatch, int32) bool) bool {
	for _, p := range m.parts {
		p.turn++
		for _, v := range p.matched {
			if r := p.versions[v].record; p.turns[r] != p.turn && matters(p, v) {
				p.turns[r] = p.turn
				if n--; n == 0 {
					return true
				}
			}
		}
	}
	return false
}

// of are those of some passages, best first, in which words may be near each
// other and that are worth while.
func (w *worthwhile) of(best []scored, near neighbours) []scored {
	best = slices.DeleteFunc(best, func(d scored) bool { return !w.matters(d.part, d.part.facts.version[d.n]) })
	most := make([]float64, len(best))
	gains := map[*version]float64{} // at most, by all passages of a version
	for i, d := range best {
		most[i] = float64(near.most(d))
		gains[d.version()] += most[i]
	}
	least := w.least(best)
	var out []scored
	for i, d := range best {
		v := d.version()
		sure := !v.alone || d.match().pinned // of a place that no score tells
		if most[i] > 0 && (sure || w.rank(d, gains[v]+slack) >= least) {
			out = append(out, d)
		}
	}
	return out
}

// slack is more than what rounding can add to a score.
const slack = 1e-3

// least is a rank that as many records reach as are shown, whatever their words
// add: what stays below is not shown. It is 0 where none is known.
func (w *worthwhile) least(best []scored) float64 {
	var ranks []float64
	seen := map[*version]bool{}
	for _, d := range best {
		if v := d.version(); v.alone && !d.match().via && !seen[v] {
			seen[v] = true
			ranks = append(ranks, w.rank(d, 0))
		}
	}
	if w.first == 0 || len(ranks) < w.first {
		return 0
	}
	slices.Sort(ranks)
	return ranks[len(ranks)-w.first]
}

// rank is that of the record of a passage, if its score were so much higher.
func (w *worthwhile) rank(d scored, more float64) float64 {
	total := d.part.total(d.match()) + more
	if d.version().lang != w.lang {
		total *= otherLanguage
	}
	return round(total)
}
