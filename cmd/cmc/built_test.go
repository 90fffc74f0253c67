package main

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// built is the folder of the whole site as a server or any other host has it.
func built(t testing.TB) string {
	t.Helper()
	return filepath.Join(served(t).state, "releases", "current", "site")
}

// pages lists the addresses of all pages below a folder, but neither frames,
// which are templates still, nor pages that only lead elsewhere.
func pages(t testing.TB, dir string) []string {
	t.Helper()
	var found []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".html" || entry.Name() == "frame.html" {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err == nil && !strings.Contains(string(text), `http-equiv="refresh"`) {
			found = append(found, "/"+strings.TrimSuffix(name, "index.html"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 400 {
		t.Errorf("the site has %d pages, want the whole of it", len(found))
	}
	return found
}
