package search

import (
	"bytes"
	"unicode/utf8"
)

// wanted are the terms that snippets in a language mark, with the clause that
// wants them: folded words as they are, and stems.
type wanted struct {
	lang       string
	words      map[string]int
	stems      map[string]int
	beginnings map[string]bool     // the first letters of stems
	known      map[string]int      // words of texts that begin like a stem → their clause, -1 for none
	letters    [utf8.RuneSelf]bool // that words and stems begin with
}

func (a *analyzers) wanted(q query, lang string) *wanted {
	w := &wanted{lang: lang, words: map[string]int{}, stems: map[string]int{}, beginnings: map[string]bool{}, known: map[string]int{}}
	for i, c := range q.want {
		if c.optional {
			continue
		}
		for _, word := range c.words {
			w.words[word] = i
		}
		for _, words := range c.synonyms {
			for _, word := range words {
				if !a.isStop(word) {
					w.words[word] = i
				}
			}
		}
		for _, f := range c.foreign {
			for _, word := range f.words {
				if _, ok := w.words[word]; !ok && !a.isStop(word) {
					w.words[word] = i
				}
			}
		}
		if c.tongues.has(lang) {
			for _, stem := range a.terms(lang, c.surface) {
				w.stems[stem] = i
				w.beginnings[stem[:min(len(stem), 2)]] = true
			}
		}
	}
	for _, terms := range []map[string]int{w.words, w.stems} {
		for term := range terms {
			if term != "" && term[0] < utf8.RuneSelf {
				w.letters[term[0]] = true
			}
		}
	}
	return w
}

// mayHold says whether a word of a text can be wanted, by its first letter. A
// word in other than plain letters always can.
func (w *wanted) mayHold(word []byte) bool {
	first := word[0]
	return first >= utf8.RuneSelf || w.letters[first] || w.letters[first|0x20] || !isASCII(word) || bytes.IndexByte(word, '\'') >= 0
}
