package record

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"
)

// TestFactsKeepTheirValues holds dates, codes, places and names of our own
// content against what the facts say, field by field.
func TestFactsKeepTheirValues(t *testing.T) {
	list, err := os.ReadFile("testdata/values.txt")
	if err != nil {
		t.Fatal(err)
	}
	told := gatherValues(t)
	count := 0
	for line := range strings.Lines(string(list)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		count++
		kind, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		id, rest, _ := strings.Cut(rest, " ")
		field, want, _ := strings.Cut(rest, " ")
		if kind == "acronym" || kind == "group" {
			id = strings.ToUpper(id)
		}
		got := told[kind+" "+id][field]
		if field == "paragraphs" {
			// A record may rest on more paragraphs than the facts name.
			for p := range strings.SplitSeq(want, ", ") {
				if !slices.Contains(got, p) {
					t.Errorf("%s %s: paragraph %s is not among its sources %v", kind, id, p, got)
				}
			}
			continue
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%s %s: %s = %q, want %q", kind, id, field, s, want)
		}
	}
	if count < 1200 {
		t.Errorf("the list holds %d values; it has lost some", count)
	}
}

// values are the fields of one record or row.
type values map[string][]string

// gatherValues lists what the site tells, by kind and id.
func gatherValues(t *testing.T) map[string]values {
	t.Helper()
	c := &checker{root: house}
	if err := c.load(); err != nil {
		t.Fatal(err)
	}
	told := map[string]values{}
	for _, p := range c.pages {
		if p.Lang == c.known.base && p.Name == "index" {
			told["record "+p.Text("id")] = fieldsOf(p.fields)
		}
		if p.Section == "reports" && p.Lang == c.known.base && p.Name == "index" {
			gatherEntries(told, "section", p.value("sections"))
			gatherEntries(told, "erratum", p.value("errata"))
		}
	}
	for anchor, at := range c.known.reports["nassau-2017"] {
		told["paragraph "+anchor] = values{"page": {fmt.Sprint(at.first)}}
	}
	for _, table := range slices.Concat(Tables(), Registers()) {
		for _, row := range rows(t, table.File) {
			v := valuesOf(row)
			switch name := base(table.File); name {
			case "accessions.yaml":
				told["accession "+word(row, "iso3")+"/"+word(row, "instrument")] = v
			case "acronyms.yaml":
				told["acronym "+strings.ToUpper(word(row, "acronym"))] = v
			case "countries.yaml":
				told["country "+word(row, "code")] = v
			case "recommendation_groups.yaml":
				told["group "+word(row, "code")] = v
			default:
				told["row "+word(row, "id")] = v
			}
		}
	}
	return told
}

func gatherEntries(told map[string]values, kind string, list ast.Node) {
	entries, _ := list.(*ast.SequenceNode)
	if entries == nil {
		return
	}
	for _, n := range entries.Values {
		if m := mapping(n); m != nil {
			id, _ := text(valueIn(m, "id"))
			told[kind+" "+id] = fieldsOf(m)
		}
	}
}

// sorted are the lists whose order means nothing.
var sorted = []string{"countries", "delegations", "themes"}

func fieldsOf(m *ast.MappingNode) values {
	all := values{}
	for _, v := range m.Values {
		all[key(v)] = facts(v.Value)
		if slices.Contains(sorted, key(v)) {
			slices.Sort(all[key(v)])
		}
	}
	all["paragraphs"] = all["sources"]
	return all
}

func valuesOf(row map[string]any) values {
	all := values{}
	for name, value := range row {
		list, ok := value.([]any)
		if !ok {
			list = []any{value}
		}
		for _, item := range list {
			if source, ok := item.(map[string]any); ok && name == "sources" {
				all["paragraphs"] = append(all["paragraphs"], word(source, "paragraph"))
				continue
			}
			all[name] = append(all[name], fmt.Sprint(item))
		}
		if slices.Contains(sorted, name) {
			slices.Sort(all[name])
		}
	}
	return all
}
