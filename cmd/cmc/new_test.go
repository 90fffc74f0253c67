package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cmc/internal/config"
	"cmc/internal/record"
	"cmc/internal/testkit"
)

// TestEachArchetypeMakesARecordThatPassesTheCheck fills in what every author
// would, and nothing else.
func TestEachArchetypeMakesARecordThatPassesTheCheck(t *testing.T) {
	obvious := []string{
		`title: ""`, `title: "A title"`, `summary: ""`, `summary: "A summary."`,
		`{report: "", paragraph: "", page: 0}`, `{report: harbour-2020, paragraph: par-2-01, page: 2}`,
		"draft: true # keeps the record out of the site; delete the line to publish\n", "",
	}
	for kind, test := range map[string]struct {
		slug   string
		blanks []string
	}{
		"country":     {"xlc", []string{`code: ""`, `code: "XLC"`, `iso2: ""`, `iso2: "XC"`, `en: ""`, `en: "Lakes"`}},
		"instrument":  {"lake-pact", nil},
		"legislation": {"births", nil},
		"meeting":     {"lnd-2021", nil},
		"practice":    {"night-registrar", []string{`label: ""`, `label: "good practice"`}},
		"recommendation": {"lnd-2020-fu-2", []string{
			`symbol: ""`, `symbol: "LND/2020/FU/2"`, `group: ""`, `group: "FU"`, "number: 0", "number: 2",
		}},
		"report": {"harbour-2021", []string{`meeting: ""`, `meeting: "meeting-lnd-2020-harbour"`}},
		"term":   {"registrar", []string{`en: ""`, `en: "Registrar"`}},
		"theme":  {"ferries", nil},
		"page":   {"privacy", nil},
	} {
		t.Run(kind, func(t *testing.T) {
			root := t.TempDir()
			if err := copyMissing(os.DirFS(filepath.Join("testdata", "site")), root); err != nil {
				t.Fatal(err)
			}
			o := &opened{root: root, config: &config.Config{DefaultLanguage: "en"}}
			name, err := writeArchetype(o, kind, test.slug, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			blank := checked(t, root)
			if len(blank) == 0 {
				t.Error("the check finds nothing to fill in")
			}
			for _, f := range blank {
				if f.File != filepath.ToSlash(name) {
					t.Errorf("a new record disturbs another file: %v", f)
				}
			}
			fill(t, filepath.Join(root, name), append(test.blanks, obvious...))
			for _, f := range checked(t, root) {
				t.Error(f)
			}
		})
	}
}

// TestEachKindOfRecordHasAnArchetype keeps cmc new and the schema in step.
func TestEachKindOfRecordHasAnArchetype(t *testing.T) {
	for _, kind := range record.Kinds() {
		if _, err := os.Stat(filepath.Join(testkit.Root(t), "archetypes", kind.Name+".md")); err != nil {
			t.Errorf("cmc new %s: %v", kind.Name, err)
		}
	}
}

func checked(t *testing.T, root string) []record.Finding {
	t.Helper()
	result, err := record.Check(root, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return result.Findings
}

// fill replaces pairs of texts in a file.
func fill(t *testing.T, file string, pairs []string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.NewReplacer(pairs...).Replace(string(data))), 0o644); err != nil {
		t.Fatal(err)
	}
}
