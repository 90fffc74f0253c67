package search

import (
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"
)

// The parts of a document that are ranked. A title, heading or body stands in
// a field of its language ("body_fr"), stemmed; exact holds all of them and
// the record's names, only folded.
const (
	partTitle = iota
	partHeading
	partBody
	partExact
	partCount
)

const (
	exactField = "exact"
	storeField = "text"
)

// lengths are the numbers of terms of a document's parts.
type lengths [partCount]int32

func fieldName(part int, lang string) string {
	switch part {
	case partTitle:
		return "title_" + lang
	case partHeading:
		return "heading_" + lang
	case partBody:
		return "body_" + lang
	default:
		return exactField
	}
}

// indexMapping is what Bleve keeps with the index. It maps nothing: documents
// are handed over field by field, with this package's own analysis.
func indexMapping() mapping.IndexMapping {
	m := bleve.NewIndexMapping()
	m.DefaultMapping = bleve.NewDocumentDisabledMapping()
	return m
}

// bleveDocument spreads a Document over Bleve's fields.
func (a *analyzers) bleveDocument(d *Document) *document.Document {
	doc := document.NewDocument(d.ID)
	parts := []struct{ text, lang string }{
		partTitle: {d.Title, d.Lang}, partHeading: {d.Heading, d.textLang()}, partBody: {d.Body, d.textLang()},
	}
	for part, p := range parts {
		if an, ok := a.byLang[p.lang]; ok && p.text != "" {
			doc.AddField(document.NewTextFieldCustom(fieldName(part, p.lang), nil, []byte(p.text), index.IndexField, an))
		}
	}
	doc.AddField(document.NewTextFieldCustom(exactField, nil, []byte(d.exact()),
		index.IndexField|index.IncludeTermVectors, a.plain))
	doc.AddField(document.NewTextFieldCustom(storeField, nil, []byte(d.Body), index.StoreField, nil))
	return doc
}

// exact is the text of the exact field, a line for each name and part.
func (d *Document) exact() string {
	lines := slices.Concat([]string{d.Title, d.Symbol}, d.Acronyms, d.Names, []string{d.Heading, d.Body})
	lines = slices.DeleteFunc(lines, func(s string) bool { return s == "" })
	return strings.Join(lines, "\n")
}

// measure reads the lengths of a document's parts once Bleve has analysed it.
func measure(doc *document.Document) lengths {
	var l lengths
	doc.VisitFields(func(f index.Field) {
		switch name, _, _ := strings.Cut(f.Name(), "_"); name {
		case "title":
			l[partTitle] = int32(f.AnalyzedLength())
		case "heading":
			l[partHeading] = int32(f.AnalyzedLength())
		case "body":
			l[partBody] = int32(f.AnalyzedLength())
		case exactField:
			l[partExact] = int32(f.AnalyzedLength())
		}
	})
	return l
}
