package search

import (
	"bytes"
	"cmp"
	"encoding/gob"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
)

// head is what the passages of a page share.
type head struct {
	Record, Type, Lang, URL, Title, Symbol               string
	Acronyms, Names, Called, Countries, Themes, Audience []string
	Year                                                 int
	Date                                                 time.Time
}

// entry is a document as it stands in a part: what ranking and hits need of it
// is in memory, its text is not.
type entry struct {
	*head
	passage
}

// passage is what a document does not share.
type passage struct {
	ID, TextLang, Anchor, Heading string
	Place, Page                   int
	Lengths                       lengths
	Text                          extent
}

// newEntry is the entry of a document, sharing the head of the one before it
// where that is the same.
func newEntry(d *Document, l lengths, text extent, before *entry) *entry {
	h := &head{
		d.Record, d.Type, d.Lang, d.URL, d.Title, d.Symbol,
		d.Acronyms, d.Names, d.Called, d.Countries, d.Themes, d.Audience, d.Year, d.Date,
	}
	if before != nil && before.Record == h.Record && reflect.DeepEqual(before.head, h) {
		h = before.head
	}
	return &entry{h, passage{ID: d.ID, TextLang: d.TextLang, Anchor: d.Anchor, Heading: d.Heading, Place: d.Place, Page: d.Page, Lengths: l, Text: text}}
}

// document is the entry with its text, as it was handed over.
func (e *entry) document(body string) Document {
	return Document{
		ID: e.ID, Record: e.Record, Type: e.Type, Lang: e.Lang, TextLang: e.TextLang, URL: e.URL, Anchor: e.Anchor, Place: e.Place,
		Title: e.Title, Heading: e.Heading, Body: body, Page: e.Page, Symbol: e.Symbol, Acronyms: e.Acronyms, Names: e.Names, Called: e.Called,
		Countries: e.Countries, Themes: e.Themes, Year: e.Year, Date: e.Date, Audience: e.Audience,
	}
}

// textLang is the language in which the passage is written.
func (e *entry) textLang() string {
	if e.TextLang != "" {
		return e.TextLang
	}
	return e.Lang
}

// link is the address of the passage itself.
func (e *entry) link() string {
	if e.Anchor == "" {
		return e.URL
	}
	return e.URL + "#" + e.Anchor
}

// audienceKey names the set of audiences, whatever their order.
func (d *head) audienceKey() string {
	set := slices.Clone(d.Audience)
	slices.Sort(set)
	return strings.Join(slices.Compact(set), "\x00")
}

// compareEntries is the order of the documents of a part, whatever the index
// has been through: by record and language, then as they stand on the page.
func compareEntries(x, y *entry) int {
	return comparePlaces(x.Record, x.Lang, x.Place, x.ID, y.Record, y.Lang, y.Place, y.ID)
}

func comparePlaces(record, lang string, place int, id, record2, lang2 string, place2 int, id2 string) int {
	if c := strings.Compare(record, record2); c != 0 {
		return c
	}
	return cmp.Or(strings.Compare(lang, lang2), cmp.Compare(place, place2), strings.Compare(id, id2))
}

// catalogue is what stands beside the postings and the texts.
type catalogue struct {
	Sizes    []int32 // of the segments
	Blocks   []int64 // where each block of texts ends
	Heads    []*head
	Passages []listed
	Synonyms [][]string
	Terms    []Term
	See      []Pointer
	Labels   Labels
}

// listed is a passage with the number of its head.
type listed struct {
	Head    int32
	Passage passage
}

// list takes over entries whose neighbours may share a head.
func (c *catalogue) list(entries []*entry) {
	for i, e := range entries {
		if i == 0 || e.head != entries[i-1].head {
			c.Heads = append(c.Heads, e.head)
		}
		c.Passages = append(c.Passages, listed{int32(len(c.Heads) - 1), e.passage})
	}
}

func (c *catalogue) entries() ([]*entry, error) {
	room := make([]entry, len(c.Passages))
	all := make([]*entry, len(c.Passages))
	for i, p := range c.Passages {
		if p.Head < 0 || int(p.Head) >= len(c.Heads) {
			return nil, fmt.Errorf("%w: catalogue: passage %d has no head", ErrDamaged, i)
		}
		room[i] = entry{c.Heads[p.Head], p.Passage}
		all[i] = &room[i]
	}
	return all, nil
}

func (c *catalogue) encode() ([]byte, error) {
	var raw bytes.Buffer
	if err := gob.NewEncoder(&raw).Encode(c); err != nil {
		return nil, fmt.Errorf("encode catalogue: %w", err)
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBetterCompression))
	if err != nil {
		return nil, fmt.Errorf("compress catalogue: %w", err)
	}
	defer z.Close()
	return z.EncodeAll(raw.Bytes(), nil), nil
}

func decodeCatalogue(packed []byte) (*catalogue, error) {
	z, err := zstd.NewReader(nil)
	if err != nil {
		return nil, fmt.Errorf("unpack catalogue: %w", err)
	}
	defer z.Close()
	raw, err := z.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: catalogue: %w", ErrDamaged, err)
	}
	var c catalogue
	if err := gob.NewDecoder(bytes.NewReader(raw)).Decode(&c); err != nil {
		return nil, fmt.Errorf("%w: catalogue: %w", ErrDamaged, err)
	}
	c.share()
	return &c, nil
}
