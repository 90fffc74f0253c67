package search

import index "github.com/blevesearch/bleve_index_api"

// row is a document as Bleve's segments take it: already analysed.
type row struct{ fields []column }

// add takes over the postings that a vocabulary has gathered of a document.
func (r *row) add(field string, v *vocabulary) {
	if terms := v.take(); len(terms) > 0 {
		r.fields = append(r.fields, column{field, terms, v})
	}
}

// VisitFields implements index.Document. Bleve wants an _id first; documents
// are known by their numbers, so that it is empty.
func (r *row) VisitFields(visit index.FieldVisitor) {
	visit(column{name: "_id"})
	for _, f := range r.fields {
		visit(f)
	}
}

// The rest of index.Document, of which nothing is used.

func (r *row) ID() string                                 { return "" }
func (r *row) Size() int                                  { return 0 }
func (r *row) VisitComposite(index.CompositeFieldVisitor) {}
func (r *row) HasComposite() bool                         { return false }
func (r *row) NumPlainTextBytes() uint64                  { return 0 }
func (r *row) AddIDField()                                {}
func (r *row) StoredFieldsBytes() uint64                  { return 0 }
func (r *row) Indexed() bool                              { return true }

// column is one field of a row.
type column struct {
	name  string
	terms []coded
	of    *vocabulary
}

// Name implements index.Field.
func (c column) Name() string { return c.name }

// Options implements index.Field. No text and no places are kept.
func (c column) Options() index.FieldIndexingOptions {
	if c.terms == nil {
		return index.StoreField
	}
	return index.IndexField
}

// AnalyzedLength implements index.Field. Lengths stand in the catalogue; a
// constant takes the least room.
func (c column) AnalyzedLength() int { return 1 }

// AnalyzedTokenFrequencies implements index.Field. What it returns is
// overwritten when it is asked of the next row: Bleve looks at one at a time.
func (c column) AnalyzedTokenFrequencies() index.TokenFrequencies {
	if c.terms == nil {
		return nil
	}
	return c.of.frequencies(c.terms)
}

func (c column) Value() []byte             { return nil }
func (c column) ArrayPositions() []uint64  { return nil }
func (c column) EncodedFieldType() byte    { return 't' }
func (c column) Analyze()                  {}
func (c column) NumPlainTextBytes() uint64 { return 0 }
