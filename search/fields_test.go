package search

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFieldsOfAQueryFilterIt(t *testing.T) {
	s := open(t, corpus())
	for _, test := range []struct{ name, query, want string }{
		{"a country by its code", "country:TTO type:country", "country-tto"},
		{"in small letters", "country:tto type:country", "country-tto"},
		{"by its name", `country:"Trinidad and Tobago" type:country`, "country-tto"},
		{"with the key in Spanish", "país:TTO tipo:country", "country-tto"},
		{"with the key in French", "pays:TTO type:country", "country-tto"},
		{"with a blank behind the colon", "land: TTO soort: country", "country-tto"},
		{"a kind that is not wanted", "country:TTO -type:practice", "country-tto"},
		{"beside words", "type:country harbour", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := find(t, s, Request{Query: test.query})
			var found string
			for _, h := range r.Hits {
				found += h.ID
			}
			if found != test.want || len(r.Unread) > 0 {
				t.Errorf("Search(%q) = %q, unread %v; want %q", test.query, found, r.Unread, test.want)
			}
		})
	}
}

func TestAFieldThatNobodyKnowsIsWords(t *testing.T) {
	s := open(t, corpus())
	for _, query := range []string{"country:atlantis reception", "colour:red reception", "year:soon reception", "type: reception", ":: reception"} {
		plain := find(t, s, Request{Query: "reception"})
		r := find(t, s, Request{Query: query})
		if r.Total == 0 && len(r.Partial) == 0 || plain.Total == 0 {
			t.Errorf("Search(%q) finds nothing", query)
		}
	}
	r := find(t, s, Request{Query: "country:atlantis reception"})
	want := []Field{{Name: "country", Typed: "country:atlantis"}}
	if diff := cmp.Diff(want, r.Unread, cmp.AllowUnexported(Field{}), cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".facet" }, cmp.Ignore())); diff != "" {
		t.Errorf("unread fields (-want +got):\n%s", diff)
	}
}

func TestYearsMayBeARange(t *testing.T) {
	s := open(t, []Document{
		{ID: "a", Record: "a", Type: "meeting", Lang: "en", Title: "First", Year: 2015, Audience: []string{Public}},
		{ID: "b", Record: "b", Type: "meeting", Lang: "en", Title: "Second", Year: 2017, Audience: []string{Public}},
		{ID: "c", Record: "c", Type: "meeting", Lang: "en", Title: "Third", Year: 2019, Audience: []string{Public}},
		{ID: "d", Record: "d", Type: "meeting", Lang: "en", Title: "Hidden", Year: 2018, Audience: []string{"members"}},
	})
	for _, test := range []struct {
		query string
		total int
	}{
		{"year:2017", 1},
		{"year:2017..2019", 2},
		{"year:2019..2017", 2},
		{"year:..2016", 1},
		{"year:2016..", 2},
		{"jaar:2015-2017", 2},
		{"year:2018", 0},
		{"-year:2017", 2},
		{"year:2015 year:2019", 2},
	} {
		if r := find(t, s, Request{Query: test.query}); r.Total != test.total {
			t.Errorf("Search(%q) = %d records, want %d", test.query, r.Total, test.total)
		}
	}
}
