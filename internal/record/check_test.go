package record

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// site is a small site without a fault.
func site() map[string]string {
	return map[string]string{
		"data/countries.yaml":             "- code: BHS\n- code: TTO\n",
		"data/recommendation_groups.yaml": "- {code: NS, report: town-2020, heading: \"On steps:\"}\n",
		"i18n/en.toml":                    "[nav_home]\nother = \"Home\"\n[replies]\none = \"{{ .Count }} reply\"\nother = \"{{ .Count }} replies\"\n",
		"i18n/es.toml":                    "[nav_home]\nother = \"Inicio\"\n[replies]\none = \"{{ .Count }} respuesta\"\nother = \"{{ .Count }} respuestas\"\n",
		"static/logo.svg":                 "<svg/>",
		"content/_index.en.md":            front(`id: "home"`, `title: "Home"`, `summary: "S"`) + "[All](/practices/) and [es](/es/practices/) and [forum](/forum/)\n",
		"content/_index.es.md":            front(`id: "home"`, `title: "Inicio"`, `summary: "S"`),
		"content/practices/_index.en.md":  front(`id: "section-practices"`, `title: "Practices"`, `summary: "S"`),
		"content/themes/travel/index.en.md": front(`id: "theme-travel"`, `title: "Travel"`, `summary: "S"`, `weight: 1`,
			`section: "sec-1"`, `visibility: public`),
		"content/meetings/town-2020/index.en.md": front(`id: "meeting-town-2020"`, `title: "Town"`, `summary: "S"`, `date: 2020-01-02`,
			`start: "2020-01"`, `end: "2020-02"`, `place: "Town"`, `delegations: [BHS]`, `documents: [town-2020]`),
		"content/reports/town-2020/index.en.md": front(`id: "report-town"`, `title: "Report"`, `summary: "S"`, `date: "2020-01-02"`,
			`meeting: "meeting-town-2020"`, `sections: [{id: "sec-1", number: "1", title: "One", page: 1}]`,
			`errata: [{id: "e-1", where: ["par-1-01"], note: "N"}]`) +
			"## One {id=\"sec-1\"}\n\nText.[^1] ![](/logo.svg)\n{id=\"par-1-01\" data-page=\"1\"}\n\n[^1]: Note.\n",
		"content/reports/town-2020/text.en.md": front(`title: "Text"`) +
			"Words.\n{id=\"par-1-01\" data-page=\"1\"}\n\nMore words \\[not\\](a link).\n{id=\"par-1-02\" data-page=\"3\" data-page-end=\"4\"}\n",
		"content/recommendations/cmc-2020-ns-1/index.en.md": front(`id: "cmc-2020-ns-1"`, `title: "R"`, `summary: "S"`, `date: "2020-01-02"`,
			`symbol: "CMC/2020/NS/1"`, `group: "NS"`, `number: 1`, `addressees: ["All"]`, `addressee_basis: "inferred"`),
		"content/practices/boat/index.en.md": boat(),
	}
}

func boat(extra ...string) string {
	return front(append([]string{
		`id: "practice-boat"`, `title: "Boat"`, `summary: "S"`, `date: "2020-01-02"`, `label: "good practice"`,
		`countries: [BHS]`, `themes: [travel]`, `sources: [{report: town-2020, paragraph: par-1-02, page: 3}]`,
	}, extra...)...) + "See [it](/reports/town-2020/#par-1-01).\n"
}

func front(lines ...string) string { return "---\n" + strings.Join(lines, "\n") + "\n---\n" }

func check(t *testing.T, files map[string]string) []Finding {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	findings, err := Check(root)
	if err != nil {
		t.Fatal(err)
	}
	return findings
}

func TestCheckIsSilentOnASiteWithoutFault(t *testing.T) {
	for _, f := range check(t, site()) {
		t.Error(f)
	}
}

func TestCheckIsSilentOnOurOwnContent(t *testing.T) {
	findings, err := Check("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Error(f)
	}
}

func TestCheckFindsEachPlantedFault(t *testing.T) {
	const practice = "content/practices/boat/index.en.md"
	for _, test := range []struct {
		name, file, text string
		want             string // "line: part of the message"
	}{
		{"no front matter", practice, "Only words.\n", "1: no front matter"},
		{"front matter without an end", practice, "---\ntitle: A\n", "1: has no end"},
		{"broken YAML", practice, "---\nid: x\ntitle: \"open\nsummary: [a\n---\n", ": not valid YAML"},
		{"a field twice", practice, boat(`title: "Again"`), "10: not valid YAML"},
		{"front matter that is a list", practice, "---\n- a\n- b\n---\n", "2: not a list of fields"},
		{"a misspelt field", practice, boat(`partnrs: []`), "10: did you mean partners?"},
		{"an unknown field", practice, boat(`colour: "red"`), "10: colour is no field of a practice"},
		{"an unknown field in a source", practice, boat(`reviewed_by: "x"`, `observers: []`), "11: observers is no field"},
		{"a missing field", practice, strings.Replace(boat(), `summary: "S"`, `body: "B"`, 1), "2: the field summary is missing"},
		{"an empty title", practice, strings.Replace(boat(), `"Boat"`, `""`, 1), "2: the field title is missing"},
		{"a field without a value", practice, boat(`contact:`), "10: contact is empty"},
		{"a number for a text", practice, boat(`body: 5`), "10: body must be a text"},
		{"a text for a list", practice, boat(`partners: "one"`), "10: partners must be a list of texts"},
		{"a quoted number", practice, boat(`weight: "3"`), "10: weight must be a whole number"},
		{"a word for a flag", practice, boat(`draft: "yes"`), "10: draft must be a true or false"},
		{"a bad date", practice, strings.Replace(boat(), "2020-01-02", "2020-02-30", 1), "5: \"2020-02-30\" is not a date"},
		{"a date in another order", practice, boat(`next_review: "2/1/2020"`), "10: is not a date"},
		{"an unknown country", practice, strings.Replace(boat(), "[BHS]", "[BHS, ZZZ]", 1), "7: \"ZZZ\" is no country code"},
		{"an unknown theme", practice, strings.Replace(boat(), "[travel]", "[travell]", 1), "8: there is no content/themes/travell; correct the name (travel?)"},
		{"an unknown report", practice, strings.Replace(boat(), "report: town-2020", "report: city-2020", 1), "9: no content/reports/city-2020"},
		{"an unknown paragraph", practice, strings.Replace(boat(), "par-1-02,", "par-9-99,", 1), "9: has no paragraph \"par-9-99\""},
		{"the wrong page", practice, strings.Replace(boat(), "page: 3", "page: 7", 1), "9: par-1-02 stands on page 3"},
		{"a source that names nothing", practice, strings.Replace(boat(), "report: town-2020, paragraph: par-1-02, ", "", 1), "9: names neither report nor url"},
		{"an unknown status", practice, boat(`status: "finished"`), "10: \"finished\" is not known; use one of: idea"},
		{"an unknown label", practice, strings.Replace(boat(), "good practice", "best ever", 1), "6: \"best ever\" is not a word"},
		{"an unknown visibility", practice, boat(`visibility: secret`), "10: \"secret\" is not known"},
		{"a page for members that would be published", practice, boat(`visibility: members`), "10: cannot be kept from others"},
		{"an id that disagrees with its folder", practice, strings.Replace(boat(), "practice-boat", "practice-ship", 1), "2: does not agree with the folder boat"},
		{"an id that another record has", "content/practices/copy/index.en.md", boat(), "2: belongs to content/practices/boat"},
		{"a link that leads nowhere", practice, boat() + "\n[x](/practices/none/)\n", "13: leads nowhere"},
		{"a link to a place that is not there", practice, boat() + "\n[x](/reports/town-2020/#par-8-01)\n", "13: no place #par-8-01"},
		{"a link that runs a script", practice, boat() + "[x](javascript:alert)\n", "12: not allowed"},
		{"a footnote that is not written", practice, boat() + "Word.[^7]\n", "12: [^7] is used but not written"},
		{"a paragraph's id twice", practice, boat() + "A\n{id=\"a\"}\n\nB\n{id=\"a\"}\n", "16: \"a\" stands on line 13 already"},
		{"a draft inside a published record", "content/reports/town-2020/text.en.md", front(`title: "T"`, `draft: true`), "3: rename the file to .draft.text.en.md"},
		{"a folder that is no kind of record", "content/songs/a/index.en.md", front(`id: "a"`), "1: is no kind of record"},
		{
			"a symbol that disagrees with its folder", "content/recommendations/cmc-2020-ns-1/index.en.md",
			strings.Replace(site()["content/recommendations/cmc-2020-ns-1/index.en.md"], "NS/1", "NS/2", 1), "6: does not agree with the folder",
		},
		{
			"an unknown group", "content/recommendations/cmc-2020-ns-1/index.en.md",
			strings.Replace(site()["content/recommendations/cmc-2020-ns-1/index.en.md"], `group: "NS"`, `group: "XX"`, 1), "7: has no code \"XX\"",
		},
		{
			"a meeting that ends before it begins", "content/meetings/town-2020/index.en.md",
			strings.Replace(site()["content/meetings/town-2020/index.en.md"], `end: "2020-02"`, `end: "2019-02"`, 1), "7: is before start",
		},
		{"a translation that is missing", "i18n/es.toml", "[nav_home]\nother = \"Inicio\"\n", "1: replies is missing (i18n/en.toml:3 has it)"},
		{"a translation that is empty", "i18n/es.toml", strings.Replace(site()["i18n/es.toml"], "Inicio", "", 1), "1: nav_home (other) is empty"},
		{"a translation too many", "i18n/es.toml", site()["i18n/es.toml"] + "[extra]\nother = \"x\"\n", "6: extra is not in i18n/en.toml"},
		{"a plural form too few", "i18n/es.toml", strings.Replace(site()["i18n/es.toml"], "one = \"{{ .Count }} respuesta\"\n", "", 1), "3: must have the form one"},
		{"a placeholder that differs", "i18n/es.toml", strings.Replace(site()["i18n/es.toml"], "{{ .Count }} respuestas", "{{ .Número }} respuestas", 1), "3: placeholders"},
		{"broken TOML", "i18n/es.toml", "[nav_home]\nother = \"x\n", "2: not valid TOML"},
		{"a data file that cannot be read", "data/countries.yaml", "- code: [\n", "1: not valid YAML"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := site()
			files[test.file] = test.text
			line, part, _ := strings.Cut(test.want, ": ")
			findings := check(t, files)
			for _, f := range findings {
				s := strings.TrimPrefix(f.String(), test.file+":")
				if strings.HasPrefix(s, line) && strings.Contains(f.Message, part) {
					return
				}
			}
			t.Errorf("no finding %s:%s in %v", test.file, test.want, findings)
		})
	}
}

func TestCheckCountsAWaitingTextAsSourceButNotAsPlace(t *testing.T) {
	files := site()
	files["content/reports/town-2020/.draft.text.en.md"] = front(`title: "T"`) + "New.\n{id=\"par-9-01\" data-page=\"9\"}\n"
	files["content/practices/boat/index.en.md"] = strings.Replace(boat(), "par-1-02, page: 3", "par-9-01, page: 9", 1) + "[x](/reports/town-2020/#par-9-01)\n"
	findings := check(t, files)
	if len(findings) != 1 || !strings.Contains(findings[0].Message, "has no place #par-9-01") {
		t.Errorf("findings = %v", findings)
	}
}

func TestCheckNamesTheDraftThatALinkLeadsTo(t *testing.T) {
	files := site()
	files["content/practices/new/index.en.md"] = strings.Replace(boat(`draft: true`), "practice-boat", "practice-new", 1)
	files["content/practices/boat/index.en.md"] += "[new](/practices/new/)\n"
	findings := check(t, files)
	if len(findings) != 1 || !strings.Contains(findings[0].Message, "leads to a draft") {
		t.Errorf("findings = %v", findings)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range site() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse("content/practices/x/index.en.md", []byte(text))
		if err != nil {
			return
		}
		c := &checker{root: t.TempDir(), pages: []*Page{p}}
		if err := c.gather(); err != nil {
			t.Fatal(err)
		}
		c.checkPage(p)
		for _, f := range c.findings {
			if f.Line < 1 || f.Line > strings.Count(text, "\n")+2 {
				t.Errorf("finding outside the file: %v", f)
			}
		}
	})
}
