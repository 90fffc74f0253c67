package record

import (
	"strings"
	"testing"
)

func TestCheckHoldsTheFactsOfATranslationAgainstTheFirstLanguage(t *testing.T) {
	const file = "content/practices/boat/index.es.md"
	translation := strings.NewReplacer(`"Boat"`, `"Barco"`, `"S"`, `"R"`, `"good practice"`, `"buena práctica"`).Replace(boat())
	for _, test := range []struct {
		name, old, text string
		want            string // "line: part of the message"; empty for none
	}{
		{"words may differ", "", "", ""},
		{"a review of its own", `themes: `, "reviewed_on: \"2021-01-01\"\nweight: 4\nthemes: ", ""},
		{"another country", "[BHS]", "[TTO]", "7: countries differs from index.en.md, where it is BHS"},
		{"another date", "2020-01-02", "2020-01-03", "5: date differs from index.en.md, where it is 2020-01-02"},
		{"another paragraph", "par-1-02, page: 3", "par-1-01, page: 1", "9: sources differs from index.en.md"},
		{"themes left out", "themes: [travel]\n", "", "1: themes is missing; index.en.md has it"},
		{"a status too many", "themes: ", "status: pilot\nthemes: ", "8: status is not in index.en.md"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := site()
			files[file] = strings.Replace(translation, test.old, test.text, 1)
			findings := check(t, files)
			if test.want == "" {
				for _, f := range findings {
					t.Error(f)
				}
				return
			}
			line, part, _ := strings.Cut(test.want, ": ")
			if len(findings) != 1 || !strings.HasPrefix(findings[0].String(), file+":"+line+":") || !strings.Contains(findings[0].Message, part) {
				t.Errorf("findings = %v, want %s:%s", findings, file, test.want)
			}
		})
	}
}
