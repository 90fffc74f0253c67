package search

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// The parts of a document that are ranked. A title, heading or body is stemmed
// by its language; exact is all of them and the record's names, only folded.
const (
	partTitle = iota
	partHeading
	partBody
	partExact
	partCount
)

// partNames name the parts for those who ask why.
var partNames = [partCount]string{"title", "heading", "body", exactField}

// exactField holds the folded words. The stems of each language stand in a
// field named by its code, those of title, heading and body in one posting.
const exactField = "exact"

// lengths are the numbers of terms of a document's parts.
type lengths [partCount]int32

// Bleve keeps one number with each posting. It is the frequency in any index;
// here it holds a little more.

// A word that stands once in a passage is kept with the place where it stands,
// modulo placeRange: most passages in which words do not follow each other are
// told by that, without a look at their text.
const placeRange = 32

func exactCode(tf, place int) int {
	if tf == 1 {
		return place%placeRange<<1 | 1
	}
	return tf << 1
}

// exactTimes is how often the word of a posting stands in the passage.
func exactTimes(code uint64) uint64 {
	if code&1 == 1 {
		return 1
	}
	return code >> 1
}

// mayFollow says whether the word of the second posting can stand n places
// behind that of the first.
func mayFollow(first, second uint64, n int) bool {
	return first&1 == 0 || second&1 == 0 || (first>>1+uint64(n))%placeRange == second>>1
}

// mostCloseness is how close to each other the words of two postings can stand,
// the second one behind the first or before it; 0 is too far to count.
func mostCloseness(first, second uint64) float32 {
	if first&1 == 0 || second&1 == 0 {
		return math.MaxFloat32
	}
	distance := (second>>1 - first>>1) % placeRange
	if before := placeRange + 1 - distance; distance > nearWords {
		distance = before
	}
	if distance == 0 || distance > nearWords {
		return 0
	}
	return 1 / float32(distance*distance)
}

// maxPartTimes bounds how often a stem counts in a title or heading.
const maxPartTimes = 1<<7 - 1

// stemTimes are how often a stem stands in title, heading and body.
type stemTimes [partExact]int

func (t stemTimes) code() int {
	if t[partTitle] == 0 && t[partHeading] == 0 {
		return t[partBody] << 1
	}
	return (t[partBody]<<14|min(t[partHeading], maxPartTimes)<<7|min(t[partTitle], maxPartTimes))<<1 | 1
}

func stemTimesOf(code uint64) [partExact]uint64 {
	if code&1 == 0 {
		return [partExact]uint64{partBody: code >> 1}
	}
	code >>= 1
	return [partExact]uint64{code & maxPartTimes, code >> 7 & maxPartTimes, code >> 14}
}

// foldWord is a word as the exact field has it.
func (a *analyzers) foldWord(word string) string {
	if strings.ContainsAny(word, "'’") {
		return a.key(word) // which may take an article off
	}
	word = strings.ToLower(word)
	if isASCII([]byte(word)) {
		return word
	}
	return foldText(word)
}

// isWord says whether a word of a text is the folded one.
func (a *analyzers) isWord(word []byte, folded string) bool {
	if bytes.IndexByte(word, '\'') >= 0 || !isASCII(word) && (word[0] >= utf8.RuneSelf || word[0]|0x20 == folded[0] || bytes.Contains(word, []byte("’"))) {
		return a.foldWord(string(word)) == folded
	}
	if len(word) != len(folded) {
		return false
	}
	for i, c := range word {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != folded[i] {
			return false
		}
	}
	return true
}

// eachPlaced calls f with each word of a text and its place. Places move on at
// each line end, so that no phrase reaches across two lines.
func eachPlaced(t tokenizer, text string, f func(word []byte, place int)) {
	raw := []byte(text)
	place, last := 0, 0
	t.each(raw, func(start, end int) {
		place++
		if slices.Contains(raw[last:start], '\n') {
			place += lineGap
		}
		last = end
		f(raw[start:end], place)
	})
}
