package search

import (
	"slices"
	"strings"
	"testing"
)

func TestFormsOfAWordAreOneTerm(t *testing.T) {
	a := newAnalyzers()
	for _, test := range []struct{ lang, forms string }{
		{"en", "Curacao Curaçao"},
		{"en", "refugee refugees refugee's"},
		{"en", "policy policies"},
		{"en", "registering registered registers"},
		{"es", "migración migraciones migracion"},
		{"es", "niño niños nino"},
		{"es", "refugiado refugiada refugiados refugiadas"},
		{"es", "solicitud solicitudes"},
		{"fr", "réfugié réfugiés réfugiée réfugiées"},
		{"fr", "asile l'asile l’asile d'asile"},
		{"fr", "migration migrations"},
		{"fr", "hébergement hebergement hébergements"},
		{"nl", "vluchteling vluchtelingen"},
		{"nl", "staatloos staatlozen staatloosheid"},
		{"nl", "Curaçao Curacao"},
		{"nl", "België Belgie"},
	} {
		t.Run(test.lang+" "+test.forms, func(t *testing.T) {
			var first []string
			for form := range strings.FieldsSeq(test.forms) {
				terms := a.terms(test.lang, form)
				if first == nil {
					first = terms
				}
				if len(terms) != 1 || !slices.Equal(terms, first) {
					t.Errorf("%s is %q, the first form is %q", form, terms, first)
				}
			}
		})
	}
}

func TestALanguageIsKnownByItsStopWords(t *testing.T) {
	a := newAnalyzers()
	for _, test := range []struct{ text, want string }{
		{"The boats that go between the islands", "en"},
		{"Los barcos que van entre las islas", "es"},
		{"Les bateaux qui sont dans le port des îles", "fr"},
		{"De boten die tussen de eilanden varen", "nl"},
		{"kwyjibo", "en"},
		{"", "en"},
	} {
		if got := a.recognise(test.text); got != test.want {
			t.Errorf("recognise(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}
