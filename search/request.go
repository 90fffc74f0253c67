package search

import "time"

// Bounds of a page of results.
const (
	DefaultSize = 20
	MaxSize     = 100
	MaxPage     = 500
)

// Order is how hits are sorted.
type Order string

// The orders a reader can ask for.
const (
	ByRelevance Order = "relevance"
	ByDate      Order = "date"
)

// Request is one reader's question.
type Request struct {
	Query     string
	Like      string // in the place of a query: the id of a record to which similar ones are wanted
	Filters   Filters
	Page      int // from 1
	Size      int
	Order     Order
	Language  string   // of the interface: its records go first, labels are in it
	Audiences []string // whom the reader belongs to; none is Public alone
}

// bound brings the page and its size within bounds.
func (r *Request) bound() {
	r.Page, r.Size = min(max(r.Page, 1), MaxPage), min(r.Size, MaxSize)
	if r.Size <= 0 {
		r.Size = DefaultSize
	}
}

// In returns the request limited to records in a language.
func (r Request) In(lang string) Request {
	r.Filters = r.Filters.with(facetLang, lang)
	return r
}

// audiences are the reader's; everyone is of the public.
func (r *Request) audiences() []string {
	return union([]string{Public}, r.Audiences)
}

// Response is the answer, in the form of the contract of /api/search.
type Response struct {
	Query      string                  `json:"query"`
	Total      int                     `json:"total"`
	TookMS     float64                 `json:"took_ms"`
	Page       int                     `json:"page"`
	Size       int                     `json:"size"`
	Suggestion string                  `json:"suggestion"`
	Instead    bool                    `json:"instead,omitempty"` // the hits are those of Suggestion, since the query has none
	Relaxed    bool                    `json:"relaxed,omitempty"` // no record has all the words; these have some
	Fields     []Field                 `json:"fields,omitempty"`  // read in the query, such as country:BHS
	Unread     []Field                 `json:"unread,omitempty"`  // fields whose value is not known; read as words
	Like       *Suggestion             `json:"like,omitempty"`    // the record to which the hits are similar
	Hits       []Hit                   `json:"hits"`
	Partial    []Hit                   `json:"partial,omitempty"` // beside few hits: records with some of the words, not counted
	See        []Suggestion            `json:"see,omitempty"`     // where nothing is found: records that may help
	Facets     map[string][]FacetValue `json:"facets"`
}

// Hit is a record with its best passage.
type Hit struct {
	ID        string   `json:"id"`
	Type      string   `json:"type"`
	Lang      string   `json:"lang"`
	TextLang  string   `json:"-"` // of Heading and Snippet
	URL       string   `json:"url"`
	Title     string   `json:"title"`
	Heading   string   `json:"heading,omitempty"`
	Page      int      `json:"page,omitempty"` // of the source document
	Symbol    string   `json:"symbol,omitempty"`
	Snippet   string   `json:"snippet"` // safe HTML: escaped, with <mark>
	Pieces    []Piece  `json:"-"`       // the same snippet as plain text
	Countries []string `json:"countries"`
	Themes    []string `json:"themes"`
	Year      int      `json:"year,omitempty"`
	More      []Place  `json:"more,omitempty"` // other passages of the record that answer, best first
	Via       []string `json:"via,omitempty"`  // translations of what was asked by which it was found
	Score     float64  `json:"score"`

	Date time.Time `json:"-"` // of the record
}

// Place is a further passage of a hit's record.
type Place struct {
	URL     string `json:"url"`
	Heading string `json:"heading,omitempty"`
	Page    int    `json:"page,omitempty"`
}
