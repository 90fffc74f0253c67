package search

import (
	"bytes"

	index "github.com/blevesearch/bleve_index_api"
)

// speller turns documents into postings. It reads every text once, and
// remembers the words and the lines that it has met, since most come again; it
// is for one goroutine.
type speller struct {
	analyzers *analyzers
	words     map[string]int32 // as they are written → number
	spelt     []spelt          // by number
	lines     map[string][]int32
	exact     *vocabulary
	stemmed   []*vocabulary // by language
	raw       []byte
	found     []int32 // words of the text at hand
}

// spelt is what is kept of a word.
type spelt struct {
	text   string
	folded int32     // into the terms of the exact field
	stems  [][]int32 // by language, nil where nobody has asked
}

// maxLines bounds the lines whose words are remembered: names and titles, which
// many passages share.
const maxLines = 4096

// maxSpelt is how many words are remembered by a speller that goes on for ever.
const maxSpelt = 1 << 16

func (s *speller) full() bool { return len(s.spelt) > maxSpelt }

// lineEnd is the word that stands for the end of a line.
const lineEnd = 0

func newSpeller(a *analyzers) *speller {
	frequencies := &frequencies{}
	s := &speller{analyzers: a, words: map[string]int32{}, spelt: make([]spelt, 1), lines: map[string][]int32{}, exact: newVocabulary(frequencies)}
	for range languages() {
		s.stemmed = append(s.stemmed, newVocabulary(frequencies))
	}
	return s
}

// postings are a document's terms, and how long its parts are.
func (s *speller) postings(d *Document) (index.Document, lengths) {
	var l lengths
	title, heading := s.line(d.Title), s.line(d.Heading)
	x := exactWords{speller: s}
	x.line(title)
	x.line(s.line(d.Symbol))
	for _, name := range d.Acronyms {
		x.line(s.line(name))
	}
	for _, name := range d.Names {
		x.line(s.line(name))
	}
	x.line(heading)
	body := s.text(d.Body)
	x.line(body)
	l[partExact] = x.words
	r := &row{}
	r.add(exactField, s.exact)
	for i, lang := range languages() {
		if lang == d.Lang {
			l[partTitle] = s.count(i, partTitle, title)
		}
		if lang == d.textLang() {
			l[partHeading] = s.count(i, partHeading, heading)
			l[partBody] = s.count(i, partBody, body)
		}
		r.add(lang, s.stemmed[i])
	}
	return r, l
}

// exactWords counts the words of a document's lines as they are written.
type exactWords struct {
	*speller
	words int32
	place int
	ended bool // a line has ended since the last word
}

// line adds a line or, where it has lines of its own, several. Places move on
// at each line end, so that no phrase reaches across two lines.
func (x *exactWords) line(words []int32) {
	for _, w := range words {
		if w == lineEnd {
			x.ended = true
			continue
		}
		x.place++
		if x.ended {
			x.place += lineGap
			x.ended = false
		}
		x.words++
		p := x.exact.posting(x.spelt[w].folded)
		p.times++
		p.code = exactCode(p.times, x.place)
	}
	if words != nil {
		x.ended = true
	}
}

// count adds the stems of one part of a document in the language of a number.
func (s *speller) count(lang, part int, words []int32) (n int32) {
	for _, w := range words {
		if w == lineEnd {
			continue
		}
		for _, stem := range s.stems(lang, w) {
			n++
			p := s.stemmed[lang].posting(stem)
			p.parts[part]++
			p.code = p.parts.code()
		}
	}
	return n
}

// stems are those of a word in the language of a number: none of a stop word,
// and several of a compound.
func (s *speller) stems(lang int, word int32) []int32 {
	w := &s.spelt[word]
	if w.stems[lang] == nil {
		w.stems[lang] = []int32{}
		for _, stem := range s.analyzers.terms(languages()[lang], w.text) {
			w.stems[lang] = append(w.stems[lang], s.stemmed[lang].number(stem))
		}
	}
	return w.stems[lang]
}

// line are the words of a short text that is likely to come again.
func (s *speller) line(text string) []int32 {
	if text == "" {
		return nil
	}
	if words, ok := s.lines[text]; ok {
		return words
	}
	if len(s.lines) >= maxLines {
		clear(s.lines)
	}
	words := append([]int32{}, s.text(text)...)
	s.lines[text] = words
	return words
}

// text are the words of a text and its line ends. They are overwritten by the
// next text; nil is no text.
func (s *speller) text(text string) []int32 {
	if text == "" {
		return nil
	}
	s.raw = append(s.raw[:0], text...)
	if s.found == nil {
		s.found = make([]int32, 0, 256)
	}
	s.found = s.found[:0]
	last := 0
	s.analyzers.tokens.each(s.raw, func(start, end int) {
		if start > last && bytes.IndexByte(s.raw[last:start], '\n') >= 0 {
			s.found = append(s.found, lineEnd)
		}
		last = end
		s.found = append(s.found, s.word(s.raw[start:end]))
	})
	return s.found
}

// word is the number of a word.
func (s *speller) word(word []byte) int32 {
	n, ok := s.words[string(word)]
	if !ok {
		text := string(word)
		n = int32(len(s.spelt))
		s.words[text] = n
		s.spelt = append(s.spelt, spelt{text, s.exact.number(s.analyzers.foldWord(text)), make([][]int32, len(s.stemmed))})
	}
	return n
}
