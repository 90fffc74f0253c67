package search

import "testing"

func TestARecordIsAskedForByNameInAnyWay(t *testing.T) {
	public := []string{Public}
	s := openCorpus(t, Corpus{
		Documents: []Document{
			{ID: "verdrag", Record: "verdrag", Type: "instrument", Lang: "nl", Title: "Tot beperking", Called: []string{"Verdrag van 1961"}, Body: "Een tekst.", Audience: public},
			{ID: "over", Record: "over", Type: "practice", Lang: "nl", Title: "Kinderen na het verdrag van 1961", Body: "Verdrag 1961, verdrag 1961.", Audience: public},
			{ID: "as3", Record: "as3", Type: "recommendation", Lang: "en", Title: "Officers", Symbol: "CMC/2017/AS/3", Body: "Train officers.", Audience: public},
			{ID: "is3", Record: "is3", Type: "recommendation", Lang: "en", Title: "Funds", Symbol: "CMC/2017/IS/3", Body: "Recommendation 3 as a recommendation.", Audience: public},
			{ID: "sur", Record: "sur", Type: "country", Lang: "en", Title: "Suriname", Countries: []string{"SUR"}, Body: "A country.", Audience: public},
			{ID: "loi", Record: "loi", Type: "practice", Lang: "fr", Title: "Une loi", Body: "Elle porte sur les droits, sur tous.", Audience: public},
		},
		Labels: Labels{"type": {"recommendation": {"en": "Recommendation", "nl": "Aanbeveling"}}},
	})
	for _, test := range []struct {
		name, query, lang, want string
		total                   int
	}{
		{"without its small words", "verdrag 1961", "nl", "verdrag", 2},
		{"in another order", "1961 verdrag", "nl", "verdrag", 2},
		{"with what it is", "recommendation AS 3", "en", "as3", 0},
		{"with what it is in another language", "aanbevelingen AS 3", "nl", "as3", 0},
		{"with what it is, and small words", "the recommendation CMC/2017/AS/3", "en", "as3", 0},
		{"by a code that is a small word of another language", "SUR", "en", "sur", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := find(t, s, Request{Query: test.query, Language: test.lang})
			if len(r.Hits) == 0 || r.Hits[0].ID != test.want || test.total > 0 && r.Total != test.total {
				t.Errorf("Search(%q) finds %d: %q, want %s first", test.query, r.Total, links(r), test.want)
			}
		})
	}
}
