package site

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// themeParts are the folders that a theme may hold.
var themeParts = [...]string{"layouts", "assets", "i18n", "static", "archetypes"}

// themeFolder is where a theme is laid out below the cache; the name is chosen to
// be found again in messages.
const themeFolder = "embedded-theme"

// laidOutTheme copies the theme below the cache, where Hugo can read it, and
// returns its root; "" where the site has a layouts folder of its own or there
// is no theme.
func laidOutTheme(opts Options) (string, error) {
	if opts.Theme == nil || hasLayouts(opts.Dir) {
		return "", nil
	}
	root := filepath.Join(opts.Cache, themeFolder)
	if err := layOut(opts.Theme, root); err != nil {
		return "", fmt.Errorf("lay out the theme: %w", err)
	}
	return root, nil
}

func hasLayouts(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, "layouts"))
	return err == nil && info.IsDir()
}

// layOut makes root hold exactly the theme's files. Files that are right
// already are left alone, so that two builds of one version do not disturb
// each other.
func layOut(theme fs.FS, root string) error {
	wanted := map[string]bool{}
	for _, part := range themeParts {
		err := fs.WalkDir(theme, part, func(name string, entry fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) && name == part {
				return fs.SkipDir
			}
			if err != nil || entry.IsDir() {
				return err
			}
			wanted[filepath.FromSlash(name)] = true
			return layOutFile(theme, name, filepath.Join(root, filepath.FromSlash(name)))
		})
		if err != nil {
			return err
		}
	}
	return filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if rel, err := filepath.Rel(root, name); err == nil && !wanted[rel] {
			return os.Remove(name)
		}
		return nil
	})
}

func layOutFile(theme fs.FS, name, target string) error {
	text, err := fs.ReadFile(theme, name)
	if err != nil {
		return err
	}
	if old, err := os.ReadFile(target); err == nil && bytes.Equal(old, text) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	return os.WriteFile(target, text, 0o644)
}
