package testkit

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Sizes that keep a file readable in one sitting and a function on a screen or two.
const (
	maxLines         = 400
	maxFunctionLines = 80
)

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

func TestNoFunctionIsLongerThanTwoScreens(t *testing.T) {
	for _, file := range sources(t, ".go") {
		if strings.HasSuffix(file, "_test.go") {
			continue // a table of cases is as long as it must be
		}
		positions := token.NewFileSet()
		tree, err := parser.ParseFile(positions, filepath.Join(Root(t), file), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declared := range tree.Decls {
			f, ok := declared.(*ast.FuncDecl)
			if !ok {
				continue
			}
			lines := positions.Position(f.End()).Line - positions.Position(f.Pos()).Line + 1
			if lines > maxFunctionLines {
				t.Errorf("%s: %s has %d lines, want at most %d", file, f.Name.Name, lines, maxFunctionLines)
			}
		}
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
