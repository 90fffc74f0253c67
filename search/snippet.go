package search

import (
	"bytes"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
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
func (a *analyzers) snippet(lang, text string, wanted map[string]int) []Piece {
	spans := a.spans(lang, text, wanted)
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

// spans finds the wanted words, as they stand and by their stem. Only words
// that begin like a wanted stem are stemmed, since that is what costs.
func (a *analyzers) spans(lang, text string, wanted map[string]int) []span {
	beginnings := map[string]bool{}
	for term := range wanted {
		if stem, ok := strings.CutPrefix(term, lang+":"); ok {
			beginnings[stem[:min(len(stem), 2)]] = true
		}
	}
	var all []span
	for _, t := range a.plain.Analyze([]byte(text)) {
		word, ok := wanted[string(t.Term)]
		if !ok && couldStem(t.Term, beginnings) {
			for _, stem := range a.terms(lang, text[t.Start:t.End]) {
				if word, ok = wanted[lang+":"+stem]; ok {
					break
				}
			}
		}
		if ok {
			all = append(all, span{t.Start, t.End, word})
		}
	}
	return all
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
		distinct, total := map[int]bool{}, 0
		for _, s := range spans[i:] {
			if s.end > first.start+snippetBytes*3/4 {
				break
			}
			distinct[s.word] = true
			total++
		}
		if value := len(distinct)<<16 + total; value > best {
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
