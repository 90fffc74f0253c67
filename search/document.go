// Package search finds the paragraph a delegate asks for.
//
// It promises: a hit is a record with its best paragraph, its anchor and its
// page; a reader's audiences are part of every query, so that totals, facet
// counts, scores, suggestions and corrections are those of an index that holds
// nothing else; the same documents give the same answer whatever the index has
// been through; whatever a person types is a query, never an error; a new
// index is built beside the old one, verified and swapped while readers go on.
//
// Bleve keeps the postings and the text and supplies the stemmers. Matching,
// ranking, counting and cutting are done here, over Bleve's postings, because
// its own scores depend on how the index was merged.
//
// It refuses to know forum, Hugo, or who a reader is: callers hand it plain
// documents and audiences.
package search

import (
	"slices"
	"strings"
	"time"
)

// Public is the audience of everyone. A query without audiences sees it alone.
const Public = "public"

// Document is one passage that can be found: the head of a record's page, one
// of its paragraphs, or one forum post. Documents that share Record are shown
// as one hit.
type Document struct {
	ID       string   `json:"id"`     // unique in the index
	Record   string   `json:"record"` // e.g. practice-rrtm, topic-12
	Type     string   `json:"type"`   // e.g. practice, post
	Lang     string   `json:"lang"`
	TextLang string   `json:"text_lang,omitempty"` // of Heading and Body where it is not Lang
	URL      string   `json:"url"`                 // of the page, without anchor
	Anchor   string   `json:"anchor,omitempty"`    // of the passage; "" is the head of the page
	Place    int      `json:"place,omitempty"`     // of the passage among those of its record
	Title    string   `json:"title"`               // of the record
	Heading  string   `json:"heading,omitempty"`
	Body     string   `json:"-"` // plain text; not in the catalogue
	Page     int      `json:"page,omitempty"`
	Symbol   string   `json:"symbol,omitempty"`   // e.g. CMC/2017/NS/3
	Acronyms []string `json:"acronyms,omitempty"` // short forms of Title
	Names    []string `json:"names,omitempty"`    // other names of the record: codes, names in other languages
	Called   []string `json:"called,omitempty"`   // what else readers type for it, and its texts need not hold

	Countries []string  `json:"countries,omitempty"` // ISO 3166-1 alpha-3
	Themes    []string  `json:"themes,omitempty"`
	Year      int       `json:"year,omitempty"`
	Date      time.Time `json:"date,omitzero"`
	Audience  []string  `json:"audience"` // who may find it; none means nobody
}

// textLang is the language in which the passage is written.
func (d *Document) textLang() string {
	if d.TextLang != "" {
		return d.TextLang
	}
	return d.Lang
}

// exact is the text of the exact part, a line for each name and part.
func (d *Document) exact() string {
	lines := slices.Concat([]string{d.Title, d.Symbol}, d.Acronyms, d.Names, []string{d.Heading, d.Body})
	lines = slices.DeleteFunc(lines, func(s string) bool { return s == "" })
	return strings.Join(lines, "\n")
}
