package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"cmc/internal/site"
)

// recordsFile holds, beside a release's index, what the forum needs to know of
// each record, for processes that did not build the release themselves.
const recordsFile = "records.json"

// known is what the forum shows of a record that a topic discusses.
type known struct {
	ID    string `json:"id"`
	Lang  string `json:"lang"`
	URL   string `json:"url"`
	Title string `json:"title"`
	// Stamp is another one whenever the record says something else.
	Stamp string `json:"stamp"`
}

// catalogue answers which record an id is, in the current release.
type catalogue struct {
	defaultLanguage string
	current         atomic.Pointer[map[string]map[string]known] // id → language
}

func (c *catalogue) swap(list []known) {
	byID := map[string]map[string]known{}
	for _, k := range list {
		if byID[k.ID] == nil {
			byID[k.ID] = map[string]known{}
		}
		byID[k.ID][k.Lang] = k
	}
	c.current.Store(&byID)
}

// find returns a record's title and address for a reader of a language; false
// when no page has that id. A record of the default language has a page in
// every language, since it stands in where a translation is missing.
func (c *catalogue) find(id, lang string) (title, url string, ok bool) {
	byID := c.current.Load()
	if byID == nil {
		return "", "", false
	}
	versions := (*byID)[id]
	if k, ok := versions[lang]; ok {
		return k.Title, k.URL, true
	}
	if k, ok := versions[c.defaultLanguage]; ok {
		return k.Title, "/" + lang + k.URL, true
	}
	for _, code := range slices.Sorted(maps.Keys(versions)) {
		return versions[code].Title, versions[code].URL, true
	}
	return "", "", false
}

// stamp is a record's stamp, "" when no page has that id. Only the original
// counts: a translation that is made better changes nothing of what was said.
func (c *catalogue) stamp(id string) string {
	byID := c.current.Load()
	if byID == nil {
		return ""
	}
	versions := (*byID)[id]
	if k, ok := versions[c.defaultLanguage]; ok {
		return k.Stamp
	}
	for _, code := range slices.Sorted(maps.Keys(versions)) {
		return versions[code].Stamp
	}
	return ""
}

// stampOf sums what a record says; how it is shown does not count.
func stampOf(r site.Record) string {
	sum := sha256.New()
	for _, text := range []string{r.Title, r.Summary, r.Symbol, r.Label, r.Status, r.Date.UTC().Format(time.DateOnly)} {
		fmt.Fprintf(sum, "%q\n", text)
	}
	for _, p := range r.Passages {
		fmt.Fprintf(sum, "%q %q\n", p.Anchor, p.Text)
	}
	return hex.EncodeToString(sum.Sum(nil)[:12])
}

func writeRecords(r *site.Release, records []site.Record) error {
	list := make([]known, len(records))
	for i, record := range records {
		list[i] = known{record.ID, record.Lang, record.URL, record.Title, stampOf(record)}
	}
	text, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("list the records: %w", err)
	}
	if err := os.WriteFile(filepath.Join(r.Dir, recordsFile), text, 0o600); err != nil {
		return fmt.Errorf("keep the list of records: %w", err)
	}
	return nil
}

func readRecords(r *site.Release) ([]known, error) {
	text, err := os.ReadFile(filepath.Join(r.Dir, recordsFile))
	if err != nil {
		return nil, fmt.Errorf("read the list of records: %w", err)
	}
	var list []known
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("read the list of records: %w", err)
	}
	return list, nil
}
