package search

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// newWord is a stem that the best answers to a question have in common.
type newWord struct {
	lang, stem string
	weight     float64
	passages   int // of the best that hold it
}

// feedBack asks a long question again with words of its best answers. Only
// records that hold a word of the question itself gain by it.
func (m *matcher) feedBack(ctx context.Context, q query) error {
	asked := 0
	for _, c := range q.want {
		if !c.optional {
			asked += c.times
		}
	}
	passages := min(feedbackPassages, int(feedbackShare*float64(m.averages.records)))
	if asked < feedbackWords || passages < 2 {
		return nil
	}
	words, err := m.newWords(m.bestPassages(passages), 2)
	if err != nil {
		return err
	}
	var sum, rarities float64
	for _, w := range words {
		sum += w.weight
	}
	for i, c := range q.want {
		rarities += m.rarities[i] * float64(c.times)
	}
	for _, w := range words {
		n, err := m.collectNew(ctx, w)
		if err != nil {
			return err
		}
		rarity := m.averages.rarity(n) / (rarities / float64(asked))
		m.addScores(w.stem+" of the best answers", feedbackWeight*float64(asked)*rarity*w.weight/sum, 0)
	}
	return nil
}

// collectNew gathers the weighted frequencies of a new word in the documents
// that the query matched before, and counts the documents that hold it. A word
// that too many hold is left out, before it costs more.
func (m *matcher) collectNew(ctx context.Context, w newWord) (int, error) {
	most := int(feedbackCommon * float64(m.averages.records))
	n := 0
	for _, p := range m.parts {
		err := p.runs(ctx, w.lang, w.stem, func(docs []int32, codes []uint64) bool {
			n += len(docs)
			for i, at := range docs {
				if n <= most && p.score[at] > 0 {
					m.addStem(p, at, w.lang, w.stem, codes[i])
				}
			}
			return n <= most
		})
		if err != nil {
			return 0, err
		}
	}
	if n > most {
		for _, p := range m.parts {
			p.clear()
		}
	}
	return n, nil
}

// newWords are the stems that so many of the passages hold, the weightiest
// first: those that make up most of the passages that match best.
func (m *matcher) newWords(best []scored, least int) ([]newWord, error) {
	words := map[string]*newWord{}
	var sum float64
	for _, d := range best {
		sum += float64(d.score)
	}
	for _, d := range best {
		text, err := d.part.body(d.n)
		if err != nil {
			return nil, err
		}
		lang := d.entry().textLang()
		if _, ok := m.analyzers.byLang[lang]; !ok {
			continue
		}
		stems := m.analyzers.terms(lang, d.entry().Title+"\n"+text)
		share := float64(d.score) / sum / float64(len(stems))
		slices.Sort(stems)
		for len(stems) > 0 {
			stem := stems[0]
			n := slices.IndexFunc(stems, func(s string) bool { return s != stem })
			if n < 0 {
				n = len(stems)
			}
			stems = stems[n:]
			if stem[0] <= '9' {
				continue
			}
			w := words[lang+stem]
			if w == nil {
				w = &newWord{lang: lang, stem: stem}
				words[lang+stem] = w
			}
			w.passages++
			w.weight += float64(n) * share
		}
	}
	var common []newWord
	for _, w := range words {
		if w.passages >= least {
			common = append(common, *w)
		}
	}
	slices.SortFunc(common, compareNewWords)
	return common[:min(len(common), feedbackTerms)], nil
}

func compareNewWords(x, y newWord) int {
	return cmp.Or(cmp.Compare(y.weight, x.weight), strings.Compare(x.stem, y.stem), strings.Compare(x.lang, y.lang))
}
