package importer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// joiner puts lines together again. It knows the words of the document, which
// tell whether a hyphen at a line's end belongs to the word.
type joiner struct {
	words  map[string]bool
	report *Report
}

func newJoiner(body []line, notes []noteLines, report *Report) *joiner {
	j := &joiner{words: map[string]bool{}, report: report}
	j.learn(body)
	for _, n := range notes {
		j.learn(n.lines)
	}
	return j
}

// learn takes up the words of lines, but not the halves of broken ones.
func (j *joiner) learn(lines []line) {
	for i, l := range lines {
		fields := strings.Fields(l.text)
		if i > 0 && hyphenated(lines[i-1].text) {
			fields = fields[1:]
		}
		for _, w := range fields {
			if w = bare(w); w == "" || strings.HasSuffix(w, "-") {
				continue
			}
			j.words[w] = true
			parts := strings.Split(w, "-")
			if len(parts) > 1 {
				j.words[parts[0]+"-"] = true
			}
			for _, part := range parts {
				if len(part) > 3 {
					j.words[part] = true
				}
			}
		}
	}
}

// bare lower-cases a word and takes the punctuation from around it.
func bare(w string) string {
	return strings.ToLower(strings.TrimFunc(w, func(r rune) bool {
		return unicode.IsPunct(r) && r != '-' || unicode.IsSymbol(r)
	}))
}

// text joins lines into one.
func (j *joiner) text(lines []line) string {
	var b strings.Builder
	for i, l := range lines {
		words, soft := strings.CutSuffix(l.text, "\u00ad")
		switch {
		case soft || i == len(lines)-1:
			b.WriteString(words)
		case !hyphenated(words):
			b.WriteString(words + " ")
		case j.keepHyphen(l.no, words, lines[i+1].text):
			b.WriteString(words)
		default:
			b.WriteString(strings.TrimSuffix(words, "-"))
		}
	}
	return b.String()
}

// hyphenated tells whether a line ends in the hyphen of a broken word, not in
// a dash.
func hyphenated(s string) bool {
	if !strings.HasSuffix(s, "-") {
		return false
	}
	r, _ := utf8.DecodeLastRuneInString(strings.TrimSuffix(s, "-"))
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// keepHyphen decides whether a word broken at its hyphen keeps it. The document
// itself is asked first: a word it writes elsewhere is written the same here.
func (j *joiner) keepHyphen(no int, before, after string) bool {
	left := before[strings.LastIndexAny(before, " ")+1:]
	right, _, _ := strings.Cut(after, " ")
	r, _ := utf8.DecodeRuneInString(right)
	if !unicode.IsLower(r) || strings.Contains(strings.TrimSuffix(left, "-"), "-") || strings.Contains(left, "://") {
		return true
	}
	stem, end := bare(strings.TrimSuffix(left, "-")), bare(right)
	switch {
	case j.words[stem+"-"+end]:
		return true
	case j.words[stem+end]:
		return false
	}
	keep := j.words[stem+"-"] || j.words[end] && (j.words[stem] || prefixes[stem])
	verb := "dropped"
	if keep {
		verb = "kept"
	}
	j.report.add(Guessed, no, "the hyphen at the end of the line in %q was %s", left+right, verb)
	return keep
}

// prefixes are beginnings that reports write with a hyphen.
var prefixes = map[string]bool{
	"non": true, "inter": true, "co": true, "anti": true, "self": true, "multi": true, "cross": true,
	"post": true, "pre": true, "sub": true, "semi": true, "ex": true, "socio": true,
}
