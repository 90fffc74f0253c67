package search

import (
	"bytes"
	"html"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
)

// snippetBytes is the room for a snippet's text, before it is escaped.
const snippetBytes = 260

// span is a word of a text that a query asked for.
type span struct{ start, end, word int }

// Piece is a stretch of a snippet's plain text; a marked one was asked for.
type Piece struct {
	Text   string
	Marked bool
}

// snippet cuts the part of text that holds most of the wanted terms.
func (a *analyzers) snippet(text string, w *wanted) []Piece {
	spans := a.spans(text, w)
	at, end := window(text, spans)
	var pieces []Piece
	put := func(s string, marked bool) {
		if s != "" {
			pieces = append(pieces, Piece{s, marked})
		}
	}
	if at > 0 {
		put("… ", false)
	}
	for _, s := range spans {
		if s.start >= at && s.end <= end {
			put(text[at:s.start], false)
			put(text[s.start:s.end], true)
			at = s.end
		}
	}
	put(strings.TrimRightFunc(text[at:end], unicode.IsSpace), false)
	if end < len(text) {
		put(" …", false)
	}
	return pieces
}

// markup is a snippet as safe HTML: escaped, with the marked pieces in <mark>.
func markup(pieces []Piece) string {
	var out strings.Builder
	for _, p := range pieces {
		if p.Marked {
			out.WriteString("<mark>" + html.EscapeString(p.Text) + "</mark>")
		} else {
			out.WriteString(html.EscapeString(p.Text))
		}
	}
	return out.String()
}

// spans finds the wanted words, as they stand and by their stem.
func (a *analyzers) spans(text string, w *wanted) []span {
	var all []span
	raw := []byte(text)
	var room [64]byte
	a.tokens.each(raw, func(start, end int) {
		word := raw[start:end]
		if !w.letters.mayBegin(word) {
			return
		}
		folded, ok := lower(word, room[:0])
		if !ok {
			folded, start = a.foldAt(word, start)
		}
		if which, ok := a.wants(w, folded, text[start:end]); ok {
			all = append(all, span{start, end, which})
		}
	})
	return all
}

// lower is a word in small letters, if it is made of plain ones only.
func lower(word, room []byte) ([]byte, bool) {
	if !isPlain(word) {
		return nil, false
	}
	for _, c := range word {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		room = append(room, c)
	}
	return room, true
}

// foldAt folds a word of a text and tells where it begins behind its article.
func (a *analyzers) foldAt(word []byte, start int) ([]byte, int) {
	tokens := analysis.TokenStream{{Term: slices.Clone(word), Start: start, End: start + len(word)}}
	for _, filter := range a.folding {
		tokens = filter.Filter(tokens)
	}
	return tokens[0].Term, tokens[0].Start
}

// wants tells which clause wants a word. Only words that begin like a wanted
// stem are stemmed, since that is what costs.
func (a *analyzers) wants(w *wanted, folded []byte, word string) (int, bool) {
	if which, ok := w.words[string(folded)]; ok {
		return which, true
	}
	if !couldStem(folded, w.beginnings) {
		return 0, false
	}
	which, ok := w.known[word]
	if !ok {
		which = -1
		for _, stem := range a.terms(w.lang, word) {
			if i, ok := w.stems[stem]; ok {
				which = i
				break
			}
		}
		w.known[word] = which
	}
	return which, which >= 0
}

// couldStem says whether a word, or what follows its elided article, begins in
// one of these ways.
func couldStem(word []byte, ways map[string]bool) bool {
	if ways[string(word[:min(len(word), 2)])] || ways[string(word[:min(len(word), 1)])] {
		return true
	}
	i := bytes.IndexByte(word, '\'')
	return i >= 0 && couldStem(word[i+1:], ways)
}

// window chooses where to cut: the place with most different words, then most
// words, then the first.
func window(text string, spans []span) (start, end int) {
	if len(text) <= snippetBytes {
		return 0, len(text)
	}
	best, from := -1, 0
	for i, first := range spans {
		distinct, total := uint64(0), 0 // a bit for each of maxClauses
		for _, s := range spans[i:] {
			if s.end > first.start+snippetBytes*3/4 {
				break
			}
			distinct |= 1 << s.word
			total++
		}
		if value := bits.OnesCount64(distinct)<<16 + total; value > best {
			best, from = value, first.start
		}
	}
	if from < snippetBytes/2 {
		from = 0
	} else {
		from = wordStart(text, from-snippetBytes/4)
	}
	return from, wordEnd(text, min(from+snippetBytes, len(text)))
}

// wordStart moves right to the beginning of a word, if one begins soon.
func wordStart(text string, at int) int {
	at = runeStart(text, at)
	near := text[at:runeStart(text, min(at+snippetBytes/4, len(text)))]
	if i := strings.IndexFunc(near, unicode.IsSpace); i >= 0 {
		_, width := utf8.DecodeRuneInString(near[i:])
		return at + i + width
	}
	return at
}

// wordEnd moves left to the end of a word, unless one word fills the snippet.
func wordEnd(text string, at int) int {
	if at >= len(text) {
		return len(text)
	}
	at = runeStart(text, at)
	if i := strings.LastIndexFunc(text[:at], unicode.IsSpace); i > at-snippetBytes/2 {
		return i
	}
	return at
}

// runeStart moves left to the beginning of a character.
func runeStart(text string, at int) int {
	for at > 0 && at < len(text) && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}
