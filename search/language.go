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

// stopCounts weighs the stop words of each language among a text's first
// words; a word of several languages tells less of each.
func (a *analyzers) stopCounts(text string) map[string]int {
	counts, n := map[string]int{}, 0
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), notLetter) {
		var of []string
		for _, lang := range languages() {
			if a.stops[lang][word] {
				of = append(of, lang)
			}
		}
		for _, lang := range of {
			counts[lang] += 12 / len(of) // whole for one to four languages
		}
		if n++; n == tellingWords {
			break
		}
	}
	return counts
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }
