package search

import "testing"

func TestSearchFindsTheRecordAndItsBestPassage(t *testing.T) {
	s := open(t, corpus())
	for _, test := range []struct{ name, query, lang, first string }{
		{"accents need not be typed", "curacao", "en", "country-cuw"},
		{"accents may be typed", "Curaçao", "en", "country-cuw"},
		{"an English plural finds the singular", "interpreters", "en", "practice-rrtm#par-2"},
		{"the best paragraph is shown, not the first", "stateless migrants", "en", "practice-rrtm#par-1"},
		{"words of different paragraphs make one record", "stateless interpreter", "en", "practice-rrtm#par-2"},
		{"a Spanish singular finds the plural and back", "migrantes", "es", "practice-es"},
		{"Spanish without accents", "ninos que viajan", "es", "practice-es"},
		{"French elision and gender", "asile réfugié", "fr", "practice-fr"},
		{"a French word behind an elided article", "hebergement", "fr", "practice-fr"},
		{"a Dutch plural finds its record", "vluchteling", "nl", "practice-nl"},
		{"Dutch from the plural", "staatlozen", "nl", "practice-nl"},
		{"an acronym goes first", "rrtm", "en", "practice-rrtm"},
		{"a symbol is pinned", "CMC/2017/NS/3", "en", "cmc-2017-ns-3"},
		{"a short symbol is pinned", "NS 3", "en", "cmc-2017-ns-3"},
		{"the end of a symbol is pinned", "ns/3", "en", "cmc-2017-ns-3"},
		{"an exact title is pinned over a better text", "resettlement", "en", "theme-resettlement"},
		{"the title in another language", "reasentamiento", "en", "theme-resettlement"},
		{"a country by its code", "TTO", "en", "country-tto"},
		{"a country by a foreign name", "Trinite-et-Tobago", "en", "country-tto"},
		{"a country's name finds what belongs to it", "interviewed trinidad and tobago", "en", "practice-rrtm#par-1"},
		{"a theme's name in another language, too", "interpreter reasentamiento", "en", "practice-rrtm#par-2"},
		{"a quoted phrase", `"special unit"`, "en", "country-tto"},
		{"typographic quotation marks", "“twin-island republic”", "en", "country-tto"},
		{"an excluded word", "reception -delegation -autonomous", "en", "cmc-2017-ns-4"},
		{"stop words alone are still looked for", "who", "en", "practice-rrtm"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := find(t, s, Request{Query: test.query, Language: test.lang})
			if len(r.Hits) == 0 || linkOf(r.Hits[0]) != test.first {
				t.Errorf("Search(%q) = %q, want %q first", test.query, links(r), test.first)
			}
		})
	}
}

func linkOf(h Hit) string { return links(&Response{Hits: []Hit{h}}) }

func TestSearchFindsNothingThatWasNotAskedFor(t *testing.T) {
	s := open(t, corpus())
	for _, test := range []struct{ name, query string }{
		{"words apart are no phrase", `"officers harbour"`},
		{"a phrase does not run over from the title into the text", `"tobago a twin"`},
		{"a quoted word is not stemmed", `"interpreter was at hand" "officer"`},
		{"an excluded word takes its record", "harbour -interviewed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if r := find(t, s, Request{Query: test.query}); r.Total != 0 && !r.Relaxed {
				t.Errorf("Search(%q) = %q, want nothing", test.query, links(r))
			}
		})
	}
}
