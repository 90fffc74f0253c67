package search

import (
	"cmp"
	"context"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"
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
	words, err := m.newWords(m.bestPassages(passages))
	if err != nil {
		return err
	}
	var sum float64
	for i := range words {
		n, err := m.countPassages(ctx, &words[i])
		if err != nil {
			return err
		}
		words[i].weight *= m.averages.rarity(n)
	}
	slices.SortFunc(words, compareNewWords)
	words = words[:min(len(words), feedbackTerms)]
	for _, w := range words {
		sum += w.weight
	}
	for _, w := range words {
		for _, p := range m.parts {
			if err := m.stem(ctx, p, w.lang, w.stem); err != nil {
				return err
			}
			p.keepMatched()
		}
		m.addScores(w.stem+" of the best answers", feedbackWeight/(1-feedbackWeight)*float64(asked)*w.weight/sum, func(*versionMatch) {})
	}
	return nil
}

// newWords are the stems that two or more of the passages hold, the weightiest
// first: those that make up most of the passages that match best.
func (m *matcher) newWords(best []passage) ([]newWord, error) {
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
		if w.passages > 1 {
			common = append(common, *w)
		}
	}
	slices.SortFunc(common, compareNewWords)
	return common[:min(len(common), 2*feedbackTerms)], nil
}

func compareNewWords(x, y newWord) int {
	return cmp.Or(cmp.Compare(y.weight, x.weight), strings.Compare(x.stem, y.stem), strings.Compare(x.lang, y.lang))
}

// countPassages counts the visible documents whose body holds a stem.
func (m *matcher) countPassages(ctx context.Context, w *newWord) (int, error) {
	n := 0
	for _, p := range m.parts {
		err := p.postings(ctx, fieldName(partBody, w.lang), w.stem, false, func(d *index.TermFieldDoc) {
			if p.see[p.entries[d.ID.Value()].audience] {
				n++
			}
		})
		if err != nil {
			return 0, err
		}
	}
	return n, nil
}

// keepMatched forgets the documents of the clause at hand that the query did
// not match before.
func (p *partMatch) keepMatched() {
	p.touched = slices.DeleteFunc(p.touched, func(d int32) bool {
		if p.score[d] > 0 {
			return false
		}
		p.frequency[d] = 0
		return true
	})
}
