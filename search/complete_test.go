package search

import "testing"

func TestABegunWordIsCompletedInTheReadersLanguage(t *testing.T) {
	public := []string{Public}
	s := open(t, []Document{
		{ID: "en", Record: "en", Lang: "en", Title: "Harbour", Body: "A harbour in which the detention of boats was to deter others.", Audience: public},
		{ID: "more", Record: "more", Lang: "en", Title: "Port", Body: "Alternatives to detention.", Audience: public},
		{ID: "nl", Record: "nl", Lang: "nl", Title: "Haven", Body: "Wat zij in de haven deden.", Audience: public},
		{ID: "hidden", Record: "hidden", Lang: "en", Title: "Detentaire", Body: "Zanzibarian detentaires.", Audience: []string{"members"}},
	})
	for _, test := range []struct {
		name, query, lang, want string
	}{
		{"as the word that most texts hold, before near ones of this language and another", "deten", "en", "detention"},
		{"unless none begins like it", "deten", "nl", "deden"},
		{"and never as one that the reader may not see", "zanzi", "en", ""},
		{"three letters tell too little", "det", "en", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if r := find(t, s, Request{Query: test.query, Language: test.lang}); r.Suggestion != test.want {
				t.Errorf("Search(%q) suggests %q, want %q", test.query, r.Suggestion, test.want)
			}
		})
	}
}
