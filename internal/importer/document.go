// Package importer turns a report that somebody else wrote into records.
//
// Read recognises the parts of a file (title, headings, paragraphs, bullets,
// footnotes, pages, recommendations) and says in a Report what it recognised,
// what it guessed and what needs a person. Write puts a Document under
// content/ as drafts.
//
// It promises that no word is lost and none is added: what is left out of the
// text (page numbers, running heads) is listed in Document.Dropped. It refuses
// to overwrite what a person wrote, and to guess at files it cannot read.
//
// Each format has one reader, which only produces the flow of blocks and the
// notes; everything after that (ids, references, groups, what the title lines
// say) is the same for all formats.
package importer

import "time"

// Document is a report as it was read.
type Document struct {
	Name     string // file it came from
	Lang     string // en, es, fr or nl
	ID       string // report-cmc-2017-nassau
	Slug     string // nassau-2017: the folder of the record
	Symbol   string // CMC/2017/REP
	Title    string
	Place    string
	Start    time.Time // zero when the title lines give no date
	End      time.Time
	Year     int
	Acronym  string
	Pages    int
	Sections []Section
	Blocks   []Block // headings are blocks too, in reading order
	Notes    []Note
	Groups   []Group
	Dropped  []Dropped
}

// Section is a part of the report under one heading.
type Section struct {
	ID     string // sec-2.3, or sec-2.3-atd for a heading without a number
	Number string // as printed, without the last stop; may be empty
	Title  string
	Level  int // 1 for a top heading
	Page   int
	Line   int
}

// Kind tells what a Block is.
type Kind string

// The kinds of blocks.
const (
	TitleLine Kind = "title"
	Heading   Kind = "heading"
	Paragraph Kind = "para"
	Bullet    Kind = "bullet"
)

// Block is a stretch of text with its place in the source.
type Block struct {
	ID      string // par-2.3-04; the section's id for a heading
	Section string // id of the section it stands in; sec-0 before the first
	Kind    Kind
	Text    string // as printed, without line ends, bullet marks and note numbers
	Refs    []Ref
	Page    int
	PageEnd int // last page it runs on to; Page when it stays on one
	Line    int // first line in the source
	heading heading
}

// Ref is a place in a Block's text that points to a note.
type Ref struct {
	At   int // byte offset in Text
	Note int // index in Document.Notes
}

// Note is a footnote.
type Note struct {
	Number int
	Text   string
	Page   int
	Line   int
	Block  string // id of the block that refers to it; empty when none was found
}

// Group is a set of recommendations under one introduction.
type Group struct {
	Code    string // NS
	Heading string // words of the introduction, with the colon
	Intro   string // its paragraph's id
	Items   []Recommendation
}

// Recommendation is one recommendation with its words in the Block it names.
type Recommendation struct {
	Slug   string // cmc-2017-ns-3
	Symbol string // CMC/2017/NS/3
	Group  string // NS
	Number int
	Block  string
}

// Dropped is a piece of the source that is not part of the text.
type Dropped struct {
	Line int
	Text string
	Why  string
}

// block finds a block by its id.
func (d *Document) block(id string) *Block {
	for i := range d.Blocks {
		if d.Blocks[i].ID == id {
			return &d.Blocks[i]
		}
	}
	return nil
}
