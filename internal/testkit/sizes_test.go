package testkit

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// maxLines keeps every file small enough to be read in one sitting.
const maxLines = 400

func TestNoFileIsLongerThanOneSitting(t *testing.T) {
	counted := 0
	for _, file := range sources(t, ".go", ".html", ".css", ".js") {
		text, err := os.ReadFile(filepath.Join(Root(t), file))
		if err != nil {
			t.Fatal(err)
		}
		counted++
		if lines := bytes.Count(text, []byte("\n")); lines > maxLines {
			t.Errorf("%s has %d lines, want at most %d: give a part of it a file of its own", file, lines, maxLines)
		}
	}
	if counted < 20 {
		t.Errorf("counted %d files, want the whole house", counted)
	}
}

// sources are the files of the house with one of the endings: no output, no
// state, no test data, nothing that others wrote.
func sources(t *testing.T, endings ...string) []string {
	t.Helper()
	skip := []string{".git", "node_modules", "public", "resources", "var", "testdata"}
	var files []string
	err := fs.WalkDir(os.DirFS(Root(t)), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains(skip, entry.Name()) {
			return fs.SkipDir
		}
		if !entry.IsDir() && slices.Contains(endings, filepath.Ext(path)) {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
