package search

import (
	"slices"
	"testing"
)

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
		{"a question's own words need not be in the answer", "will anyone tell where interpreters are", "en", "practice-rrtm#par-2"},
		{"a kind of record may be named", "resettlement recommendation", "en", "cmc-2017-ns-3"},
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

func TestAQuoteThatNothingHoldsGivesItsWords(t *testing.T) {
	s := open(t, corpus())
	r := find(t, s, Request{Query: `"officers harbour"`})
	if !r.Relaxed || links(r) != "practice-rrtm#par-1" || r.Query != `"officers harbour"` {
		t.Errorf("Search = %q, relaxed %t, for %q; want the record with both words, relaxed", links(r), r.Relaxed, r.Query)
	}
	barred := Request{Query: `"twin-island republic"`, Filters: Filters{}.with(facetCountry, "CUB")}
	if r := find(t, s, barred); r.Total != 0 || r.Relaxed {
		t.Errorf("Search behind a filter = %q, relaxed %t; want nothing: the filter is the reason", links(r), r.Relaxed)
	}
}

func TestACorrectionIsInTheReadersLanguage(t *testing.T) {
	s := open(t, corpus())
	for _, test := range []struct{ name, query, lang, want string }{
		{"one wrong letter", "resetlement", "en", "resettlement"},
		{"two letters swapped", "harbuor", "en", "harbour"},
		{"as the text writes it", "curacoa", "en", "Curaçao"},
		{"the rest of the query stays", "stateles migrants", "en", "stateless migrants"},
		{"a lone foreign word", "vluchtelinge", "en", ""},
		{"a lone foreign misspelling", "vluchtelimgen", "en", "vluchtelingen"},
		{"no foreign word beside English ones", "harbour vluchtelimgen", "en", ""},
		{"a short word is near to too many", "weakz", "en", ""},
		{"nothing near", "xqzwvk", "en", ""},
		{"too short to guess", "xq", "en", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if r := find(t, s, Request{Query: test.query, Language: test.lang}); r.Suggestion != test.want {
				t.Errorf("Search(%q) suggests %q, want %q", test.query, r.Suggestion, test.want)
			}
		})
	}
}

func TestAChoiceDoesNotHideItsAlternatives(t *testing.T) {
	s := open(t, corpus())
	all := find(t, s, Request{})
	chosen := find(t, s, Request{Filters: Filters{}.with(facetCountry, "TTO").with(facetCountry, "CUW")})
	for _, v := range all.Facets["country"] {
		if !slices.Contains(chosen.Facets["country"], v) {
			t.Errorf("after choosing two countries, %+v is not offered: %+v", v, chosen.Facets["country"])
		}
		alone := find(t, s, Request{Filters: Filters{}.with(facetCountry, v.Value)})
		if alone.Total != v.Count {
			t.Errorf("%s counts %d records, choosing it gives %d", v.Value, v.Count, alone.Total)
		}
	}
	if chosen.Total != 3 || slices.ContainsFunc(chosen.Facets["type"], func(v FacetValue) bool { return v.Value == "recommendation" }) {
		t.Errorf("TTO or CUW = %d records with types %+v, want 3 without recommendations", chosen.Total, chosen.Facets["type"])
	}
}
