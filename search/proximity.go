package search

import (
	"context"
	"fmt"
	"slices"

	index "github.com/blevesearch/bleve_index_api"
)

// reward adds to the scores of the best passages in which words that stand
// side by side in the query stand near each other.
func (m *matcher) reward(ctx context.Context, q query) error {
	var words []int // into q.want
	for i, c := range q.want {
		if !c.optional && len(c.words) == 1 && m.found[i] {
			words = append(words, i)
		}
	}
	if len(words) < 2 {
		return nil
	}
	best := m.bestPassages(nearPassages)
	before, err := m.places(ctx, best, q.want[words[0]].words[0])
	if err != nil {
		return err
	}
	added := make([]float32, len(best))
	for i := 1; i < len(words); i++ {
		here, err := m.places(ctx, best, q.want[words[i]].words[0])
		if err != nil {
			return err
		}
		rarity := min(m.rarities[words[i-1]], m.rarities[words[i]])
		for j := range best {
			if near := closeness(before[j], here[j]); near > 0 {
				s := score(nearWeight*rarity, near)
				m.trace.scores(best[j].part, best[j].n, q.want[words[i-1]].surface+" near "+q.want[words[i]].surface, nearWeight*rarity, s)
				added[j] += s
			}
		}
		before = here
	}
	for j, d := range best {
		d.part.score[d.n] += added[j]
		d.version().sum += added[j]
	}
	return nil
}

// closeness is large where two words are often near each other; in the order
// of the query they are one word nearer.
func closeness(first, second []uint64) float32 {
	var sum float32
	for _, x := range first {
		for _, y := range second {
			distance := float32(y) - float32(x)
			if y < x {
				distance = float32(x) - float32(y) + 1
			}
			if distance > 0 && distance <= nearWords {
				sum += 1 / (distance * distance)
			}
		}
	}
	return sum
}

// places finds where a word stands in each of some passages.
func (m *matcher) places(ctx context.Context, in []passage, word string) ([][]uint64, error) {
	places := make([][]uint64, len(in))
	for _, p := range m.parts {
		var here []int // into in, by document number
		for i, d := range in {
			if d.part == p {
				here = append(here, i)
			}
		}
		slices.SortFunc(here, func(x, y int) int { return int(in[x].n - in[y].n) })
		if err := p.placesIn(ctx, in, here, word, places); err != nil {
			return nil, fmt.Errorf("read places of a word: %w", err)
		}
	}
	return places, nil
}

func (p *partMatch) placesIn(ctx context.Context, in []passage, here []int, word string, places [][]uint64) error {
	if len(here) == 0 {
		return nil
	}
	tr, err := p.reader.TermFieldReader(ctx, []byte(word), exactField, false, false, true)
	if err != nil {
		return err
	}
	defer tr.Close()
	var room index.TermFieldDoc
	for _, i := range here {
		d, err := tr.Advance(index.NewIndexInternalID(nil, uint64(in[i].n)), room.Reset())
		if err != nil || d == nil {
			return err
		}
		if int32(d.ID.Value()) != in[i].n {
			continue
		}
		for _, v := range d.Vectors {
			places[i] = append(places[i], v.Pos)
		}
	}
	return nil
}
