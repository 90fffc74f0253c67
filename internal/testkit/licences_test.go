package testkit

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite THIRD_PARTY.md from the modules in the program")

// licences are told by words that only they have, the more special ones first.
var licences = []struct{ name, words string }{
	{"MPL-2.0", "Mozilla Public License, version 2.0"},
	{"MPL-2.0", "Mozilla Public License Version 2.0"},
	{"Apache-2.0", "Apache License Version 2.0"},
	{"BSD-3-Clause", "Neither the name of"},
	{"BSD-3-Clause", "may be used to endorse or promote products"},
	{"BSD-2-Clause", "Redistributions in binary form must reproduce"},
	{"MIT", "Permission is hereby granted, free of charge"},
	{"ISC", "Permission to use, copy, modify, and/or distribute"},
	{"Unlicense", "This is free and unencumbered software"},
}

const thirdPartyHead = `# Third-party modules

Every Go module in the program, with its licence. Versions stand in go.mod; the
full licence texts come with the modules (` + "`go mod vendor`" + ` gathers them). A test
keeps this list true: ` + "`go test ./internal/testkit -run ThirdParty -update`" + `.

| module | licence |
|---|---|
`

func TestTheThirdPartyListIsTrue(t *testing.T) {
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Dir}}{{end}}{{end}}", "./cmd/cmc")
	list.Dir = Root(t)
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(lines)
	var table strings.Builder
	seen := map[string]bool{}
	table.WriteString(thirdPartyHead)
	for _, line := range lines {
		module, dir, ok := strings.Cut(line, " ")
		if !ok || seen[module] {
			continue
		}
		seen[module] = true
		licence, err := licenceIn(dir)
		if err != nil {
			t.Errorf("%s: %v", module, err)
		}
		fmt.Fprintf(&table, "| %s | %s |\n", module, licence)
	}
	file := filepath.Join(Root(t), "THIRD_PARTY.md")
	if *update {
		if err := os.WriteFile(file, []byte(table.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != table.String() {
		t.Errorf("THIRD_PARTY.md is out of date: run this test with -update")
	}
}

// licenceIn reads which licence a module comes under.
func licenceIn(dir string) (string, error) {
	names, err := filepath.Glob(filepath.Join(dir, "[LlCU][IiON]*"))
	if err != nil {
		return "", err
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // a folder
		}
		words := squeeze(string(text))
		for _, licence := range licences {
			if strings.Contains(words, licence.words) {
				return licence.name, nil
			}
		}
	}
	return "", fmt.Errorf("no licence known to us in %s", dir)
}
