package search

import (
	"cmp"
	"slices"
)

// scored is a document that a query matched.
type scored struct {
	part  *partMatch
	n     int32
	score float32
}

func (d scored) entry() *entry        { return d.part.entries[d.n] }
func (d scored) version() *version    { return &d.part.versions[d.part.facts.version[d.n]] }
func (d scored) match() *versionMatch { return &d.part.matches[d.part.facts.version[d.n]] }

// bestPassages are up to n documents with the highest scores, best first. They
// are the same whatever the index has been through.
func (m *matcher) bestPassages(n int) []scored {
	var best []scored
	for _, p := range m.parts {
		for _, d := range p.scored {
			score := p.score[d]
			if score == 0 || len(best) == n && score < best[n-1].score {
				continue
			}
			here := scored{p, d, score}
			at, _ := slices.BinarySearchFunc(best, here, comparePassages)
			if at < n {
				best = slices.Insert(best[:min(len(best), n-1)], at, here)
			}
		}
	}
	return best
}

func comparePassages(x, y scored) int {
	if x.score != y.score {
		return cmp.Compare(y.score, x.score)
	}
	return compareEntries(x.entry(), y.entry())
}
