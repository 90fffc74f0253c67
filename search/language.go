package search

import (
	"strings"
	"unicode"
)

const (
	// defaultLanguage is that of a text whose words do not tell.
	defaultLanguage = "en"
	// tellingWords are enough of a text's words to tell its language.
	tellingWords = 400
)

// recognise tells the language of a text by its stop words; the first of
// languages wins a draw.
func (a *analyzers) recognise(text string) string {
	best, most := defaultLanguage, 0
	counts := a.stopCounts(text)
	for _, lang := range languages() {
		if counts[lang] > most {
			best, most = lang, counts[lang]
		}
	}
	return best
}

// stopCounts counts the stop words of each language among a text's first words.
func (a *analyzers) stopCounts(text string) map[string]int {
	counts, n := map[string]int{}, 0
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), notLetter) {
		for _, lang := range languages() {
			if a.stops[lang][word] {
				counts[lang]++
			}
		}
		if n++; n == tellingWords {
			break
		}
	}
	return counts
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }
