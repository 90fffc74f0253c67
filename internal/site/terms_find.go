package site

import (
	"cmp"
	"slices"
	"strings"
)

// finder finds the forms of acronyms in a text, each as a whole word.
type finder struct {
	forms [256][]string // by their first byte, the longest first
}

func newFinder(forms []string) *finder {
	f := &finder{}
	sorted := slices.Clone(forms)
	slices.SortStableFunc(sorted, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, form := range slices.Compact(sorted) {
		f.forms[form[0]] = append(f.forms[form[0]], form)
	}
	return f
}

// next returns where the first form at or after from begins and ends; begin is
// -1 when there is none.
func (f *finder) next(text string, from int) (begin, end int) {
	for i := from; i < len(text); i++ {
		for _, form := range f.forms[text[i]] {
			if strings.HasPrefix(text[i:], form) && wholeWord(text, i, i+len(form)) {
				return i, i + len(form)
			}
		}
	}
	return -1, -1
}
