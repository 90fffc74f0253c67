package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/goccy/go-yaml"

	"cmc/internal/site"
	"cmc/search"
)

// corpus turns the site's records into what search indexes. It is the only
// place where the two rooms meet.
func (o *opened) corpus(records []site.Record) (search.Corpus, error) {
	synonyms, err := o.synonyms()
	if err != nil {
		return search.Corpus{}, err
	}
	c := search.Corpus{Synonyms: synonyms}
	for _, r := range records {
		c.Documents = append(c.Documents, documents(r)...)
	}
	return c, nil
}

// documents are a record's summary and each of its passages.
func documents(r site.Record) []search.Document {
	head := search.Document{
		ID:        r.ID + "/" + r.Lang,
		Record:    r.ID,
		Type:      r.Kind,
		Lang:      r.Lang,
		URL:       r.URL,
		Title:     r.Title,
		Body:      r.Summary,
		Symbol:    r.Symbol,
		Names:     r.Aliases,
		Countries: r.Countries,
		Themes:    r.Themes,
		Year:      r.Year,
		Date:      r.Date,
		Audience:  []string{r.Visibility},
	}
	if r.Acronym != "" {
		head.Acronyms = []string{r.Acronym}
	}
	all := []search.Document{head}
	for i, p := range r.Passages {
		d := head
		d.ID += "/" + strconv.Itoa(i)
		d.Anchor, d.Heading, d.Body, d.Page = p.Anchor, p.Heading, p.Text, p.Page
		all = append(all, d)
	}
	return all
}

// synonyms reads the acronyms and expansions that the secretariat keeps.
func (o *opened) synonyms() ([][]string, error) {
	name := filepath.Join(o.root, "data", "acronyms.yaml")
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the acronyms: %w", err)
	}
	var entries []struct {
		Acronym   string   `yaml:"acronym"`
		Expansion string   `yaml:"expansion"`
		Aliases   []string `yaml:"aliases"`
	}
	if err := yaml.Unmarshal(text, &entries); err != nil {
		return nil, fmt.Errorf("data/acronyms.yaml: %w", err)
	}
	var groups [][]string
	for _, e := range entries {
		if e.Acronym != "" && e.Expansion != "" {
			groups = append(groups, append([]string{e.Acronym, e.Expansion}, e.Aliases...))
		}
	}
	return groups, nil
}
