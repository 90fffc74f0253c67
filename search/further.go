package search

import (
	"cmp"
	"slices"
)

// Further passages of a hit's record: as many as a reader scans under a hit,
// and only those that answer about as well as the best one.
const (
	maxFurther   = 3
	nearlyAsGood = .5
)

// further are the other passages of the record's version that answer, at most
// one of each heading and page.
func (f *found) further() []Place {
	p, best := f.part, f.match().best
	least := p.score[best] * nearlyAsGood
	var docs []int32
	for _, n := range p.documents(f.version) {
		if n != best && p.score[n] > 0 && p.score[n] >= least && p.entries[n].Anchor != "" {
			docs = append(docs, n)
		}
	}
	slices.SortStableFunc(docs, func(a, b int32) int { return cmp.Compare(p.score[b], p.score[a]) })
	seen := []Place{f.place(best)}
	var out []Place
	for _, n := range docs {
		here := f.place(n)
		same := func(o Place) bool { return o.Heading == here.Heading && o.Page == here.Page }
		if here.Heading == "" && here.Page == 0 || slices.ContainsFunc(seen, same) {
			continue
		}
		seen = append(seen, here)
		if out = append(out, here); len(out) == maxFurther {
			break
		}
	}
	return out
}

func (f *found) place(n int32) Place {
	e := f.part.entries[n]
	return Place{URL: e.link(), Heading: e.Heading, Page: e.Page}
}
