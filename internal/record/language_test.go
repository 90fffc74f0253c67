package record

import (
	"strings"
	"testing"
)

// fifth is the site of two languages with one more, whose code has three letters.
func fifth() map[string]string {
	files := site()
	files["content/_index.pap.md"] = front(`id: "home"`, `title: "Kas"`, `summary: "S"`) + "[Tur](/pap/practices/)\n"
	files["content/practices/_index.pap.md"] = front(`id: "section-practices"`, `title: "Práktikanan"`, `summary: "S"`)
	files["content/practices/boat/index.pap.md"] = strings.NewReplacer(`"Boat"`, `"Boto"`, `"S"`, `"R"`).Replace(boat())
	files["i18n/pap.toml"] = files["i18n/en.toml"]
	files[challenges] = strings.Replace(files[challenges], `es: "Ancho."`, `pap: "Hanchu."`, 1)
	return files
}

func TestCheckKnowsALanguageByItsHomePage(t *testing.T) {
	for _, f := range check(t, fifth()) {
		t.Error(f)
	}
}

func TestCheckHoldsTheFilesOfAFifthLanguageLikeAnyOther(t *testing.T) {
	for _, test := range []struct {
		name   string
		file   string
		change func(string) string
		want   string
	}{
		{"a record's code differs", "content/practices/boat/index.pap.md", swap("[travel]", "[]"), "themes"},
		{"an interface text is missing", "i18n/pap.toml", swap("[nav_home]\nother = \"Home\"\n", ""), "nav_home is missing"},
		{"a table has a code of no language", challenges, swap("pap:", "papi:"), `text: "papi" is no language of this site`},
		{"a record is in a language without a home page", "content/practices/boat/index.por.md", func(string) string { return boat() }, `"por" is no language of this site`},
		{"the language has no name in the notices", "i18n/en.toml", func(s string) string {
			return s + "[record_language_en]\nother = \"English\"\n"
		}, "record_language_pap is missing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := fifth()
			files[test.file] = test.change(files[test.file])
			for _, f := range check(t, files) {
				if strings.Contains(f.Message, test.want) && f.Line > 0 {
					return
				}
			}
			t.Errorf("no finding says %q", test.want)
		})
	}
}

func TestCheckHoldsTheFiguresOfATranslationAgainstTheFirst(t *testing.T) {
	for _, test := range []struct{ name, es, want string }{
		{"the same, with the language's own mark of thousands and order", "Hasta 2014, 1.500 personas.", ""},
		{"another number", "1.500 personas hasta 2015.", "the figures in es (1500, 2015) are not those in en (1500, 2014)"},
		{"a number left out", "Muchas personas hasta 2014.", "the figures in es (2014) are not those in en (1500, 2014)"},
		{"none at all", "Muchas personas.", "the figures in es (none) are not"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := site()
			files[challenges] = strings.NewReplacer("Wide.", "1,500 people by 2014.", "Ancho.", test.es).Replace(files[challenges])
			found := check(t, files)
			if test.want == "" && len(found) > 0 || test.want != "" && (len(found) != 1 || found[0].Line != 3 || !strings.Contains(found[0].Message, test.want)) {
				t.Errorf("findings = %v, want %q on line 3", found, test.want)
			}
		})
	}
}
