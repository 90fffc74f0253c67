package testkit

import (
	_ "embed" // the payloads
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

//go:embed testdata/xss.txt
var xss string

// Payloads are strings that run a script where a page does not escape them:
// our own first, and with CMC_TEST_CORPORA every string of the public lists
// that folder holds (xss-owasp-evasion.json, blns.json).
func Payloads(t testing.TB) (all []string, own int) {
	t.Helper()
	all = strings.Split(strings.TrimSpace(xss), "\n")
	own = len(all)
	dir := os.Getenv("CMC_TEST_CORPORA")
	if dir == "" {
		t.Logf("%d payloads of our own; CMC_TEST_CORPORA names no folder with others'", len(all))
		return all, own
	}
	for _, name := range []string{"xss-owasp-evasion.json", "blns.json"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		var more []string
		if err := json.Unmarshal(text, &more); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, more...)
	}
	return all, own
}
