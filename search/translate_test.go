package search

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAQueryFindsRecordsInOtherLanguagesBehindItsOwn(t *testing.T) {
	public := []string{Public}
	s := openCorpus(t, Corpus{
		Documents: []Document{
			{ID: "es", Record: "informe", Type: "report", Lang: "es", Title: "Informe", Body: "La migración irregular crece.", Audience: public},
			{ID: "en", Record: "report", Type: "report", Lang: "en", Title: "Report", Body: "It mentions irregular routes and, far behind them, migration.", Audience: public},
			{ID: "theme-en", Record: "theme-nets", Type: "theme", Lang: "en", Title: "Fishing nets", Audience: public},
			{ID: "theme-fr", Record: "theme-nets", Type: "theme", Lang: "fr", Title: "Filets de pêche", Audience: public},
			{ID: "post", Record: "post", Type: "post", Lang: "fr", Title: "Question", Body: "Où sont les filets de pêche ?", Audience: public},
			{ID: "hidden-en", Record: "hidden", Type: "theme", Lang: "en", Title: "Secret harbour", Audience: []string{"members"}},
			{ID: "hidden-fr", Record: "hidden", Type: "theme", Lang: "fr", Title: "Question", Audience: []string{"members"}},
		},
		Terms: []Term{{"en": {"irregular migration"}, "es": {"migración irregular"}}},
	})
	for _, test := range []struct {
		name, query string
		first, last string
		via         []string
	}{
		{"by a term of the glossary", "irregular migration", "report", "informe", []string{"migración irregular"}},
		{"by the title of a record", "fishing nets", "theme-nets", "post", []string{"Filets de pêche"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := find(t, s, Request{Query: test.query, Language: "en"})
			if len(r.Hits) != 2 || r.Hits[0].ID != test.first || r.Hits[0].Via != nil || r.Hits[1].ID != test.last {
				t.Fatalf("Search(%q) = %q, want %s and then %s", test.query, links(r), test.first, test.last)
			}
			if diff := cmp.Diff(test.via, r.Hits[1].Via); diff != "" {
				t.Errorf("found through (-want +got):\n%s", diff)
			}
		})
	}
	if r := find(t, s, Request{Query: "secret harbour"}); r.Total != 0 {
		t.Errorf("a visitor finds %q by the title of a record that only members see", links(r))
	}
}

func TestARecordIsShownInTheReadersLanguage(t *testing.T) {
	var docs []Document
	version := func(record, lang, body string) {
		docs = append(docs, Document{ID: record + lang, Record: record, Lang: lang, Title: record, Body: body, Audience: []string{Public}})
	}
	version("law", "en", "Surinam is named once in this long text about the law that was made by its parliament.")
	version("law", "fr", "Surinam.")
	version("port", "en", "A text about a harbour.")
	version("port", "fr", "Il y a au Surinam un port comme ceux que l'on trouve sur une île.")
	version("island", "en", "Surinam has no such island among those that a text about islands would describe.")
	version("guide", "en", "A guide to asylum, with the Bahamas.")
	version("guide", "fr", "Guide d'asylum.")
	s := open(t, docs)
	for _, test := range []struct {
		name, query string
		want        []string
	}{
		{"where that answers, before what only a translation says", "surinam", []string{"en island", "en law", "fr port"}},
		{"and a word that it may not hold leaves out its translations", "asylum -bahamas", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, h := range find(t, s, Request{Query: test.query, Language: "en"}).Hits {
				got = append(got, h.Lang+" "+h.ID)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("hits (-want +got):\n%s", diff)
			}
		})
	}
}
