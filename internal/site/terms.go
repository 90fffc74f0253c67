package site

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/gohugoio/hugo/hugolib"
	"golang.org/x/sync/errgroup"
)

// term is an acronym of data/acronyms.yaml in one language of the text.
type term struct {
	id    string
	forms []string // how it is written: RSD, DCR
	name  string   // what it stands for
	lang  string   // the language of name
	said  []string // how a text in small letters says both: "refugee status determination (rsd"
}

// glossary explains the acronyms of a site, by the language of a text.
type glossary struct {
	terms map[string][]term
	find  map[string]*finder // any form of any term of a language
	any   *finder            // any form in any language
	links map[string]string  // address of an entry, by language of the site and id: "nl rsd"
	pages []string           // the glossary's own pages, which explain themselves
}

// acronym is one entry of the data file, whose first lines describe it.
type acronym struct {
	ID        string            `yaml:"id"`
	Acronym   string            `yaml:"acronym"`
	Expansion string            `yaml:"expansion"`
	Aliases   []string          `yaml:"aliases"`
	Name      map[string]string `yaml:"name"`
	Local     map[string]string `yaml:"local"`
}

// explainTerms spells out, on every page that was built into out, the first use
// of each acronym. It works on the finished pages, so that the text which
// search reads and quotes stays as it was written.
func explainTerms(sites *hugolib.HugoSites, dir, out string) error {
	g, err := readGlossary(sites, dir, out)
	if err != nil || g == nil {
		return err
	}
	var pages errgroup.Group
	pages.SetLimit(runtime.GOMAXPROCS(0))
	err = filepath.WalkDir(out, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".html" || entry.Name() == path.Base(framePath) || slices.Contains(g.pages, name) {
			return err
		}
		pages.Go(func() error { return g.explainFile(name) })
		return nil
	})
	return errors.Join(err, pages.Wait())
}

func (g *glossary) explainFile(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	explained := g.explain(text)
	if bytes.Equal(explained, text) {
		return nil
	}
	return os.WriteFile(name, explained, 0o644)
}

// readGlossary returns nil for a site that explains no acronyms.
func readGlossary(sites *hugolib.HugoSites, dir, out string) (*glossary, error) {
	text, err := os.ReadFile(filepath.Join(dir, "data", "acronyms.yaml"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read acronyms: %w", err)
	}
	var entries []acronym
	if err := yaml.Unmarshal(text, &entries); err != nil {
		return nil, fmt.Errorf("read acronyms: %w", err)
	}
	if len(entries) == 0 {
		return nil, nil
	}
	languages, links, pages := []string{}, map[string]string{}, []string{}
	for _, s := range sites.Sites {
		lang := s.Language().Lang
		languages = append(languages, lang)
		section, err := s.GetPage("/glossary")
		if err != nil || section.RelPermalink() == "" {
			continue
		}
		file := filepath.Join(out, filepath.FromSlash(sitePath(s, section.RelPermalink())), "index.html")
		built, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read the glossary: %w", err)
		}
		pages = append(pages, file)
		for _, e := range entries {
			if e.ID != "" && bytes.Contains(built, fmt.Appendf(nil, `id="%s"`, e.ID)) {
				links[lang+" "+e.ID] = section.RelPermalink() + "#" + e.ID
			}
		}
	}
	g := newGlossary(entries, languages)
	g.links, g.pages = links, pages
	return g, nil
}

// newGlossary orders the acronyms by language.
func newGlossary(entries []acronym, languages []string) *glossary {
	g := &glossary{terms: map[string][]term{}, find: map[string]*finder{}, links: map[string]string{}}
	var every []string
	for _, lang := range languages {
		var forms []string
		for _, e := range entries {
			t := term{id: e.ID, forms: e.formsIn(lang), name: e.Name[lang], lang: lang}
			if t.name == "" {
				t.name, t.lang = e.Expansion, "en"
			}
			// "Agency … (IMPACS)" would otherwise stand in brackets twice.
			t.name = strings.TrimSpace(strings.TrimSuffix(t.name, "("+e.Acronym+")"))
			if len(t.forms) == 0 || t.name == "" {
				continue
			}
			t.said = t.spellings()
			g.terms[lang] = append(g.terms[lang], t)
			forms = append(forms, t.forms...)
		}
		if len(forms) == 0 {
			continue
		}
		g.find[lang] = newFinder(forms)
		every = append(every, forms...)
	}
	g.any = newFinder(every)
	return g
}

// formsIn lists how the acronym is written in a language. Where the language
// has its own, one of two letters is left to it: UN and US are words elsewhere.
func (a acronym) formsIn(lang string) []string {
	var forms []string
	local := a.Local[lang]
	if a.Acronym != "" && (local == "" || len(a.Acronym) > 2) {
		forms = append(forms, a.Acronym)
	}
	if local != "" && local != a.Acronym {
		forms = append(forms, local)
	}
	for _, alias := range a.Aliases {
		if strings.HasSuffix(alias, " "+a.Acronym) {
			forms = append(forms, alias) // CARICOM IMPACS
		}
	}
	return forms
}
