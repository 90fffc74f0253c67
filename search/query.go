package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a person types is cut at these bounds, never refused.
const (
	maxQueryBytes = 4096
	maxClauses    = 64
	maxNameWords  = 8 // longest name looked for in the query, in words
	maxFields     = 8 // fields, such as country:BHS, that are looked up
)

// clause is one thing a query asks for: a word, or a quoted phrase.
type clause struct {
	words    []string // folded; more than one make a phrase
	surface  string   // as typed
	exact    bool     // quoted: not stemmed
	times    int      // how often it was typed
	optional bool     // ranked when found, not needed: a stop word
	synonyms [][]string
	foreign  []meaning // what it is called in languages that it is not of
	tongues  tongues   // languages in which it is taken as a word
	kinds    []string  // types of records that it is a word for
	tags     []tag     // countries and themes that the word is, or helps, to name
}

// query is what a person typed, taken apart.
type query struct {
	text    string
	bare    string // text without fields
	want    []clause
	exclude []clause
	fields  []Field
	unread  []Field // whose value nobody knows: they stand among the words
}

// parse reads plain words, "quoted phrases", -excluded words and fields such as
// country:BHS, of which resolve knows the values. Everything is a query: what
// cannot be read as one of these is read as words.
func (a *analyzers) parse(text string, resolve func(facet, string) []string) query {
	q := query{text: cleanQuery(text)}
	rest := q.text
	for rest != "" && len(q.want)+len(q.exclude) < maxClauses {
		before := rest
		var piece string
		var quoted, minus bool
		piece, quoted, minus, rest = nextPiece(rest)
		if f, value, after, ok := a.field(piece, rest); ok && !quoted && resolve != nil && len(q.fields)+len(q.unread) < maxFields {
			f.Not = minus
			if f.Values = resolve(f.facet, value); len(f.Values) > 0 {
				q.fields, rest = append(q.fields, f), after
				continue
			}
			q.unread = append(q.unread, f)
		}
		q.bare += before[:len(before)-len(rest)]
		for _, c := range a.clauses(piece, quoted || minus) {
			c.exact = quoted
			switch {
			case minus:
				q.exclude = append(q.exclude, c)
			default:
				q.add(c)
			}
		}
	}
	q.want = q.want[:min(len(q.want), maxClauses)]
	if !slices.ContainsFunc(q.want, func(c clause) bool { return !c.optional }) {
		for i := range q.want {
			q.want[i].optional = false
		}
	}
	return q
}

// add notes one more clause, or that one came again.
func (q *query) add(c clause) {
	if i := slices.IndexFunc(q.want, c.same); i >= 0 {
		q.want[i].times++
		return
	}
	c.times = 1
	q.want = append(q.want, c)
}

// needed is the number of clauses that are no stop words.
func (q *query) needed() int {
	n := 0
	for _, c := range q.want {
		if !c.optional {
			n++
		}
	}
	return n
}

// cleanQuery bounds a query and takes out what no text holds.
func cleanQuery(text string) string {
	if len(text) > maxQueryBytes {
		text = text[:maxQueryBytes]
		for len(text) > 0 && !utf8.RuneStart(text[len(text)-1]) {
			text = text[:len(text)-1]
		}
		if r, n := utf8.DecodeLastRuneInString(text); r == utf8.RuneError && n == 1 {
			text = text[:len(text)-1]
		}
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// nextPiece cuts one blank-separated word or one quoted phrase off a query. A
// quotation mark that is never closed is a blank.
func nextPiece(s string) (piece string, quoted, minus bool, rest string) {
	s = strings.TrimLeft(s, " ")
	if r, n := utf8.DecodeRuneInString(s); (r == '-' || r == '−' || r == '–') && len(s) > n && s[n] != ' ' && s[n] != '-' {
		minus, s = true, s[n:]
	}
	if r, n := utf8.DecodeRuneInString(s); isQuote(r) {
		if end := strings.IndexFunc(s[n:], isQuote); end >= 0 {
			_, width := utf8.DecodeRuneInString(s[n+end:])
			return s[n : n+end], true, minus, s[n+end+width:]
		}
		return "", false, false, s[n:]
	}
	end := strings.IndexFunc(s, func(r rune) bool { return r == ' ' || isQuote(r) })
	if end < 0 {
		end = len(s)
	}
	return s[:end], false, minus, s[end:]
}

func isQuote(r rune) bool { return strings.ContainsRune("\"“”„«»", r) }

// clauses makes the clauses of a piece of a query: one phrase, or its words.
// A name with digits, such as NS/3, stays together.
func (a *analyzers) clauses(piece string, together bool) []clause {
	words := a.words(piece)
	if len(words) == 0 {
		return nil
	}
	if together || strings.ContainsFunc(piece, unicode.IsDigit) {
		return []clause{{words: words, surface: piece}}
	}
	surfaces := strings.FieldsFunc(piece, func(r rune) bool { return strings.ContainsRune("-/,;", r) })
	all := make([]clause, len(words))
	for i, w := range words {
		all[i] = clause{words: []string{w}, surface: w}
		if len(surfaces) == len(words) {
			all[i].surface = surfaces[i]
		}
		all[i].optional = a.isStop(all[i].surface)
	}
	return all
}

func (c clause) same(d clause) bool { return c.exact == d.exact && slices.Equal(c.words, d.words) }

// expand looks up what clauses name, by themselves or together with their
// neighbours: RSD and "refugee status determination", or a country.
func (q *query) expand(known func(key string) ([][]string, []tag, []meaning)) {
	for i := range q.want {
		var words []string
		for j := i; j < len(q.want) && len(words) < maxNameWords; j++ {
			words = append(words, q.want[j].words...)
			names, tags, foreign := known(strings.Join(words, " "))
			if j == i+1 && len(words) == 2 && !q.want[i].optional && !q.want[j].optional {
				names = append(names, []string{words[0] + words[1]}) // a compound, typed apart
			}
			for k := i; k <= j; k++ {
				q.want[k].synonyms = append(q.want[k].synonyms, names...)
				q.want[k].tags = append(q.want[k].tags, tags...)
				q.want[k].foreign = append(q.want[k].foreign, foreign...)
			}
		}
	}
}

// hasPhrase says whether several words were asked for as one phrase.
func (q *query) hasPhrase() bool {
	return slices.ContainsFunc(q.want, func(c clause) bool { return c.exact && len(c.words) > 1 })
}

// unquoted is a query with the words of its phrases set free.
func unquoted(text string) string {
	return strings.Map(func(r rune) rune {
		if isQuote(r) {
			return ' '
		}
		return r
	}, text)
}

// distinct leaves out names that came twice.
func distinct(names [][]string) [][]string {
	var out [][]string
	for _, n := range names {
		if !slices.ContainsFunc(out, func(o []string) bool { return slices.Equal(o, n) }) {
			out = append(out, n)
		}
	}
	return out
}
