package main

import (
	"archive/zip"
	"compress/flate"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cmc/internal/i18n"
)

// copyTree is a built site that is to be read from a folder. Every link in it
// is written anew: to the file that it means, or to the site's own address
// where the copy does not hold it.
type copyTree struct {
	dir   string
	base  string // the site's public address without a slash at its end; "" when unknown
	root  string // path of the site below its host, "" or "/kb"
	day   time.Time
	texts *i18n.Catalogue
	files map[string]bool // by name in the archive
	pages int
}

// newCopyTree lists what of dir belongs into a copy.
func newCopyTree(dir, base string, day time.Time, texts *i18n.Catalogue) (*copyTree, error) {
	c := &copyTree{dir: dir, day: day, texts: texts, files: map[string]bool{}}
	c.base, c.root = publicAddress(base)
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		if rel = filepath.ToSlash(rel); needsServer(rel) {
			return nil
		}
		c.files[rel] = true
		if strings.HasSuffix(rel, ".html") {
			c.pages++
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list the copy's files: %w", err)
	}
	return c, nil
}

// needsServer tells the files that mean nothing in a folder: frames of dynamic
// pages, the worker and what installs the site, feeds that are asked for again and again, what robots read, and the
// pictures of link previews, which would be half of the archive.
func needsServer(name string) bool {
	if strings.HasSuffix("/"+name, "/forum/frame.html") || strings.HasSuffix("/"+name, "/offline/index.html") {
		return true
	}
	switch path.Base(name) {
	case "404.html", "robots.txt", "sitemap.xml", "opensearch.xml", "index.xml", "feed.json", "card.png", "sw.js", "manifest.webmanifest":
		return true
	}
	return false
}

// copyName is the file that an address of the site stands for.
func copyName(address string) string {
	name := strings.TrimPrefix(address, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	return name
}

// zip writes the files in the order of their names, all of one time, so that
// equal copies are equal byte for byte.
func (c *copyTree) zip(ctx context.Context, out io.Writer) error {
	w := zip.NewWriter(out)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(out, flate.BestCompression)
	})
	names := make([]string, 0, len(c.files))
	for name := range c.files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		text, err := os.ReadFile(filepath.Join(c.dir, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		if text, err = c.rewrite(name, text); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: c.day})
		if err != nil {
			return err
		}
		if _, err := f.Write(text); err != nil {
			return err
		}
	}
	return w.Close()
}

// rewrite makes the links of one file relative.
func (c *copyTree) rewrite(name string, text []byte) ([]byte, error) {
	switch path.Ext(name) {
	case ".html":
		return c.rewritePage(name, text)
	case ".css":
		return c.rewriteStyles(name, text), nil
	default:
		return text, nil
	}
}
