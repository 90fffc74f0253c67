package search

import (
	"context"
	"fmt"
	"slices"
)

// similarPassages is how many passages of each version of a record are read,
// from its beginning to its end, to tell what it is about.
const similarPassages = 40

// similar asks for the records that have most in common with one, and not for
// that one. A record that the reader may not see is like none.
func (m *matcher) similar(ctx context.Context, id string) error {
	words, err := m.newWords(m.passagesOf(id), 1)
	if err != nil {
		return err
	}
	words = words[:min(len(words), m.affordable())]
	var sum float64
	for _, w := range words {
		sum += w.weight
	}
	for _, w := range words {
		for _, p := range m.parts {
			if err := m.stem(ctx, p, w.lang, w.stem); err != nil {
				return fmt.Errorf("match %q of %s: %w", w.stem, id, err)
			}
		}
		share := w.weight / sum * float64(len(words))
		m.addScores(w.stem, share*m.averages.rarity(m.countRecords()), 1)
	}
	return nil
}

// passagesOf are those of a record that are read. They are as good as each
// other, but the reader's own language goes ahead. The record's versions are
// excluded from what is found.
func (m *matcher) passagesOf(id string) []scored {
	var all []scored
	for _, p := range m.parts {
		r, ok := p.byRecord[id]
		if !ok {
			continue
		}
		for _, n := range p.records[r].versions {
			if !p.see[p.versions[n].audience] {
				continue
			}
			p.match(n).excluded = true
			docs, worth := p.documents(n), float32(1)
			if p.versions[n].lang != m.reads {
				worth = ownEnough
			}
			step := (len(docs) + similarPassages - 1) / similarPassages
			for i := 0; i < len(docs); i += step {
				all = append(all, scored{p, docs[i], worth})
			}
		}
	}
	slices.SortFunc(all, comparePassages)
	return all
}
