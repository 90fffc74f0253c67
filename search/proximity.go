package search

import "slices"

// reward adds to the scores of the best passages in which words that stand
// side by side in the query stand near each other.
func (m *matcher) reward(q query) error {
	var clauses []int // into q.want
	var words []string
	for i, c := range q.want {
		if !c.optional && len(c.words) == 1 && m.found[i] {
			clauses, words = append(clauses, i), append(words, c.words[0])
		}
	}
	if len(words) < 2 {
		return nil
	}
	best := m.bestPassages(nearPassages)
	added := make([]float32, len(best))
	for j, d := range best {
		if !d.mayBeNear(words) {
			continue
		}
		places, err := d.part.places(d.n, words)
		if err != nil {
			return err
		}
		for i := 1; i < len(words); i++ {
			near := closeness(places[i-1], places[i])
			if near == 0 {
				continue
			}
			before, here := clauses[i-1], clauses[i]
			weight := nearWeight * min(m.rarities[before], m.rarities[here])
			s := score(weight, near)
			m.trace.scores(d.part, d.n, q.want[before].surface+" near "+q.want[here].surface, weight, s)
			added[j] += s
		}
	}
	for j, d := range best {
		d.part.raise(d.n, added[j]).sum += added[j]
	}
	return nil
}

// mayBeNear says whether any two neighbours among the words may be near each
// other in a passage, as far as the postings tell; most often they cannot be,
// and nobody has to read the text.
func (d scored) mayBeNear(words []string) bool {
	var before uint64
	held := false
	for _, word := range words {
		all, ok := d.part.exact[word]
		if !ok {
			return true // not looked for
		}
		at, here := slices.BinarySearch(all.docs, d.n)
		if here && held && mayBeNear(before, all.codes[at]) {
			return true
		}
		if held = here; here {
			before = all.codes[at]
		}
	}
	return false
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
