package search

import (
	"slices"
	"testing"
)

func TestWordsOfOneStemAreAFamily(t *testing.T) {
	c := Corpus{Documents: []Document{
		{Lang: "en", Title: "Detained", Body: "Nobody was detaining the refugees; a refugee waits."},
		{Lang: "es", Body: "Protección de las naciones; una nación protegida."},
		{Lang: "nl", TextLang: "nl", Body: "Twee staten, één staat."},
	}}
	v := c.Vocabulary()
	for _, want := range [][]string{{"detained", "detaining"}, {"refugee", "refugees"}, {"nacion", "naciones"}, {"staat", "staten"}} {
		if !slices.ContainsFunc(v.Families, func(f []string) bool { return slices.Equal(f, want) }) {
			t.Errorf("no family is %q: %q", want, v.Families)
		}
	}
	for _, f := range v.Families {
		if slices.Contains(f, "twee") {
			t.Errorf("the word twee is alone, and in the family %q", f)
		}
	}
	if !slices.Contains(v.Stops, "the") || !slices.Contains(v.Stops, "cuando") || slices.Contains(v.Stops, "refugee") {
		t.Error("the words that carry no meaning lack one, or hold one that does")
	}
}
