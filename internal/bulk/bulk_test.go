package bulk_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cmc/internal/bulk"
	"cmc/internal/record"
)

func TestAGeneratedSiteIsSoundInEveryLanguage(t *testing.T) {
	s := bulk.Site{Records: 300, Languages: []string{"en", "es"}, Seed: 1}
	dir := t.TempDir()
	if err := s.Write(dir); err != nil {
		t.Fatal(err)
	}
	result, err := record.Check(dir, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range result.Findings {
		t.Error(f)
	}
	if result.Records != s.Records {
		t.Errorf("Write made %d records, want %d", result.Records, s.Records)
	}
}

func TestOneSeedGivesOneSite(t *testing.T) {
	read := func(seed uint64) string {
		t.Helper()
		dir := t.TempDir()
		if err := (bulk.Site{Records: 100, Seed: seed}).Write(dir); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dir, "content/practices/practice-7/index.en.md"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if diff := cmp.Diff(read(1), read(1)); diff != "" {
		t.Errorf("the same seed wrote two texts:\n%s", diff)
	}
	if read(1) == read(2) {
		t.Error("another seed wrote the same text")
	}
}
