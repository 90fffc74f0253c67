package search

import (
	"context"
	"slices"
)

// maxVerified bounds the texts that are read to see whether words follow each
// other. Beyond it the places in the postings have to do, which tell it of
// nearly every passage.
const maxVerified = 200

// together are the visible documents that hold all the words, where they may
// follow each other, in their order where there are more than so many, and how
// many postings were looked at.
func (p *partMatch) together(ctx context.Context, words []string, few int) (docs []int32, visits int, err error) {
	first, err := p.holders(ctx, words[0])
	visits = len(first.docs)
	if err != nil || len(words) == 1 {
		return first.docs, visits, err
	}
	docs, codes := slices.Clone(first.docs), slices.Clone(first.codes)
	for i, word := range words[1:] {
		next, err := p.holders(ctx, word)
		if err != nil {
			return nil, visits, err
		}
		visits += len(next.docs)
		kept, at := 0, 0
		for j, n := range next.docs {
			for at < len(docs) && docs[at] < n {
				at++
			}
			if at == len(docs) {
				break
			}
			if docs[at] == n && mayFollow(codes[at], next.codes[j], i+1) {
				docs[kept], codes[kept] = n, codes[at]
				kept++
			}
		}
		if docs, codes = docs[:kept], codes[:kept]; kept == 0 {
			return nil, visits, nil
		}
	}
	if len(docs) > few && !p.numbered {
		slices.SortFunc(docs, func(x, y int32) int { return compareEntries(p.entries[x], p.entries[y]) })
	}
	return docs, visits, nil
}

// countPhrase counts how often the words follow each other in a document.
func (p *partMatch) countPhrase(n int32, words []string) (int, error) {
	places, err := p.places(n, words)
	if err != nil {
		return 0, err
	}
	times := 0
	for _, first := range places[0] {
		follows := true
		for i := 1; i < len(words) && follows; i++ {
			follows = contains(places[i], first+i)
		}
		if follows {
			times++
		}
	}
	return times, nil
}

// contains looks for a place in a list that is in order.
func contains(places []int, at int) bool {
	for _, p := range places {
		if p >= at {
			return p == at
		}
	}
	return false
}

// places finds where each of some words stands in a document.
func (p *partMatch) places(n int32, words []string) ([][]int, error) {
	text, err := p.body(n)
	if err != nil {
		return nil, err
	}
	d := p.entries[n].document(text)
	places := make([][]int, len(words))
	var first letters
	for _, w := range words {
		first.add(w)
	}
	eachPlaced(p.analyzers.tokens, d.exact(), func(word []byte, place int) {
		if !first.mayBegin(word) {
			return
		}
		for i, w := range words {
			if p.analyzers.isWord(word, w) {
				places[i] = append(places[i], place)
			}
		}
	})
	return places, nil
}
