package search

import "unicode/utf8"

// wanted are the terms that snippets in a language mark, with the clause that
// wants them: folded words as they are, and stems.
type wanted struct {
	lang       string
	words      map[string]int
	stems      map[string]int
	beginnings map[string]bool // the first letters of stems
	known      map[string]int  // words of texts that begin like a stem → their clause, -1 for none
	letters    letters
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
			w.letters.add(term)
		}
	}
	return w
}

// letters are those that some terms begin with.
type letters [utf8.RuneSelf]bool

func (l *letters) add(term string) {
	if term != "" && term[0] < utf8.RuneSelf {
		l[term[0]] = true
	}
}

// mayBegin says whether a word of a text may be one of the terms, by its first
// letter. What is not written in plain letters always may.
func (l *letters) mayBegin(word []byte) bool {
	first := word[0]
	return first >= utf8.RuneSelf || l[first] || l[first|0x20] || !isPlain(word)
}

// isPlain says whether a word has neither accents nor an article run into it.
func isPlain(word []byte) bool {
	for _, c := range word {
		if c >= utf8.RuneSelf || c == '\'' {
			return false
		}
	}
	return true
}
