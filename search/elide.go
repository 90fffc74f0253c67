package search

import (
	"bytes"

	"github.com/blevesearch/bleve/v2/analysis"
)

// elide takes French articles off the words that they run into, and moves the
// beginning of the word with them: asile is found in d’asile, and offered
// without the d’.
type elide struct{ articles analysis.TokenMap }

// Filter implements analysis.TokenFilter.
func (f elide) Filter(in analysis.TokenStream) analysis.TokenStream {
	for _, t := range in {
		at := bytes.IndexAny(t.Term, "'’")
		if at <= 0 || !f.articles[string(t.Term[:at])] || t.End-t.Start != len(t.Term) {
			continue
		}
		rest := bytes.TrimLeft(t.Term[at:], "'’")
		if len(rest) > 0 {
			t.Start += len(t.Term) - len(rest)
			t.Term = rest
		}
	}
	return in
}
