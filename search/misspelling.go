package search

import (
	"strings"
	"unicode/utf8"
)

// What a slip costs, beside 1 for any other letter put in, left out or changed.
// People double letters and leave doubles out, swap neighbours, write what they
// hear, and hit the key beside; they seldom miss the first letter.
const (
	doubledCost = 0.4
	swappedCost = 0.7
	heardCost   = 0.5 // letters that sound alike in one of the languages
	silentCost  = 0.5 // an h
	vowelCost   = 0.9
	besideCost  = 0.8 // on the keyboard
	firstCost   = 0.4 // added for the first letter
)

// alike are groups of letters that sound alike, as people write by ear.
const alike = "bv sz cs cz gj iy ij kc kq cq dt ph fv wv mn ao xs xc xz gh"

const vowels = "aeiouy"

// besideOnKeys are neighbours on the keyboards of the region.
const besideOnKeys = "qw we er rt ty yu ui io op as sd df fg gh hj jk kl zx xc cv vb bn nm " +
	"qa wa ws es ed rd rf tf tg yg yh uh uj ij ik ok ol pl az sz sx dx dc fc fv gv gb hb hn jn jm km"

// slips is the cost of writing typed for meant; both are folded.
func slips(typed, meant string) float64 {
	a, b := []rune(typed), []rune(meant)
	rows := make([][]float64, len(a)+1)
	for i := range rows {
		rows[i] = make([]float64, len(b)+1)
	}
	for i := 1; i <= len(a); i++ {
		rows[i][0] = rows[i-1][0] + extra(a, i-1)
	}
	for j := 1; j <= len(b); j++ {
		rows[0][j] = rows[0][j-1] + extra(b, j-1)
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			best := min(rows[i-1][j]+extra(a, i-1), rows[i][j-1]+extra(b, j-1), rows[i-1][j-1]+changed(a, b, i-1, j-1))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				best = min(best, rows[i-2][j-2]+swappedCost)
			}
			if i > 1 && j > 1 && diphthong(a[i-2:i]) && diphthong(b[j-2:j]) {
				best = min(best, rows[i-2][j-2]+heardCost)
			}
			rows[i][j] = best
		}
	}
	return rows[len(a)][len(b)]
}

// extra is the cost of a letter that only one of two words has.
func extra(word []rune, at int) float64 {
	switch {
	case at > 0 && word[at] == word[at-1]:
		return doubledCost
	case word[at] == 'h':
		return silentCost
	case at == 0:
		return 1 + firstCost
	}
	return 1
}

// changed is the cost of one letter for another.
func changed(a, b []rune, i, j int) float64 {
	if a[i] == b[j] {
		return 0
	}
	cost := 1.0
	switch {
	case pair(alike, a[i], b[j]):
		cost = heardCost
	case strings.ContainsRune(vowels, a[i]) && strings.ContainsRune(vowels, b[j]):
		cost = vowelCost
	case pair(besideOnKeys, a[i], b[j]):
		cost = besideCost
	}
	if i == 0 || j == 0 {
		cost += firstCost
	}
	return cost
}

// diphthong says whether two letters are the ei or ij that Dutch confuses.
func diphthong(letters []rune) bool {
	return string(letters) == "ei" || string(letters) == "ij"
}

// pair says whether a list holds two letters beside each other, in any order.
func pair(list string, a, b rune) bool {
	return strings.Contains(list, string([]rune{a, b})) || strings.Contains(list, string([]rune{b, a}))
}

// reachOf is how many letters of a word may be wrong: a short word is near to
// many that were not meant.
func reachOf(word string) int {
	switch n := utf8.RuneCountInString(word); {
	case n < 4 || n > 40:
		return 0
	case n < 6:
		return 1
	default:
		return 2
	}
}
