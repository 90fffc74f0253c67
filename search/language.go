package search

import (
	"context"
	"slices"
	"strings"
	"unicode"
)

const (
	// defaultLanguage is that of a text whose words do not tell.
	defaultLanguage = "en"
	// tellingWords are enough of a text's words to tell its language.
	tellingWords = 400
	// wholeWord is what a word of one language counts; it can be shared by two,
	// three or four.
	wholeWord = 12
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
			counts[lang] += wholeWord / len(of)
		}
		if n++; n == tellingWords {
			break
		}
	}
	return counts
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// spoken tells the language of a query by its stop words and by the words of
// the field that it has; that of the interface wins a draw.
func (s *Service) spoken(q query, interfaceLanguage string) string {
	counts := s.analyzers.stopCounts(q.bare)
	if s.site != nil {
		for _, c := range q.want {
			for lang := range s.site.spoken[strings.Join(c.words, " ")] {
				counts[lang] += wholeWord
			}
		}
	}
	best, most := interfaceLanguage, counts[interfaceLanguage]
	for _, lang := range languages() {
		if counts[lang] > most {
			best, most = lang, counts[lang]
		}
	}
	return best
}

// spokenWords maps each word of a list of terms to its languages.
func (a *analyzers) spokenWords(terms []Term) map[string]map[string]bool {
	all := map[string]map[string]bool{}
	for _, t := range terms {
		for lang, names := range t {
			if lang == "" {
				continue
			}
			for _, word := range a.words(strings.Join(names, " ")) {
				if all[word] == nil {
					all[word] = map[string]bool{}
				}
				all[word][lang] = true
			}
		}
	}
	return all
}

// tongues are some of the languages, a bit for each.
type tongues uint8

// tonguesOf is a language alone, nothing for one without a stemmer.
func tonguesOf(lang string) tongues {
	if i := slices.Index(languages(), lang); i >= 0 {
		return 1 << i
	}
	return 0
}

func (t tongues) has(lang string) bool { return t&tonguesOf(lang) != 0 }

// collectStems gathers the stems of a word in texts of the language that it is
// of: that of the query, where some text in it holds the word as it was typed,
// or else any in which one does. The data of an English query are no French
// date. A word that these languages do not know is looked for in the others.
func (m *matcher) collectStems(ctx context.Context, word string) (tongues, error) {
	likely := tonguesOf(m.speaks)
	if m.heard&likely == 0 {
		likely |= m.heard
	}
	for _, these := range []tongues{likely, ^likely} {
		for _, lang := range languages() {
			if !these.has(lang) {
				continue
			}
			for _, stem := range m.analyzers.terms(lang, word) {
				for _, p := range m.parts {
					if err := m.stem(ctx, p, lang, stem); err != nil {
						return 0, err
					}
				}
			}
		}
		if m.touchedAny() {
			return these, nil
		}
	}
	return ^tongues(0), nil
}

// touchedAny says whether any document holds the clause at hand.
func (m *matcher) touchedAny() bool {
	return slices.ContainsFunc(m.parts, func(p *partMatch) bool { return len(p.touched) > 0 })
}
