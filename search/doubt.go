package search

import (
	"math"
	"strings"
	"unicode/utf8"
)

// A word that no text holds may be spelt well: most words of a language are in
// no text of a small site, and each is near to some that are. So a correction
// is offered where few of its letters are wrong, and answered in the query's
// place where fewer are; a word that is met often is meant more often. Shares
// of letters, chosen on the misspelt words of testdata/spelling and the words of
// testdata/everyday.
const (
	offeredShare = 0.15
	sureShare    = 0.07
	oftenShare   = 0.05 // more for each time that a word is met ten times as often
	mostOften    = 100  // documents; more tell nothing new
	foreignShare = 0.13 // for a word of another language than the query's, which is never sure
)

// likely says whether a candidate is to be offered for what was typed.
func (c *candidate) likely(typed string) bool {
	if c.slips > 1 && c.word[0] != typed[0] {
		return false
	}
	if c.own == 0 {
		return c.wrong(typed) <= foreignShare
	}
	return c.wrong(typed) <= offeredShare+c.often()
}

// sure says whether a candidate must have been meant. Another ending makes
// another word.
func (c *candidate) sure(typed string) bool {
	if c.own == 0 || c.wrong(typed) > sureShare+c.often() {
		return false
	}
	a, b := differing(typed, c.word)
	return len(a) == 0 || len(b) == 0 || len(a) > 2 || len(b) > 2
}

// wrong is the share of letters that a misspelling costs.
func (c *candidate) wrong(typed string) float64 {
	return round(c.slips / float64(utf8.RuneCountInString(typed)))
}

func (c *candidate) often() float64 {
	return oftenShare * math.Log10(float64(min(max(c.own, 1), mostOften)))
}

// slipped says whether a word is another with a letter doubled or left out, or
// a sound written otherwise, before its ending; what differs at the end can be
// a form that no text has, but no form ends in a doubled consonant.
func slipped(typed, meant string) bool {
	a, b := differing(typed, meant)
	switch cost := slips(typed, meant); {
	case len(a) == 1 && len(b) == 0:
		return strings.HasSuffix(meant, a) && !strings.Contains(vowels, a)
	case len(a) == 2 && len(b) == 3:
		return cost <= 1
	case len(a) > 2 && len(b) > 2:
		return cost <= heardCost || cost <= 1 && len(b) > len(a)
	default:
		return false
	}
}

// differing are the ends of two words from the first letter that differs.
func differing(x, y string) (string, string) {
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return x[n:], y[n:]
}
