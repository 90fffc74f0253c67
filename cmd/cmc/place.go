package main

import (
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"cmc"
	"cmc/internal/config"
	"cmc/internal/i18n"
)

// place is where a site lives, as the command line says.
type place struct {
	root, state string
}

// opened is a site whose configuration and interface texts have been read.
type opened struct {
	root, state string // absolute
	config      *config.Config
	texts       *i18n.Catalogue
	log         *slog.Logger
}

// open reads the site's configuration and interface texts. It creates nothing.
func (p place) open(log *slog.Logger) (*opened, error) {
	root, err := filepath.Abs(p.root)
	if err != nil {
		return nil, fmt.Errorf("find the site's root: %w", err)
	}
	c, err := config.Load(root)
	if err != nil {
		return nil, err
	}
	texts, err := i18n.LoadOver([]fs.FS{house(root), os.DirFS(root)}, c.Codes()...)
	if err != nil {
		return nil, err
	}
	state := p.state
	if state == "" {
		state = filepath.Join(root, "var")
	}
	if state, err = filepath.Abs(state); err != nil {
		return nil, fmt.Errorf("find the state directory: %w", err)
	}
	return &opened{root: root, state: state, config: c, texts: texts, log: log}, nil
}

// house is where layouts and interface texts come from: the site's own folder
// when it has them, the embedded ones otherwise.
func house(root string) fs.FS {
	if info, err := os.Stat(filepath.Join(root, "layouts")); err == nil && info.IsDir() {
		return os.DirFS(root)
	}
	return cmc.House
}

// makeState creates the state directory and proves that it can be written.
func (o *opened) makeState() error {
	if err := os.MkdirAll(o.state, 0o700); err != nil {
		return fmt.Errorf("make the state directory: %w; choose another with --state", err)
	}
	probe, err := os.CreateTemp(o.state, ".writable-*")
	if err != nil {
		return fmt.Errorf("the state directory %s cannot be written: %w; correct its permissions or choose another with --state", o.state, err)
	}
	probe.Close()
	return os.Remove(probe.Name())
}

// path joins names to the state directory.
func (o *opened) path(names ...string) string {
	return filepath.Join(append([]string{o.state}, names...)...)
}
