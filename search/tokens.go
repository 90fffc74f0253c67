package search

import (
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	standard "github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
)

// tokenizer cuts text into words by the rules of Unicode's annex 29. Text in
// Latin letters it cuts by itself, some ten times as fast as the state machine
// that knows every script and is left all other text.
type tokenizer struct{ every *standard.UnicodeTokenizer }

func newTokenizer() tokenizer { return tokenizer{standard.NewUnicodeTokenizer()} }

// Tokenize implements analysis.Tokenizer.
func (t tokenizer) Tokenize(text []byte) analysis.TokenStream {
	if !isLatin(text) {
		return t.every.Tokenize(text)
	}
	room := make([]analysis.Token, 0, len(text)/6+1)
	eachWord(text, func(start, end int) {
		room = append(room, analysis.Token{Term: text[start:end:end], Start: start, End: end, Position: len(room) + 1})
	})
	stream := make(analysis.TokenStream, len(room))
	for i := range room {
		stream[i] = &room[i]
	}
	return stream
}

// each calls f with where each word of text stands.
func (t tokenizer) each(text []byte, f func(start, end int)) {
	if isLatin(text) {
		eachWord(text, f)
		return
	}
	for _, token := range t.every.Tokenize(text) {
		f(token.Start, token.End)
	}
}

// breaking is what annex 29 calls the word break property, as far as text in
// Latin letters needs it.
type breaking uint8

const (
	breaks     breaking = iota
	letter              // ALetter
	digit               // Numeric
	joins               // ExtendNumLet
	midLetter           // MidLetter: joins letters
	midNumber           // MidNum: joins digits
	midBoth             // MidNumLet and Single_Quote: join either
	unforeseen          // not for eachWord
)

func breakingOf(r rune) breaking {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z':
		return letter
	case '0' <= r && r <= '9':
		return digit
	case r < 0x80:
		return asciiBreaking(r)
	case r == 'ª', r == 'º', r == 'µ', 0xC0 <= r && r <= 0x24F && r != '×' && r != '÷':
		return letter
	case r == '·', r == '‧':
		return midLetter
	case r == '‘', r == '’', r == '․':
		return midBoth
	case r == 0xAD, r == 0x85:
		return unforeseen
	case r < 0xC0, r == '×', r == '÷', 0x2010 <= r && r <= 0x2026 && r != '․', r == '€', r == '→', r == '−':
		return breaks
	}
	return unforeseen
}

func asciiBreaking(r rune) breaking {
	switch r {
	case '_':
		return joins
	case ':':
		return midLetter
	case ',', ';':
		return midNumber
	case '.', '\'':
		return midBoth
	}
	if unicode.IsControl(r) && r != '\n' && r != '\t' {
		return unforeseen
	}
	return breaks
}

// isLatin says whether eachWord knows every character of a text.
func isLatin(text []byte) bool {
	for i := 0; i < len(text); {
		if text[i] >= ' ' && text[i] < 0x7F || text[i] == '\n' {
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		if breakingOf(r) == unforeseen {
			return false
		}
		i += n
	}
	return true
}

// eachWord calls f with where each word of a Latin text stands.
func eachWord(text []byte, f func(start, end int)) {
	start := -1
	last := breaks
	for i := 0; i < len(text); {
		if c := text[i] | 0x20; 'a' <= c && c <= 'z' { // most of any text
			if start < 0 {
				start = i
			}
			last = letter
			i++
			continue
		}
		b, n := breakingAt(text, i)
		switch {
		case b == letter || b == digit || b == joins:
			if start < 0 {
				start = i
			}
			last = b
		case start >= 0 && joinsAcross(last, b, text, i+n):
		default:
			if start >= 0 {
				f(start, i)
			}
			start, last = -1, breaks
		}
		i += n
	}
	if start >= 0 {
		f(start, len(text))
	}
}

func breakingAt(text []byte, i int) (breaking, int) {
	if text[i] == ' ' {
		return breaks, 1
	}
	if text[i] < utf8.RuneSelf {
		return breakingOf(rune(text[i])), 1
	}
	r, n := utf8.DecodeRune(text[i:])
	return breakingOf(r), n
}

// joinsAcross says whether a mark between two letters or two digits keeps them
// in one word.
func joinsAcross(last, mark breaking, text []byte, next int) bool {
	if mark < midLetter || next >= len(text) {
		return false
	}
	after, _ := breakingAt(text, next)
	switch last {
	case letter:
		return after == letter && mark != midNumber
	case digit:
		return after == digit && mark != midLetter
	default:
		return false
	}
}
