package record

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// today is when the small site is looked at.
var today = time.Date(2021, 6, 1, 0, 0, 0, 0, time.UTC)

// Files of the small site that faults are planted in.
const (
	boatFile       = "content/practices/boat/index.en.md"
	translated     = "content/practices/boat/index.es.md"
	reportPage     = "content/reports/town-2020/index.en.md"
	reportText     = "content/reports/town-2020/text.en.md"
	recommendedOne = "content/recommendations/cmc-2020-ns-1/index.en.md"
	meetingPage    = "content/meetings/town-2020/index.en.md"
	pactFile       = "content/legislation/pact/index.en.md"
	themePage      = "content/themes/travel/index.en.md"
	challenges     = "data/challenges.yaml"
	actions        = "data/legal_actions.yaml"
	compared       = "data/law_in_region.yaml"
	accessions     = "data/accessions.yaml"
	acronyms       = "data/acronyms.yaml"
	groups         = "data/recommendation_groups.yaml"
	searchWords    = "data/search_words.yaml"
	spanish        = "i18n/es.toml"
)

// site is a small site without a fault.
func site() map[string]string {
	return map[string]string{
		"data/countries.yaml": "- {code: BHS, name: {en: \"Bahamas\"}}\n- {code: TTO, name: {en: \"Trinidad\"}}\n",
		groups:                "- {code: NS, report: town-2020, heading: \"On steps:\", title: {en: \"Steps\"}}\n",
		accessions: "- iso3: BHS\n  entity: \"Bahamas\"\n  entity_type: \"state\"\n  instrument: \"1990\"\n  instrument_name: \"Pact\"\n" +
			"  status: \"party\"\n  action: \"accession\"\n  date: \"1993-09-15\"\n  as_of: \"2013-07-06\"\n  source: \"Treaty collection\"\n",
		acronyms:    "- id: rt\n  acronym: RT\n  expansion: \"Round table\"\n  name: {es: \"Mesa redonda\"}\n  first_in: par-1-01\n",
		searchWords: "- country: BHS\n  words: {en: \"Bahamian, Bahamians\", es: \"bahameño\"}\n",
		challenges: "# Words of ours.\n- id: challenge-sea\n  text: {en: \"Wide.\", es: \"Ancho.\"}\n  countries: [BHS]\n  themes: [travel]\n" +
			"  practices: [boat]\n  sources:\n    - {report: town-2020, paragraph: par-1-02, page: 3}\n",
		compared: "- id: law-appeal\n  guide: guide\n  topic: appeal\n  stage: in place\n  text: {en: \"A court.\"}\n  sources: [{url: \"https://example.org/\"}]\n",
		actions: "- id: legal-tto\n  text: {en: \"Joined.\"}\n  country: TTO\n  date: \"2014\"\n  instruments: [pact]\n  sources:\n" +
			"    - {report: town-2020, paragraph: par-1-01, page: 1}\n",
		"i18n/en.toml":                   "[nav_home]\nother = \"Home\"\n[replies]\none = \"{{ .Count }} reply\"\nother = \"{{ .Count }} replies\"\n",
		spanish:                          "[nav_home]\nother = \"Inicio\"\n[replies]\none = \"{{ .Count }} respuesta\"\nother = \"{{ .Count }} respuestas\"\n",
		"content/practices/boat/map.svg": "<svg/>",
		"static/logo.svg":                "<svg/>",
		"content/_index.en.md":           front(`id: "home"`, `title: "Home"`, `summary: "S"`) + "[All](/practices/) and [es](/es/practices/) and [forum](/forum/)\n",
		"content/_index.es.md":           front(`id: "home"`, `title: "Inicio"`, `summary: "S"`),
		"content/practices/_index.en.md": front(`id: "section-practices"`, `title: "Practices"`, `summary: "S"`),
		themePage:                        front(`id: "theme-travel"`, `title: "Travel"`, `summary: "S"`, `weight: 1`, `section: "sec-1"`, `visibility: public`),
		meetingPage: front(`id: "meeting-town-2020"`, `title: "Town"`, `summary: "S"`, `date: 2020-01-02`,
			`start: "2020-01"`, `end: "2020-02"`, `place: "Town"`, `delegations: [BHS]`, `documents: [town-2020]`),
		reportPage: front(`id: "report-town"`, `title: "Report"`, `summary: "S"`, `date: "2020-01-02"`,
			`meeting: "meeting-town-2020"`, `sections: [{id: "sec-1", number: "1", title: "One", page: 1}]`,
			`errata: [{id: "e-1", where: ["par-1-01"], note: "N"}]`) +
			"## One {id=\"sec-1\"}\n\nText.[^1] ![The mark of the town](/logo.svg)\n{id=\"par-1-01\" data-page=\"1\"}\n\n[^1]: Note.\n",
		reportText: front(`title: "Text"`) +
			"Words.\n{id=\"par-1-01\" data-page=\"1\"}\n\nMore words \\[not\\](a link).\n{id=\"par-1-02\" data-page=\"3\" data-page-end=\"4\"}\n",
		recommendedOne: front(`id: "cmc-2020-ns-1"`, `title: "R"`, `summary: "S"`, `date: "2020-01-02"`, `symbol: "CMC/2020/NS/1"`, `group: "NS"`,
			`number: 1`, `sources: [{url: "https://example.org/"}]`, `addressees: ["All"]`, `addressee_basis: "inferred"`, `progress: [{author: "Office", note: "N", evidence: "https://example.org/"}]`),
		boatFile: boat(),
		pactFile: front(`id: "instrument-pact"`, `title: "Pact"`, `summary: "S"`, `date: "2020-01-02"`, `instrument_kind: "treaty"`, `year: 1990`,
			`treaty: "1990"`),
		"content/legislation/guide/index.en.md": front(`id: "legislation-guide"`, `title: "Guide"`, `summary: "S"`, `date: "2020-01-02"`) +
			"## Appeal {id=\"appeal\"}\n",
	}
}

func boat() string {
	return front(`id: "practice-boat"`, `title: "Boat"`, `summary: "S"`, `date: "2020-01-02"`, `label: "good practice"`,
		`countries: [BHS]`, `themes: [travel]`, `sources: [{report: town-2020, paragraph: par-1-02, page: 3}]`,
		`instruments: [pact]`, `recommendations: [cmc-2020-ns-1]`) +
		"See [it](/reports/town-2020/#par-1-01), <https://example.org/> and `<b>`.\n"
}

// boot is the boat in Spanish.
func boot() string {
	return strings.NewReplacer(`"Boat"`, `"Barco"`, `"S"`, `"R"`, `"good practice"`, `"buena práctica"`).Replace(boat())
}

func front(lines ...string) string { return "---\n" + strings.Join(lines, "\n") + "\n---\n" }

// check writes files and looks at them. A text that begins with an arrow makes a
// link of the file system.
func check(t *testing.T, files map[string]string) []Finding {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if target, link := strings.CutPrefix(text, "-> "); link {
			err = os.Symlink(target, name)
		} else {
			err = os.WriteFile(name, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	result, err := Check(root, today)
	if err != nil {
		t.Fatal(err)
	}
	return result.Findings
}

// edit is what is done to one file of the site.
type edit func(string) string

func whole(text string) edit { return func(string) string { return text } }

func end(text string) edit { return func(s string) string { return s + text } }

// field adds a line to the front matter, as line 2 of the file.
func field(line string) edit {
	return func(s string) string { return strings.Replace(s, "---\n", "---\n"+line+"\n", 1) }
}

func swap(old, text string) edit {
	return func(s string) string {
		if !strings.Contains(s, old) {
			panic("the small site does not hold " + old)
		}
		return strings.Replace(s, old, text, 1)
	}
}
