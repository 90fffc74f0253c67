package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"cmc/internal/record"
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
	countries, err := o.countries()
	if err != nil {
		return search.Corpus{}, err
	}
	words, err := o.searchWords()
	if err != nil {
		return search.Corpus{}, err
	}
	words.nameCountries(records, countries)
	words.nameDays(records, o.texts)
	c := search.Corpus{Synonyms: synonyms, Terms: words.terms, See: words.see, Labels: search.Labels{"country": countries, "type": o.types()}}
	for _, r := range records {
		if r.Kind != searchPage {
			c.Documents = append(c.Documents, documents(r, countries, words)...)
		}
	}
	return c, nil
}

// types names the kinds of records in all languages.
func (o *opened) types() map[string]map[string]string {
	names := map[string]map[string]string{}
	for _, kind := range record.Kinds() {
		key := "search_type_" + kind.Name
		if !o.texts.Default().Has(key) {
			continue
		}
		names[kind.Name] = map[string]string{}
		for _, l := range o.texts.Languages() {
			names[kind.Name][l.Code()] = l.T(key)
		}
	}
	return names
}

// searchPage is the kind of the page that stands in for search where no server
// runs: it is about searching, and answers nothing.
const searchPage = "search"

// documents are a record's summary and each of its passages. A country is also
// found by its names in the other languages.
func documents(r site.Record, countries map[string]map[string]string, words searchWords) []search.Document {
	names, called := slices.Clone(r.Aliases), slices.Clone(words.records[r.ID])
	if r.Kind == "country" {
		for _, code := range r.Countries {
			called = append(called, code) // which no text means by itself: sur, can
			names = append(names, slices.Sorted(maps.Values(countries[code]))...)
			called = append(called, words.countries[code].names()...)
		}
	}
	head := search.Document{
		ID:        r.ID + "/" + r.Lang,
		Record:    r.ID,
		Type:      kindOf(r),
		Lang:      r.Lang,
		URL:       r.URL,
		Title:     r.Title,
		Body:      r.Summary,
		Symbol:    r.Symbol,
		Names:     names,
		Called:    called,
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
		d.Anchor, d.Heading, d.Body, d.Page, d.TextLang = p.Anchor, p.Heading, p.Text, p.Page, p.Lang
		all = append(all, d)
	}
	return all
}

// kindOf tells a section's own page, which is a list, from the records in it.
func kindOf(r site.Record) string {
	if strings.HasPrefix(r.ID, "section-") {
		return "section"
	}
	return r.Kind
}

// synonyms reads the acronyms and expansions that the secretariat keeps.
func (o *opened) synonyms() ([][]string, error) {
	var entries []struct {
		Acronym   string            `yaml:"acronym"`
		Expansion string            `yaml:"expansion"`
		Aliases   []string          `yaml:"aliases"`
		Name      map[string]string `yaml:"name"` // in the other languages
	}
	if err := o.data("acronyms.yaml", &entries); err != nil {
		return nil, err
	}
	var groups [][]string
	for _, e := range entries {
		if e.Acronym != "" && e.Expansion != "" {
			group := append([]string{e.Acronym, e.Expansion}, e.Aliases...)
			for _, lang := range slices.Sorted(maps.Keys(e.Name)) {
				group = append(group, e.Name[lang])
			}
			groups = append(groups, group)
		}
	}
	return groups, nil
}

// countries names each country by code and language, also those that have no
// page of their own.
func (o *opened) countries() (map[string]map[string]string, error) {
	var entries []struct {
		Code string            `yaml:"code"`
		Name map[string]string `yaml:"name"`
	}
	if err := o.data("countries.yaml", &entries); err != nil {
		return nil, err
	}
	names := map[string]map[string]string{}
	for _, e := range entries {
		names[e.Code] = e.Name
	}
	return names, nil
}

// data reads one file of the site's data folder; a file that is not there
// leaves the entries empty.
func (o *opened) data(name string, entries any) error {
	text, err := os.ReadFile(filepath.Join(o.root, "data", name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the site's data: %w", err)
	}
	if err := yaml.Unmarshal(text, entries); err != nil {
		return fmt.Errorf("data/%s: %w", name, err)
	}
	return nil
}
