package search

import (
	"strings"
	"testing"
)

func TestFormsOfADutchWordHaveOneStem(t *testing.T) {
	for _, forms := range []string{
		"staatloos staatloze staatlozen staatloosheid",
		"vluchteling vluchtelingen",
		"kind kinderen kindje",
		"staat staten", "lidstaat lidstaten", "stad steden", "hoofdstad hoofdsteden",
		"huis huizen", "brief brieven", "grens grenzen", "reis reizen",
		"bom bommen", "boom bomen", "man mannen", "vrouw vrouwen", "gezin gezinnen",
		"aanvraag aanvragen", "asielaanvraag asielaanvragen",
		"registratie registraties", "commissie commissies", "industrie industrieën", "idee ideeën", "partij partijen",
		"registreren registreert geregistreerd geregistreerde",
		"opleiding opleidingen opleiden", "beslissing beslissingen beslissen", "uitzetting uitzettingen uitzetten",
		"vergadering vergaderingen vergaderen", "huisvesting huisvesten",
		"mogelijk mogelijke mogelijkheid mogelijkheden", "overheid overheden", "veilig veilige veiligheid",
		"werkloos werkloze werklozen werkloosheid",
		"probleem problemen", "systeem systemen", "algemeen algemene", "document documenten",
		"ambtenaar ambtenaren ambtenaars", "burger burgers", "tafel tafels", "foto foto's", "procedure procedures",
		"ziekte ziekten ziektes", "verdrag verdragen", "oorlog oorlogen", "dag dagen", "haven havens", "geval gevallen",
		"recht rechten", "mens mensen", "eiland eilanden", "migrant migranten", "veteraan veteranen", "proces processen",
	} {
		t.Run(forms, func(t *testing.T) {
			stems := map[string]bool{}
			var all []string
			for form := range strings.FieldsSeq(forms) {
				stem := stemDutch(foldText(form))
				stems[stem] = true
				all = append(all, stem)
			}
			if len(stems) != 1 {
				t.Errorf("stems of %q are %q, want one", forms, all)
			}
		})
	}
}

func TestDifferentDutchWordsKeepTheirStems(t *testing.T) {
	for _, words := range []string{
		"bom boom", "man maan", "staat stad", "staat staatloos", "over overheid", "vlucht vluchteling",
		"wet weten", "ras raas", "vis vies", "open op", "een en",
	} {
		t.Run(words, func(t *testing.T) {
			a, b, _ := strings.Cut(words, " ")
			if stemDutch(a) == stemDutch(b) {
				t.Errorf("stems of %q are both %q", words, stemDutch(a))
			}
		})
	}
}

func FuzzDutchStemmer(f *testing.F) {
	for _, word := range []string{"staatloosheid", "'s", "heden", "ééén", "ing"} {
		f.Add(word)
	}
	f.Fuzz(func(t *testing.T, word string) {
		folded := foldText(strings.ToLower(word))
		if stem := stemDutch(folded); len(stem) > len(folded)+1 || stem == "" && strings.Trim(folded, "'s") != "" {
			t.Errorf("stemDutch(%q) = %q", folded, stem)
		}
	})
}
