package record

import (
	"strings"
	"testing"
)

// statements is a small site with an instrument and tables.
func statements() map[string]string {
	files := site()
	files["content/legislation/pact/index.en.md"] = pact()
	files["content/practices/boat/index.en.md"] = boat(`instruments: [pact]`, `recommendations: [cmc-2020-ns-1]`)
	files["data/challenges.yaml"] = challenge()
	files["data/law_in_region.yaml"] = compared()
	files["content/legislation/guide/index.en.md"] = front(`id: "legislation-guide"`, `title: "Guide"`, `summary: "S"`, `date: "2020-01-02"`) + "## Appeal {id=\"appeal\"}\n"
	files["data/legal_actions.yaml"] = "- id: legal-tto\n  text: {en: \"Joined.\"}\n  country: TTO\n  date: \"2014\"\n  instruments: [pact]\n  sources:\n    - {report: town-2020, paragraph: par-1-01, page: 1}\n"
	return files
}

func pact(extra ...string) string {
	return front(append([]string{
		`id: "instrument-pact"`, `title: "Pact"`, `summary: "S"`, `date: "2020-01-02"`, `instrument_kind: "treaty"`, `year: 1990`,
	}, extra...)...)
}

func challenge(extra ...string) string {
	return "# Words of ours.\n" + strings.Join(append([]string{
		"- id: challenge-sea", "  text: {en: \"Wide.\", es: \"Ancho.\"}", "  countries: [BHS]", "  themes: [travel]", "  practices: [boat]",
		"  sources:", "    - {report: town-2020, paragraph: par-1-02, page: 3}",
	}, extra...), "\n") + "\n"
}

func compared() string {
	return "- id: law-appeal\n  guide: guide\n  topic: appeal\n  stage: in place\n  text: {en: \"A court.\"}\n  sources: [{url: \"https://example.org/\"}]\n"
}

func TestCheckIsSilentOnInstrumentsAndTablesWithoutFault(t *testing.T) {
	files := statements()
	files["content/meetings/next/index.en.md"] = front(`id: "meeting-next"`, `title: "Next"`, `summary: "S"`, `date: "2020-01-02"`, `status: planned`, `place: "Town or City"`)
	for _, f := range check(t, files) {
		t.Error(f)
	}
}

func TestCheckFindsEachFaultPlantedInInstrumentsAndTables(t *testing.T) {
	const (
		law     = "content/legislation/pact/index.en.md"
		table   = "data/challenges.yaml"
		actions = "data/legal_actions.yaml"
		meeting = "content/meetings/town-2020/index.en.md"
	)
	for _, test := range []struct {
		name, file, text string
		want             string // "line: part of the message"
	}{
		{"an instrument without its kind", law, strings.Replace(pact(), "instrument_kind: \"treaty\"\n", "", 1), "2: the field instrument_kind is missing; every instrument needs it"},
		{"an unknown kind of instrument", law, strings.Replace(pact(), "\"treaty\"", "\"song\"", 1), "6: \"song\" is not known"},
		{"a field of a guide in an instrument", law, pact(`topics: []`), "8: topics is no field of an instrument"},
		{"an instrument of an unknown country", law, pact(`country: "ZZZ"`), "8: country: \"ZZZ\" is no country code"},
		{"an instrument whose address is none", law, pact(`official_url: "unhcr"`), "8: official_url is not a web address"},
		{"a practice under an unknown instrument", "content/practices/boat/index.en.md", boat(`instruments: [bond]`), "10: there is no instrument content/legislation/bond"},
		{"a practice for an unknown recommendation", "content/practices/boat/index.en.md", boat(`recommendations: [cmc-2020-ns-9]`), "10: there is no content/recommendations/cmc-2020-ns-9"},
		{"a meeting without a date", meeting, strings.Replace(site()[meeting], "start: \"2020-01\"\n", "", 1), "1: the field start is missing"},
		{"a meeting with an unknown status", meeting, strings.Replace(site()[meeting], "place: ", "status: \"soon\"\nplace: ", 1), "8: \"soon\" is not known"},
		{"a row without a source", table, strings.Split(challenge(), "  sources:")[0], "2: the field sources is missing"},
		{"a row without words", table, strings.Replace(challenge(), "  text: {en: \"Wide.\", es: \"Ancho.\"}\n", "", 1), "2: the field text is missing"},
		{"a row without words in the first language", table, strings.Replace(challenge(), "en: \"Wide.\", ", "", 1), "3: text has no en"},
		{"a row with an unknown field", table, challenge("  colour: red"), "9: colour is no field of a row of challenges.yaml"},
		{"a row with an unknown paragraph", table, strings.Replace(challenge(), "par-1-02", "par-9-02", 1), "8: has no paragraph \"par-9-02\""},
		{"a row with the wrong page", table, strings.Replace(challenge(), "page: 3", "page: 8", 1), "8: par-1-02 stands on page 3"},
		{"a row with an unknown country", table, strings.Replace(challenge(), "BHS", "ZZZ", 1), "4: \"ZZZ\" is no country code"},
		{"a row with an unknown theme", table, strings.Replace(challenge(), "[travel]", "[walk]", 1), "5: there is no content/themes/walk"},
		{"a row with an unknown practice", table, strings.Replace(challenge(), "[boat]", "[ship]", 1), "6: there is no content/practices/ship"},
		{"an id that two rows share", table, challenge("- id: challenge-sea", "  text: {en: \"Deep.\"}", "  sources: [{url: \"https://example.org/\"}]"), "9: belongs to a row of data/challenges.yaml already"},
		{"a row that is no row", table, challenge("- only words"), "9: a row must have fields"},
		{"a table that is no list", table, "id: a\n", "1: must be a list"},
		{"a table that cannot be read", table, "- id: [\n", "1: not valid YAML"},
		{"a legal step of no country", actions, strings.Replace(statements()[actions], "  country: TTO\n", "", 1), "1: the field country is missing"},
		{"a legal step with a bad date", actions, strings.Replace(statements()[actions], "\"2014\"", "\"early 2014\"", 1), "4: \"early 2014\" is not a date"},
		{"a legal step under an unknown instrument", actions, strings.Replace(statements()[actions], "[pact]", "[bond]", 1), "5: there is no instrument content/legislation/bond"},
		{"a row of the comparison under no heading", "data/law_in_region.yaml", strings.Replace(compared(), "topic: appeal", "topic: appeals", 1), "3: has no heading \"appeals\""},
		{"a row of the comparison under no guide", "data/law_in_region.yaml", strings.Replace(compared(), "guide: guide", "guide: other", 1), "3: content/legislation/other has no heading"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := statements()
			files[test.file] = test.text
			line, part, _ := strings.Cut(test.want, ": ")
			findings := check(t, files)
			for _, f := range findings {
				if strings.HasPrefix(f.String(), test.file+":"+line+":") && strings.Contains(f.Message, part) {
					return
				}
			}
			t.Errorf("no finding %s:%s in %v", test.file, test.want, findings)
		})
	}
}
