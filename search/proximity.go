package search

import (
	"math"
	"slices"
)

// neighbours are the words of a query that stand side by side.
type neighbours struct {
	words    []string
	surfaces []string
	weights  []float64 // of each word being near the one before it
}

func (m *matcher) neighbours(q query) neighbours {
	var n neighbours
	before := 0.0
	for i, c := range q.want {
		if !c.optional && len(c.words) == 1 && m.found[i] {
			n.words, n.surfaces = append(n.words, c.words[0]), append(n.surfaces, c.surface)
			n.weights = append(n.weights, nearWeight*min(before, m.rarities[i]))
			before = m.rarities[i]
		}
	}
	return n
}

// reward adds to the scores of the best passages in which words that stand
// side by side in the query stand near each other.
func (m *matcher) reward(q query, which worthwhile) error {
	near := m.neighbours(q)
	if len(near.words) < 2 {
		return nil
	}
	best := which.of(m.bestPassages(nearPassages), near)
	added := make([]float32, len(best))
	for j, d := range best {
		places, err := d.part.places(d.n, near.words)
		if err != nil {
			return err
		}
		for i := 1; i < len(near.words); i++ {
			closeness := closeness(places[i-1], places[i])
			if closeness == 0 {
				continue
			}
			s := score(near.weights[i], closeness)
			m.trace.scores(d.part, d.n, near.surfaces[i-1]+" near "+near.surfaces[i], near.weights[i], s)
			added[j] += s
		}
	}
	for j, d := range best {
		d.part.raise(d.n, added[j]).sum += added[j]
	}
	return nil
}

// most is the most that a passage can gain by its words being near each other,
// as far as the postings tell; most often it is nothing, and nobody has to read
// the text.
func (n *neighbours) most(d scored) (sum float32) {
	var before uint64
	held := false
	for i, word := range n.words {
		all, ok := d.part.exact[word]
		if !ok {
			return math.MaxFloat32 // not looked for
		}
		at, here := slices.BinarySearch(all.docs, d.n)
		if here && held {
			sum += score(n.weights[i], mostCloseness(before, all.codes[at]))
		}
		if held = here; here {
			before = all.codes[at]
		}
	}
	return sum
}

// closeness is large where two words are often near each other; in the order
// of the query they are one word nearer.
func closeness(first, second []int) float32 {
	var sum float32
	for _, x := range first {
		for _, y := range second {
			distance := float32(y - x)
			if y < x {
				distance = float32(x - y + 1)
			}
			if distance > 0 && distance <= nearWords {
				sum += 1 / (distance * distance)
			}
		}
	}
	return sum
}
