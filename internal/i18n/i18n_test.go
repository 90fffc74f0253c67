package i18n

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

const english = `
[language_name]
other = "English"
[date_months]
other = "January February March April May June July August September October November December"
[date_long]
other = "{{ .Day }} {{ .Month }} {{ .Year }}"
[replies]
one = "{{ .Count }} reply"
other = "{{ .Count }} replies"
[hello]
other = "Hello, {{ .Name }}"
`

const french = `
[language_name]
other = "Français"
[date_months]
other = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
[date_long]
other = "{{ .Day }} {{ .Month }} {{ .Year }}"
[replies]
one = "{{ .Count }} réponse"
other = "{{ .Count }} réponses"
`

func catalogue(t *testing.T) *Catalogue {
	t.Helper()
	c, err := Load(fstest.MapFS{
		"i18n/en.toml": {Data: []byte(english)},
		"i18n/fr.toml": {Data: []byte(french)},
	}, "en", "fr")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestT(t *testing.T) {
	c := catalogue(t)
	for _, test := range []struct {
		name, lang, key string
		pairs           []any
		want            string
	}{
		{"a plain sentence", "fr", "language_name", nil, "Français"},
		{"English counts one as singular", "en", "replies", []any{"Count", 1}, "1 reply"},
		{"English counts nought as plural", "en", "replies", []any{"Count", 0}, "0 replies"},
		{"French counts nought as singular", "fr", "replies", []any{"Count", 0}, "0 réponse"},
		{"a missing key falls back to the default language", "fr", "hello", []any{"Name", "Ana"}, "Hello, Ana"},
		{"a key nobody has is visible", "fr", "nowhere", nil, "⟦nowhere⟧"},
		{"a placeholder that was not given is visible", "en", "hello", nil, "⟦hello⟧"},
		{"an unknown language is the default one", "pap", "language_name", nil, "English"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := c.Language(test.lang).T(test.key, test.pairs...); got != test.want {
				t.Errorf("T(%q) = %q, want %q", test.key, got, test.want)
			}
		})
	}
}

func TestDate(t *testing.T) {
	day := time.Date(2017, 12, 4, 23, 0, 0, 0, time.FixedZone("", -4*3600))
	if got := catalogue(t).Language("fr").Date(day); got != "5 décembre 2017" {
		t.Errorf("Date = %q, want the day in UTC, in French", got)
	}
}

func TestLoadNamesTheLineAtFault(t *testing.T) {
	_, err := Load(fstest.MapFS{"i18n/en.toml": {Data: []byte("[a]\nother = \"x\"\n[b\n")}}, "en")
	if err == nil || !strings.Contains(err.Error(), "i18n/en.toml:3") {
		t.Errorf("Load = %v, want an error that names i18n/en.toml:3", err)
	}
}

func TestLoadOver(t *testing.T) {
	house := fstest.MapFS{"i18n/en.toml": {Data: []byte(english)}}
	own := fstest.MapFS{
		"i18n/en.toml": {Data: []byte("[replies]\none = \"{{ .Count }} answer\"\nother = \"{{ .Count }} answers\"\n")},
		"i18n/fr.toml": {Data: []byte(french)},
	}
	c, err := LoadOver([]fs.FS{house, own}, "en", "fr")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, lang, key, want string }{
		{"the site’s own words win", "en", "replies", "2 answers"},
		{"a language that only the site has", "fr", "replies", "2 réponses"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := c.Language(test.lang).T(test.key, "Count", 2); got != test.want {
				t.Errorf("T(%s) in %s = %q, want %q", test.key, test.lang, got, test.want)
			}
		})
	}
	if _, err := LoadOver([]fs.FS{house, own}, "en", "pt"); err == nil || !strings.Contains(err.Error(), "i18n/pt.toml") {
		t.Errorf("LoadOver = %v, want an error that names i18n/pt.toml", err)
	}
}
