// Package bulk writes sites of any size, to measure the program with. The same
// Site is always the same files, byte for byte.
//
// Texts are rows of ordinary words, and countries have the codes XAA to XZZ that
// ISO 3166 leaves to its users: nothing is said about a real one. Lengths, kinds
// and relations are in the proportions of a consultative process that has met
// for many years, and `cmc check` finds nothing to say about it.
package bulk

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Site says how large a site to write.
type Site struct {
	Records   int      // of all kinds together, counted once whatever the languages
	Languages []string // the first is that of the originals; empty is English alone
	Seed      uint64
}

// Write puts content/ and data/ into dir. What else a site needs, the caller
// brings.
func (s Site) Write(dir string) error {
	if len(s.Languages) == 0 {
		s.Languages = []string{"en"}
	}
	p := s.plan()
	for _, kind := range kinds {
		for _, lang := range s.Languages {
			if err := write(dir, head(kind.folder, lang), sectionHead(kind.folder)); err != nil {
				return err
			}
			for n := range p.count[kind.folder] {
				slug := kind.slug(n)
				name := filepath.Join("content", kind.folder, slug, "index."+lang+".md")
				if err := write(dir, name, p.record(kind, n, lang)); err != nil {
					return err
				}
			}
		}
	}
	for _, lang := range s.Languages {
		home := "---\nid: home\ntitle: A site for measuring\nsummary: Rows of words, in the shape of records.\n---\n\nNothing here is about anybody.\n"
		if err := write(dir, head("", lang), home); err != nil {
			return err
		}
	}
	if err := write(dir, "data/countries.yaml", p.countryTable(s.Languages)); err != nil {
		return err
	}
	return write(dir, "data/recommendation_groups.yaml", groupTable(s.Languages))
}

func head(folder, lang string) string {
	return filepath.Join("content", folder, "_index."+lang+".md")
}

func sectionHead(folder string) string {
	return fmt.Sprintf("---\nid: section-%s\ntitle: %s\nsummary: All %s of the site.\n---\n", folder, strings.ToUpper(folder[:1])+folder[1:], folder)
}

func write(dir, name, text string) error {
	name = filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("write a site: %w", err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		return fmt.Errorf("write a site: %w", err)
	}
	return nil
}
