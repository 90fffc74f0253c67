package testkit

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cmc/internal/record"
)

// The part of CONTRIBUTING.md between these lines is written by the test.
const (
	fieldsBegin = "<!-- fields, written by: go test ./internal/testkit -run Contributing -update -->\n"
	fieldsEnd   = "<!-- end of fields -->\n"
)

func TestContributingNamesEveryFieldOfEveryRecord(t *testing.T) {
	file := filepath.Join(Root(t), "CONTRIBUTING.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(text), fieldsBegin)
	_, after, ends := strings.Cut(rest, fieldsEnd)
	if !begins || !ends {
		t.Fatalf("CONTRIBUTING.md has no lines %q and %q", fieldsBegin, fieldsEnd)
	}
	want := before + fieldsBegin + fieldsOfRecords() + fieldsEnd + after
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(text) != want {
		t.Error("CONTRIBUTING.md does not say what internal/record checks: run this test with -update")
	}
}

// fieldsOfRecords lists the fields that all kinds share, and each kind's own.
// Bold ones must be there.
func fieldsOfRecords() string {
	kinds := record.Kinds()
	shared := len(kinds[0].Fields)
	for _, kind := range kinds {
		n := 0
		for n < min(shared, len(kind.Fields)) && kind.Fields[n].Name == kinds[0].Fields[n].Name {
			n++
		}
		shared = n
	}
	var b strings.Builder
	fmt.Fprintf(&b, "All kinds: %s.\n\n| kind | folder in `content/` | its own fields |\n|---|---|---|\n", names(kinds[0].Fields[:shared]))
	for _, kind := range kinds {
		fmt.Fprintf(&b, "| %s | `%s` | %s |\n", kind.Name, kind.Folder, names(kind.Fields[shared:]))
	}
	return b.String()
}

func names(fields []record.Field) string {
	list := make([]string, len(fields))
	for i, field := range fields {
		list[i] = "`" + field.Name + "`"
		if field.Required {
			list[i] = "**" + list[i] + "**"
		}
		if len(field.Values) > 0 && len(field.Values) < 8 {
			list[i] += " (" + strings.Join(field.Values, ", ") + ")"
		}
	}
	return strings.Join(list, ", ")
}
