package site

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cmc/internal/testkit"
)

// threeLanguages adds a language to the small site, by its config, its catalogue
// and one sentence of a table; a theme's page has no translation into it.
const threeLanguages = `
-- config.toml --
title = "Small"
baseURL = "/"
[languages.en]
weight = 1
[languages.es]
weight = 2
[languages.pap]
weight = 3
label = "Papiamentu"
locale = "pap"
-- i18n/pap.toml --
[record_fallback]
other = "E página aki no ta na {{ .Language }}."
[record_language_pap]
other = "Papiamentu"
[record_texts_unreviewed]
other = "Ningun hende no a wak e tradukshon aki."
-- content/themes/sea/index.en.md --
---
id: theme-sea
title: The sea
summary: On the sea.
---
-- content/themes/sea/index.es.md --
---
id: theme-sea
title: El mar
summary: Sobre el mar.
---
-- data/challenges.yaml --
- id: challenge-wide
  text: {en: "It is wide.", es: "Es ancho.", pap: "E ta hanchu."}
  themes: [sea]
- id: challenge-deep
  text: {en: "It is deep."}
  themes: [sea]
-- data/figures.yaml --
- id: num-years
  value: "10 years"
  value_in: {es: "10 años"}
  text: {en: "Waited", es: "De espera", pap: "Di warda"}
  themes: [sea]
`

func TestASentenceIsInTheReadersLanguageOrSaysThatItIsNot(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a site with all layouts")
	}
	_, site := themeOf(t)
	opts := testOptions(t, writeSite(t, site, threeLanguages))
	opts.Theme = os.DirFS(filepath.Join("..", ".."))
	mustBuild(t, opts)
	for _, test := range []struct {
		name, page string
		selector   string
		want       string // "" where nothing may be
	}{
		{"a Spanish sentence", "es", "#challenge-wide:not(:has([lang]))", "Es ancho."},
		{"a sentence that Spanish lacks", "es", `#challenge-deep [lang="en"]`, "It is deep."},
		{"a list that Spanish lacks some of", "es", "section:has(#challenge-deep) .hint", "Algunos textos siguientes están en inglés."},
		{"a figure with words", "es", "#num-years .figure:not(:has([lang]))", "10 años"},
		{"the page that is a translation says so once", "es", "main .notice", "Nadie ha revisado todavía esta traducción. El original es la página en inglés."},
		{"and not again above a list", "es", "section:has(#num-years) .hint", ""},
		{"a sentence in the added language", "pap", "#challenge-wide:not(:has([lang]))", "E ta hanchu."},
		{"a sentence that the added language lacks", "pap", `#challenge-deep [lang="en"]`, "It is deep."},
		{"a figure that it lacks", "pap", `#num-years .figure [lang="en"]`, "10 years"},
		{"the page that has no translation says so", "pap", "main .notice", "E página aki no ta na Papiamentu."},
		{"and its list, that the sentences are unreviewed", "pap", "section:has(#num-years) .hint", "Ningun hende no a wak e tradukshon aki."},
		{"the way to the other languages", "en", `header a[hreflang="pap"]`, "Papiamentu"},
		{"nothing of it in the first language", "en", "main .notice, section:has(#challenge-deep) .hint", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			page := testkit.HTML(t, readFile(t, opts.Out, strings.TrimPrefix(test.page, "en"), "themes", "sea", "index.html"))
			var want []string
			if test.want != "" {
				want = []string{test.want}
			}
			if got := page.Texts(test.selector); !slices.Equal(got, want) {
				t.Errorf("%s = %q, want %q", test.selector, got, want)
			}
		})
	}
}
