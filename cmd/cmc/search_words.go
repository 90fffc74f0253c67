package main

import (
	"maps"
	"slices"
	"strings"
	"time"

	"cmc/internal/i18n"
	"cmc/internal/site"
	"cmc/search"
)

// searchWords are what readers type for what the site names otherwise, as the
// secretariat keeps them.
type searchWords struct {
	countries map[string]spoken
	records   map[string][]string
	terms     []search.Term
	see       []search.Pointer
}

// spoken are names by language; those of every language are under "".
type spoken map[string][]string

// names are the words of all languages, in one order.
func (w spoken) names() []string {
	var all []string
	for _, lang := range slices.Sorted(maps.Keys(w)) {
		all = append(all, w[lang]...)
	}
	return all
}

func (o *opened) searchWords() (searchWords, error) {
	var rows []struct {
		Country string            `yaml:"country"`
		Record  string            `yaml:"record"`
		See     []string          `yaml:"see"`
		Any     string            `yaml:"any"`
		Words   map[string]string `yaml:"words"`
	}
	all := searchWords{countries: map[string]spoken{}, records: map[string][]string{}}
	if err := o.data("search_words.yaml", &rows); err != nil {
		return all, err
	}
	for _, r := range rows {
		w := spoken{}
		if r.Any != "" {
			w[""] = listed(r.Any)
		}
		for lang, text := range r.Words {
			w[lang] = listed(text)
		}
		switch {
		case r.Country != "":
			all.countries[r.Country] = w
		case r.Record != "":
			all.records[r.Record] = w.names()
		case len(r.See) > 0:
			all.see = append(all.see, search.Pointer{Words: search.Term(w), Records: r.See})
		default:
			all.terms = append(all.terms, search.Term(w))
		}
	}
	return all, nil
}

// nameCountries makes a term of each country that has no record of its own.
func (w *searchWords) nameCountries(records []site.Record, names map[string]map[string]string) {
	shown := map[string]bool{}
	for _, r := range records {
		if r.Kind == "country" && len(r.Countries) == 1 {
			shown[r.Countries[0]] = true
		}
	}
	for _, code := range slices.Sorted(maps.Keys(names)) {
		if shown[code] {
			continue
		}
		t := search.Term{"": {code}}
		for lang, name := range names[code] {
			t[lang] = []string{name}
		}
		for lang, more := range w.countries[code] {
			t[lang] = append(t[lang], more...)
		}
		w.terms = append(w.terms, t)
	}
}

// nameDays lets people ask for a meeting by the day on which it began. The
// first of January stands for a year without a day.
func (w *searchWords) nameDays(records []site.Record, texts *i18n.Catalogue) {
	for _, r := range records {
		if r.Kind != "meeting" || r.Date.IsZero() || r.Date.YearDay() == 1 {
			continue
		}
		for _, day := range []string{texts.Language(r.Lang).Date(r.Date), r.Date.Format(time.DateOnly)} {
			if !slices.Contains(w.records[r.ID], day) {
				w.records[r.ID] = append(w.records[r.ID], day)
			}
		}
	}
}

// listed are the names of a list with commas.
func listed(text string) []string {
	var names []string
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}
