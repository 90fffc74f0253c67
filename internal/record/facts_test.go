package record

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// house is the root of our own content.
const house = "../.."

// TestEveryFactHasItsPlace holds our own content against the list of facts that
// it must tell, each with a source.
func TestEveryFactHasItsPlace(t *testing.T) {
	told := gatherFacts(t)
	list, err := os.ReadFile("testdata/facts.txt")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for line := range strings.Lines(string(list)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		count++
		sourced, ok := told[line]
		switch {
		case !ok:
			t.Errorf("%s: no page and no row of data tells it", line)
		case !sourced:
			t.Errorf("%s: it is told without a source", line)
		}
	}
	if count < 500 {
		t.Errorf("the list holds %d facts; it has lost most of them", count)
	}
}

// gatherFacts lists what the site tells, by kind and id, and whether a source
// stands with it.
func gatherFacts(t *testing.T) map[string]bool {
	t.Helper()
	c := &checker{root: house}
	if err := c.load(); err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, p := range c.pages {
		if p.Lang == c.known.base && p.Name == "index" && !p.Draft {
			sources, _ := p.value("sources").(*ast.SequenceNode)
			told["record "+p.Text("id")] = sources != nil && len(sources.Values) > 0
			for _, note := range used(p) {
				told["footnote fn-"+note] = true
			}
			for _, id := range entryIDs(p, "errata") {
				told["erratum "+id] = true
			}
		}
	}
	for anchor := range c.known.reports["nassau-2017"] {
		told["paragraph "+anchor] = strings.HasPrefix(anchor, "par-")
		told["section "+anchor] = strings.HasPrefix(anchor, "sec-")
	}
	for _, table := range Tables() {
		for _, row := range rows(t, table.File) {
			sources, _ := row["sources"].([]any)
			told["row "+word(row, "id")] = len(sources) > 0
		}
	}
	for _, row := range rows(t, "data/recommendation_groups.yaml") {
		told["group "+word(row, "code")] = word(row, "report") != ""
	}
	for _, row := range rows(t, "data/acronyms.yaml") {
		told["acronym "+word(row, "acronym")] = c.known.anchor("nassau-2017", word(row, "first_in"))
	}
	for _, row := range rows(t, "data/countries.yaml") {
		told["country "+word(row, "code")] = word(row, "m49") != ""
	}
	for _, row := range rows(t, "data/accessions.yaml") {
		told["accession "+word(row, "iso3")+" "+word(row, "instrument")] = word(row, "source") != ""
	}
	return told
}

// used lists the footnotes that a text both uses and writes out.
func used(p *Page) []string {
	var notes []string
	for _, m := range noteUse.FindAllStringSubmatch(p.Body, -1) {
		if m[2] == "" && strings.Contains(p.Body, "\n[^"+m[1]+"]: ") && !slices.Contains(notes, m[1]) {
			notes = append(notes, m[1])
		}
	}
	return notes
}

func entryIDs(p *Page, field string) []string {
	list, _ := p.value(field).(*ast.SequenceNode)
	if list == nil {
		return nil
	}
	var ids []string
	for _, v := range list.Values {
		if m := mapping(v); m != nil {
			id, _ := text(valueIn(m, "id"))
			ids = append(ids, id)
		}
	}
	return ids
}

func rows(t *testing.T, file string) []map[string]any {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(house, filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	var table []map[string]any
	if err := yaml.Unmarshal(data, &table); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return table
}

func word(row map[string]any, field string) string {
	s, _ := row[field].(string)
	return s
}

// TestInstrumentsNameTheStatesNotListed keeps the words on the pages of treaties
// in step with the table of accessions, from which layouts list the parties.
func TestInstrumentsNameTheStatesNotListed(t *testing.T) {
	c := &checker{root: house}
	if err := c.load(); err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{}
	for _, p := range c.pages {
		if treaty := p.Text("treaty"); treaty != "" && p.Lang == c.known.base {
			pages[treaty] = p.Body
		}
	}
	for _, row := range rows(t, "data/accessions.yaml") {
		treaty, name, status := word(row, "instrument"), word(row, "entity"), word(row, "status")
		name, _, _ = strings.Cut(name, " (")
		if status != "unknown" && status != "party" && word(row, "entity_type") == "state" && !outside(word(row, "iso3")) && !strings.Contains(pages[treaty], name) {
			t.Errorf("content/legislation/%s does not tell of %s: %s", treaty, name, status)
		}
	}
}

// outside tells which States stand in the table only for their territories, or
// as observers.
func outside(code string) bool {
	return slices.Contains([]string{"FRA", "GBR", "NLD", "USA"}, code)
}
