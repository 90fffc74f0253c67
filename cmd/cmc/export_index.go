package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cmc/internal/site"
	"cmc/search"
)

// offlineIndexName is where a copy keeps what its search looks through. It is
// a script, since a page opened from a folder may fetch nothing.
const offlineIndexName = "search/index.js"

// offlineIndex is read by assets/js/offline-search.js. It holds the texts, and
// of what is derived from them only which words have one stem: the script folds
// and counts the words itself, since a list of where they stand would cost more
// bytes than it saves time at a few thousand paragraphs, and stemmers for four
// languages more than the words that they bring together here.
type offlineIndex struct {
	Kinds     map[string]map[string]string `json:"kinds"` // language of the page → kind → label
	Languages map[string]string            `json:"languages"`
	Synonyms  [][]string                   `json:"synonyms"`
	Terms     []search.Term                `json:"terms"`
	Stops     string                       `json:"stops"`    // words that carry no meaning
	Families  string                       `json:"families"` // words of one stem, see families
	Records   []*offlineRecord             `json:"records"`
}

type offlineRecord struct {
	id, lang, kind, url, title, names string
	texts                             [][]any // anchor, heading, text, page of the source, language where it differs
	facets                            []any   // countries, themes, day
}

// MarshalJSON writes a list, since names would be repeated in every record.
func (r *offlineRecord) MarshalJSON() ([]byte, error) {
	return plainJSON([]any{r.id, r.lang, r.kind, r.url, r.title, r.names, r.texts, r.facets})
}

// writeOfflineIndex writes the texts of the public records as a script.
func (o *opened) writeOfflineIndex(name string, records []site.Record) error {
	corpus, err := o.corpus(records)
	if err != nil {
		return err
	}
	text, err := plainJSON(o.offlineIndex(corpus))
	if err != nil {
		return fmt.Errorf("write the copy's index: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("write the copy's index: %w", err)
	}
	script := append([]byte("globalThis.offlineIndex="), text...)
	if err := os.WriteFile(name, append(script, ';', '\n'), 0o644); err != nil {
		return fmt.Errorf("write the copy's index: %w", err)
	}
	return nil
}

func (o *opened) offlineIndex(corpus search.Corpus) offlineIndex {
	words := corpus.Vocabulary()
	index := offlineIndex{
		Kinds: map[string]map[string]string{}, Languages: map[string]string{}, Synonyms: corpus.Synonyms, Terms: corpus.Terms,
		Stops: strings.Join(words.Stops, " "), Families: families(words.Families),
	}
	if index.Synonyms == nil {
		index.Synonyms = [][]string{}
	}
	if index.Terms == nil {
		index.Terms = []search.Term{}
	}
	for _, l := range o.texts.Languages() {
		index.Kinds[l.Code()] = map[string]string{}
		index.Languages[l.Code()] = l.Label()
	}
	var last *offlineRecord
	for _, d := range corpus.Documents {
		if last == nil || last.id != d.Record || last.lang != d.Lang {
			names := slices.Concat([]string{d.Symbol}, d.Acronyms, d.Names, d.Called)
			last = &offlineRecord{
				id: d.Record, lang: d.Lang, kind: d.Type, url: copyName(d.URL), title: d.Title,
				names:  strings.Join(compactStrings(names), " · "),
				facets: []any{strings.Join(d.Countries, " "), strings.Join(d.Themes, " "), dated(d.Date)},
			}
			index.Records = append(index.Records, last)
		}
		other := d.TextLang
		if other == d.Lang {
			other = ""
		}
		last.texts = append(last.texts, []any{d.Anchor, d.Heading, d.Body, d.Page, other})
		for _, l := range o.texts.Languages() {
			if key := "search_type_" + d.Type; l.Has(key) {
				index.Kinds[l.Code()][d.Type] = l.T(key)
			}
		}
	}
	return index
}

func dated(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return day.Format(time.DateOnly)
}

// families writes words of one stem as their common beginning and the endings
// behind it: "detain,,ed,s" for detain, detained and detains.
func families(all [][]string) string {
	var out strings.Builder
	for i, words := range all {
		if i > 0 {
			out.WriteByte(' ')
		}
		first, last := words[0], words[len(words)-1] // sorted: what these share, all share
		n := 0
		for n < len(first) && n < len(last) && first[n] == last[n] {
			n++
		}
		for n < len(first) && !utf8.RuneStart(first[n]) {
			n--
		}
		out.WriteString(first[:n])
		for _, w := range words {
			out.WriteString("," + w[n:])
		}
	}
	return out.String()
}

// plainJSON leaves <, > and & as they are: the index is a file of its own, and
// none of them can end a script there.
func plainJSON(value any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(out.Bytes()), nil
}
