package search

import (
	"strings"

	"github.com/blevesearch/bleve/v2/analysis"
)

// dutchStemmer brings the forms of a Dutch word together. It works on the
// plan of Kraaij and Pohlmann ("Porter's stemming algorithm for Dutch", 1994):
// an ending is taken off, and the spelling of what remains is restored, so
// that a vowel of an open syllable is doubled (staten, staat), a doubled
// consonant is made single (bommen, bom), and v and z at the end become f and s
// (brieven, brief). The older algorithm that Bleve has restores nothing and
// parts staatloos from staatlozen. Stems need not be words, only the same.
type dutchStemmer struct{}

// Filter implements analysis.TokenFilter.
func (dutchStemmer) Filter(in analysis.TokenStream) analysis.TokenStream {
	for _, t := range in {
		t.Term = []byte(stemDutch(foldText(string(t.Term))))
	}
	return in
}

// oddDutch are plurals whose singular no rule restores, also as the last part
// of a compound.
var oddDutch = []struct{ plural, singular string }{
	{"kinderen", "kind"},
	{"goederen", "goed"},
	{"liederen", "lied"},
	{"volkeren", "volk"},
	{"bladeren", "blad"},
	{"runderen", "rund"},
	{"eieren", "ei"},
	{"steden", "stad"},
	{"schepen", "schip"},
	{"raadsleden", "raadslid"},
	{"gezinsleden", "gezinslid"},
	{"familieleden", "familielid"},
	{"dagen", "dag"},
	{"wegen", "weg"},
	{"verdragen", "verdrag"},
	{"bedragen", "bedrag"},
	{"oorlogen", "oorlog"},
	{"daken", "dak"},
	{"gebreken", "gebrek"},
	{"bevelen", "bevel"},
}

// minStem is the fewest letters that may remain before an ending.
const minStem = 3

func stemDutch(word string) string {
	word = strings.TrimSuffix(strings.TrimSuffix(word, "'s"), "'")
	if len(word) <= minStem {
		return word
	}
	for _, odd := range oddDutch {
		if root, ok := strings.CutSuffix(word, odd.plural); ok {
			return root + odd.singular
		}
	}
	if root, ok := strings.CutSuffix(word, "heden"); ok {
		word = root + "heid"
	}
	if root, ok := strings.CutSuffix(word, "heid"); ok && len(root) > minStem+1 {
		word = root
	}
	word = participle(plural(word))
	word, cut := diminutive(word), false
	for _, ending := range []string{"en", "e"} {
		if root, ok := dutchEnding(word, ending); ok {
			word, cut = root, true
		}
	}
	if root, ok := strings.CutSuffix(word, "ing"); ok && len(root) > minStem && hasVowel(root) && !strings.HasSuffix(root, "el") {
		word, cut = root, true
	}
	return respell(word, cut)
}

// plural takes off the s of a plural, where a word would not have it itself.
func plural(word string) string {
	root, ok := strings.CutSuffix(word, "s")
	if !ok || len(root) < minStem {
		return word
	}
	for _, singular := range []string{
		"el", "em", "en", "er", "aar", "eur", "or",
		"ie", "te", "de", "je", "ee", "ure", "age", "che", "ine", "ance",
	} {
		if before, ok := strings.CutSuffix(root, singular); ok && before != "" && (hasVowel(before) || isVowel(singular[len(singular)-1])) {
			return root
		}
	}
	return word
}

// participle brings the forms of verbs in -eren together: registreert,
// geregistreerd, geregistreerde.
func participle(word string) string {
	for _, ending := range []string{"eerden", "eerde", "eerd", "eert"} {
		if root, ok := strings.CutSuffix(word, ending); ok && hasVowel(root) {
			return strings.TrimPrefix(root, "ge") + "er"
		}
	}
	return word
}

func diminutive(word string) string {
	if root, ok := strings.CutSuffix(word, "tje"); ok && len(root) >= minStem && strings.ContainsAny(root[len(root)-1:], "lnrw") {
		return root
	}
	if root, ok := strings.CutSuffix(word, "je"); ok && len(root) >= minStem && strings.ContainsAny(root[len(root)-1:], "dkfgp") {
		return root
	}
	return word
}

// dutchEnding takes an ending off behind a consonant, or behind the ij of
// partijen and the ie of industrieën.
func dutchEnding(word, ending string) (string, bool) {
	root, ok := strings.CutSuffix(word, ending)
	if !ok || len(root) < minStem || !hasVowel(root) {
		return word, false
	}
	last := root[len(root)-1]
	if isVowel(last) {
		return root, ending == "en" && (strings.HasSuffix(root, "ie") || strings.HasSuffix(root, "ee"))
	}
	return root, true
}

// respell restores the spelling of a stem; cut says that a vowel followed it.
func respell(stem string, cut bool) string {
	n := len(stem)
	if n < minStem {
		return stem
	}
	last, before := stem[n-1], stem[n-2]
	switch {
	case !isVowel(last) && last == before:
		return stem[:n-1]
	case last == 'v':
		stem = stem[:n-1] + "f"
	case last == 'z':
		stem = stem[:n-1] + "s"
	}
	weak := strings.ContainsRune("lmnr", rune(last))
	switch {
	case before == 'e' && weak && stem[n-3] == 'e' && hasVowel(stem[:n-3]):
		return stem[:n-2] + stem[n-1:] // probleem as problemen
	case !cut || !strings.ContainsRune("aeou", rune(before)) || isVowel(last) || isVowel(stem[n-3]) || last == 'w' || last == 'j':
		return stem
	case before == 'e' && weak && hasVowel(stem[:n-2]):
		return stem
	}
	return stem[:n-1] + stem[n-2:]
}

func hasVowel(s string) bool { return strings.ContainsAny(s, "aeiouy") }

func isVowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }
