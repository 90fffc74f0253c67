package search

import (
	"cmp"
	"slices"
	"strings"
)

// passage is a document that a query matched.
type passage struct {
	part  *partMatch
	n     int32
	score float32
}

func (d passage) entry() *entry { return d.part.entries[d.n] }

// version is what the query found in the passage's record.
func (d passage) version() *versionMatch { return &d.part.versions[d.entry().version] }

// bestPassages are up to n documents with the highest scores, best first. They
// are the same whatever the index has been through.
func (m *matcher) bestPassages(n int) []passage {
	var best []passage
	for _, p := range m.parts {
		for d, score := range p.score {
			if score == 0 || len(best) == n && score < best[n-1].score {
				continue
			}
			here := passage{p, int32(d), score}
			at, _ := slices.BinarySearchFunc(best, here, comparePassages)
			if at < n {
				best = slices.Insert(best[:min(len(best), n-1)], at, here)
			}
		}
	}
	return best
}

func comparePassages(x, y passage) int {
	if x.score != y.score {
		return cmp.Compare(y.score, x.score)
	}
	return strings.Compare(x.entry().sort, y.entry().sort)
}
