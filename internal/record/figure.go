package record

import (
	"regexp"
	"slices"
	"strings"
)

var (
	digits    = regexp.MustCompile(`\d+`)
	thousands = regexp.MustCompile(`(\d)[.,\x{a0}\x{202f}](\d{3})\b`)
)

// figures lists the numbers of a text, sorted, since each language has an order
// of words and a mark of thousands of its own.
func figures(s string) []string {
	for thousands.MatchString(s) {
		s = thousands.ReplaceAllString(s, "$1$2")
	}
	all := digits.FindAllString(s, -1)
	slices.Sort(all)
	return all
}

// checkFigures holds the numbers of each translation of a row against those of
// the first language: a slip there changes what the record says.
func (c *checker) checkFigures(p *Page, name string) {
	all := mappingOr(p.value(name))
	first, ok := text(valueIn(all, c.known.base))
	if !ok {
		return
	}
	want := figures(first)
	for _, v := range all.Values {
		s, ok := text(v.Value)
		if got := figures(s); ok && s != "" && !slices.Equal(got, want) {
			c.add(p.File, p.line(v.Key), "%s: the figures in %s (%s) are not those in %s (%s); correct one of the two", name, key(v), listed(got), c.known.base, listed(want))
		}
	}
}

func listed(figures []string) string {
	if len(figures) == 0 {
		return "none"
	}
	return strings.Join(figures, ", ")
}
