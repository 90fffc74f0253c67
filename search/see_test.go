package search

import (
	"strings"
	"testing"
)

func TestWordsThatNothingHoldsLeadOn(t *testing.T) {
	s := openCorpus(t, Corpus{
		Documents: []Document{
			{ID: "en", Record: "sea", Lang: "en", Title: "Arrivals", Body: "People who arrive.", Audience: []string{Public}},
			{ID: "es", Record: "sea", Lang: "es", Title: "Llegadas", Body: "Personas que llegan.", Audience: []string{Public}},
			{ID: "room", Record: "room", Lang: "en", Title: "A room", Body: "For members.", Audience: []string{"members"}},
		},
		See: []Pointer{{Words: Term{"en": {"boat"}, "es": {"barco"}}, Records: []string{"sea", "room", "gone"}}},
	})
	for _, test := range []struct {
		name, query, lang, audience, want string
	}{
		{"to a record in the reader's language", "barcos", "es", "", "Llegadas"},
		{"from any form, in a sentence", "how many boats", "en", "", "Arrivals"},
		{"to what only members may see, for members", "boat", "en", "members", "Arrivals, A room"},
		{"but not where something is found", "people", "en", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := find(t, s, Request{Query: test.query, Language: test.lang, Audiences: []string{test.audience}})
			var titles []string
			for _, see := range r.See {
				titles = append(titles, see.Text)
			}
			if got := strings.Join(titles, ", "); got != test.want {
				t.Errorf("Search(%q) leads to %q, want %q", test.query, got, test.want)
			}
		})
	}
}

func TestAWordIsAskedForInItsOwnLanguageOnly(t *testing.T) {
	public := []string{Public}
	s := open(t, []Document{
		{ID: "en", Record: "en", Lang: "en", Title: "Sharing", Body: "Share data.", Audience: public},
		{ID: "fr", Record: "fr", Lang: "fr", Title: "Calendrier", Body: "La date est fixée.", Audience: public},
		{ID: "es", Record: "es", Lang: "es", Title: "Refugio", Body: "Los refugiados llegan.", Audience: public},
	})
	for _, test := range []struct{ query, lang, want string }{
		{"data", "en", "en"},
		{"dates", "fr", "fr"},
		{"refugiadas", "en", "es"}, // which no text holds: asked for in every language
	} {
		r := find(t, s, Request{Query: test.query, Language: test.lang})
		if len(r.Hits) != 1 || r.Hits[0].ID != test.want {
			t.Errorf("Search(%q) in %s finds %q, want %s alone", test.query, test.lang, links(r), test.want)
		}
	}
}
