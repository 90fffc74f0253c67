package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"cmc/internal/testkit"
)

// smallSite is a copy of testdata/site that a test may change.
func smallSite(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := copyMissing(os.DirFS(filepath.Join("testdata", "site")), dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// wholeSite is the repository's own site, to be read only.
func wholeSite(t testing.TB) string {
	t.Helper()
	return testkit.Root(t)
}

// copyMissing copies every file of src below dir, except those that are there.
func copyMissing(src fs.FS, dir string) error {
	return fs.WalkDir(src, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if entry.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		if _, err := os.Stat(to); err == nil {
			return nil
		}
		text, err := fs.ReadFile(src, name)
		if err != nil {
			return err
		}
		return os.WriteFile(to, text, 0o644)
	})
}
