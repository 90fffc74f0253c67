package search

import "context"

// postings are documents that hold a term, with the codes of their postings.
type postings struct {
	docs  []int32
	codes []uint64
}

// maxKept bounds the postings for which a room keeps the memory.
const maxKept = 1 << 18

// forget makes way for the words of another search.
func (r *room) forget() {
	clear(r.exact)
	if r.read = (postings{r.read.docs[:0], r.read.codes[:0]}); cap(r.read.docs) > maxKept {
		r.read = postings{}
	}
}

// holders are the visible documents that hold a word as it was typed. A search
// reads them once, however often it comes back to the word.
func (p *partMatch) holders(ctx context.Context, word string) (postings, error) {
	if held, ok := p.exact[word]; ok {
		return held, nil
	}
	from := len(p.read.docs)
	err := p.runs(ctx, exactField, word, func(docs []int32, codes []uint64) bool {
		p.read.docs = append(p.read.docs, docs...)
		p.read.codes = append(p.read.codes, codes...)
		return true
	})
	if err != nil {
		return postings{}, err
	}
	held := postings{p.read.docs[from:len(p.read.docs):len(p.read.docs)], p.read.codes[from:]}
	if p.exact == nil {
		p.exact = map[string]postings{}
	}
	p.exact[word] = held
	return held, nil
}

// runs calls f with the visible documents that hold a term and the codes of
// their postings, some at a time in the order of their numbers, until f says
// false.
func (p *partMatch) runs(ctx context.Context, field, term string, f func(docs []int32, codes []uint64) bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	see, audience := p.see, p.facts.audience
	more := true
	for _, s := range p.segments {
		err := s.each(field, term, &p.postings, func(docs []int32, codes []uint64) bool {
			kept := 0
			for i, n := range docs {
				docs[kept], codes[kept] = n, codes[i]
				if see[audience[n]] {
					kept++
				}
			}
			more = kept == 0 || f(docs[:kept], codes[:kept])
			return more
		})
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// each calls f with the visible documents that hold a term, one by one, until
// f says false.
func (p *partMatch) each(ctx context.Context, field, term string, f func(n int32, code uint64) bool) error {
	return p.runs(ctx, field, term, func(docs []int32, codes []uint64) bool {
		for i, n := range docs {
			if !f(n, codes[i]) {
				return false
			}
		}
		return true
	})
}
