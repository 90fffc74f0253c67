package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"

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

func writeRecords(r *site.Release, records []site.Record) error {
	list := make([]known, len(records))
	for i, record := range records {
		list[i] = known{record.ID, record.Lang, record.URL, record.Title}
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
