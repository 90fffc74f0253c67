package record

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGapsNamesTheTextsThatALanguageLacks(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "data"), 0o750); err != nil {
		t.Fatal(err)
	}
	table := "- id: one\n  text:\n    en: \"Sea.\"\n    es: \"Mar.\"\n  note: {en: \"Old.\", es: \"\"}\n- id: two\n  text: {en: \"Land.\", es: \"Tierra.\"}\n"
	if err := os.WriteFile(filepath.Join(root, "data", "challenges.yaml"), []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := Gaps(root, []string{"en", "es", "pap"})
	if err != nil {
		t.Fatal(err)
	}
	want := []Finding{
		{"data/challenges.yaml", 5, "one: note is not in es yet; readers see it in en, marked as such"},
		{"data/challenges.yaml", 1, "no text is in pap yet; readers see them in en, marked as such"},
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("Gaps (-want +got):\n%s", diff)
	}
}
