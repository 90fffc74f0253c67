package search

import (
	"bytes"
	"strings"
	"sync"
	"unicode"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/lang/es"
	"github.com/blevesearch/bleve/v2/analysis/lang/fr"
	"github.com/blevesearch/bleve/v2/analysis/lang/nl"
	"github.com/blevesearch/bleve/v2/analysis/token/elision"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/stop"
	"github.com/blevesearch/vellum/levenshtein"
	"golang.org/x/text/unicode/norm"
)

// analyzers turn text into terms: one per language, and one that only folds,
// for names, quotes, spelling and texts in any other language.
type analyzers struct {
	byLang  map[string]analysis.Analyzer
	stops   map[string]analysis.TokenMap
	plain   analysis.Analyzer
	folding []analysis.TokenFilter // that plain is made of
	tokens  tokenizer
	near    [maxReach]func() (*levenshtein.LevenshteinAutomatonBuilder, error)
	fields  map[string]facet // by the words that ask for them
}

// languages are those with their own stemmer, in the order of their fields.
func languages() []string { return []string{"en", "es", "fr", "nl"} }

func newAnalyzers() *analyzers {
	words := newTokenizer()
	lower := lowercase.NewLowerCaseFilter()
	a := &analyzers{
		tokens: words,
		byLang: map[string]analysis.Analyzer{},
		fields: fieldKeys(),
		stops: map[string]analysis.TokenMap{
			"en": tokenMap(en.EnglishStopWords),
			"es": tokenMap(es.SpanishStopWords),
			"fr": tokenMap(fr.FrenchStopWords),
			"nl": tokenMap(nl.DutchStopWords),
		},
		folding: []analysis.TokenFilter{lower, elide{tokenMap(fr.FrenchArticles)}, fold{}},
	}
	a.plain = gapAnalyzer{&analysis.DefaultAnalyzer{Tokenizer: words, TokenFilters: a.folding}}
	for i := range a.near {
		a.near[i] = sync.OnceValues(func() (*levenshtein.LevenshteinAutomatonBuilder, error) {
			return levenshtein.NewLevenshteinAutomatonBuilder(uint8(i+1), true)
		})
	}
	a.stops["fillers"] = tokenMap([]byte(strings.Join(strings.Fields(fillers), "\n")))
	before := map[string][]analysis.TokenFilter{
		"en": {en.NewPossessiveFilter(), lower},
		"es": {lower},
		"fr": {lower, elision.NewElisionFilter(tokenMap(fr.FrenchArticles))},
		"nl": {lower},
	}
	stemmers := map[string]analysis.TokenFilter{
		"en": en.NewEnglishStemmerFilter(),
		"es": es.NewSpanishStemmerFilter(),
		"fr": fr.NewFrenchStemmerFilter(),
		"nl": dutchStemmer{},
	}
	for _, lang := range languages() {
		filters := append(before[lang], stop.NewStopTokensFilter(a.stops[lang]), stemmers[lang], fold{})
		a.byLang[lang] = &analysis.DefaultAnalyzer{Tokenizer: words, TokenFilters: filters}
	}
	return a
}

func tokenMap(list []byte) analysis.TokenMap {
	m := analysis.NewTokenMap()
	// LoadBytes reads from memory and reports only the reader's errors.
	_ = m.LoadBytes(list)
	return m
}

// terms analyses text for one language; an unknown language is only folded.
func (a *analyzers) terms(lang, text string) []string {
	an, ok := a.byLang[lang]
	if !ok {
		an = a.plain
	}
	return termsOf(an.Analyze([]byte(text)))
}

// words are the folded words of text, unstemmed.
func (a *analyzers) words(text string) []string {
	return termsOf(a.plain.Analyze([]byte(text)))
}

// fillers are words of questions that answers need not repeat, beside the stop
// words of each language.
const fillers = `
anybody anyone anything everybody everyone somebody someone something happened may might must shall tell will would
alguien algo cuál cuáles cómo cuándo dónde quiénes
quelqu'un quelque comment combien pourquoi quand quels quelles quel quelle où
iemand iets hoe waar waarom wanneer welke wie
`

// isStop says whether a word carries no meaning in one of the languages.
func (a *analyzers) isStop(word string) bool {
	word = strings.ToLower(word)
	for _, stops := range a.stops {
		if stops[word] {
			return true
		}
	}
	return false
}

func termsOf(tokens analysis.TokenStream) []string {
	out := make([]string, len(tokens))
	for i, t := range tokens {
		out[i] = string(t.Term)
	}
	return out
}

// fold takes accents off terms. It is a token filter, since a character filter
// would move the offsets of every word behind an accent.
type fold struct{}

// Filter implements analysis.TokenFilter.
func (fold) Filter(in analysis.TokenStream) analysis.TokenStream {
	for _, t := range in {
		if !isASCII(t.Term) {
			t.Term = []byte(foldText(string(t.Term)))
		}
	}
	return in
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// foldText takes off accents and joins the letters that have a plain spelling.
func foldText(s string) string {
	var out strings.Builder
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ß':
			out.WriteString("ss")
		case r == 'æ':
			out.WriteString("ae")
		case r == 'œ':
			out.WriteString("oe")
		case r == 'ø':
			out.WriteByte('o')
		case r == 'ł':
			out.WriteByte('l')
		case r == 'đ':
			out.WriteByte('d')
		case r == '’':
			out.WriteByte('\'')
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// key is the form in which names are compared: folded words with one space
// between, so that "CMC/2017/NS/3" and "cmc 2017 ns 3" are the same name.
func (a *analyzers) key(s string) string { return strings.Join(a.words(s), " ") }

// lineGap keeps a quoted phrase from matching across two lines: titles,
// headings and body are lines of the field that is analysed plainly.
const lineGap = 100

// gapAnalyzer moves positions on at each line end.
type gapAnalyzer struct{ analysis.Analyzer }

// Analyze implements analysis.Analyzer.
func (g gapAnalyzer) Analyze(text []byte) analysis.TokenStream {
	tokens := g.Analyzer.Analyze(text)
	gap, end := 0, 0
	for _, t := range tokens {
		if t.Start > end && bytes.IndexByte(text[end:t.Start], '\n') >= 0 {
			gap += lineGap
		}
		t.Position += gap
		end = t.End
	}
	return tokens
}
