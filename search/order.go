package search

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// shelf keeps the first records of an order while they come.
type shelf struct {
	size   int
	byDate bool
	found  []found // up to twice as many
	full   bool    // the first of them are in order, and all that stand behind them are out
	total  int
}

func (s *shelf) add(f *found) {
	s.total++
	f.rank = round(f.score)
	if s.full && s.compare(f, &s.found[s.size-1]) >= 0 {
		return
	}
	if s.found = append(s.found, *f); len(s.found) == 2*s.size {
		s.sort()
	}
}

// sort puts the records in order and leaves out those beyond the size.
func (s *shelf) sort() {
	slices.SortFunc(s.found, func(x, y found) int { return s.compare(&x, &y) })
	if len(s.found) >= s.size {
		s.found, s.full = s.found[:s.size], true
	}
}

// compare is the order of hits; it never depends on the index's history.
func (s *shelf) compare(x, y *found) int {
	if !s.byDate {
		if c := cmp.Or(compareBools(y.pinned, x.pinned), compareBools(x.via, y.via), cmp.Compare(y.rank, x.rank)); c != 0 {
			return c
		}
	}
	a, b := x.entry(), y.entry()
	if c := b.Date.Compare(a.Date); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(y.rank, x.rank), strings.Compare(a.Title, b.Title), compareEntries(a, b))
}

// compareBools puts no before yes.
func compareBools(x, y bool) int {
	switch {
	case x == y:
		return 0
	case x:
		return 1
	default:
		return -1
	}
}

// beats says whether f is the better version of the record that g also is.
func (f *found) beats(g *found) bool {
	switch {
	case f.pinned != g.pinned:
		return f.pinned
	case f.via != g.via:
		return g.via
	case f.own && f.score >= ownEnough*g.score:
		return true
	case g.own && g.score >= ownEnough*f.score:
		return false
	case f.score != g.score:
		return f.score > g.score
	default:
		return compareEntries(f.entry(), g.entry()) < 0
	}
}

// round gives scores the precision in which they are shown and compared.
func round(score float64) float64 { return math.Round(score*1000) / 1000 }
