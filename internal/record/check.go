package record

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Finding is one fault in the content.
type Finding struct {
	File    string // relative to the site's root, with slashes
	Line    int
	Message string // what, and what to do
}

func (f Finding) String() string {
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Message)
}

// Check looks at all records and translations below root. The error tells that
// it could not look; faults in the content are findings.
func Check(root string) ([]Finding, error) {
	c := &checker{root: root}
	if err := c.load(); err != nil {
		return nil, fmt.Errorf("check the content: %w", err)
	}
	for _, p := range c.pages {
		c.checkPage(p)
	}
	c.checkIDs()
	c.checkAgreement()
	if err := c.checkTables(); err != nil {
		return nil, fmt.Errorf("check the data: %w", err)
	}
	if err := c.checkTranslations(); err != nil {
		return nil, fmt.Errorf("check the translations: %w", err)
	}
	slices.SortFunc(c.findings, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), strings.Compare(a.Message, b.Message))
	})
	return slices.Compact(c.findings), nil
}

// checker holds the content while it is looked at.
type checker struct {
	root     string
	pages    []*Page
	known    index
	findings []Finding
}

func (c *checker) add(file string, line int, format string, args ...any) {
	c.findings = append(c.findings, Finding{file, max(line, 1), fmt.Sprintf(format, args...)})
}

// load reads every page and gathers what the rules need to know.
func (c *checker) load() error {
	err := filepath.WalkDir(filepath.Join(c.root, "content"), func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() || path.Ext(base) != ".md" || strings.HasPrefix(base, ".") && !strings.HasPrefix(base, ".draft.") {
			return nil
		}
		rel, err := filepath.Rel(c.root, name)
		if err != nil {
			return fmt.Errorf("name a file: %w", err)
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("read a record: %w", err)
		}
		c.parse(filepath.ToSlash(rel), data)
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("there is no folder content; name the site's root with -C")
	}
	if err != nil {
		return err
	}
	return c.gather()
}

func (c *checker) parse(file string, data []byte) {
	p, err := Parse(file, data)
	if fault, ok := errors.AsType[*SyntaxError](err); ok {
		c.add(file, fault.Line, "%s", fault.Message)
	}
	p.broken = err != nil
	c.pages = append(c.pages, p)
}

// kindOf finds what a page is and whether the schema knows it.
func kindOf(p *Page) (Kind, bool) {
	switch {
	case p.Name == "_index":
		return section(), true
	case strings.TrimPrefix(p.Name, ".draft.") == "text":
		return textKind(), true
	}
	var first Kind
	for _, k := range Kinds() {
		switch {
		case k.Folder != p.Section:
		case k.Prefix != "" && strings.HasPrefix(p.Text("id"), k.Prefix):
			return k, true
		case first.Name == "":
			first = k
		}
	}
	return first, first.Name != ""
}

func (c *checker) checkPage(p *Page) {
	if p.broken {
		return
	}
	kind, ok := kindOf(p)
	if !ok {
		c.add(p.File, 1, "the folder content/%s is no kind of record; move the file to one of: %s", p.Section, strings.Join(folders(), ", "))
		return
	}
	c.checkFields(p, kind.Name, p.fields, kind.Fields)
	c.checkRules(p, kind)
	c.checkBody(p)
}

func folders() []string {
	var all []string
	for _, k := range Kinds() {
		if !slices.Contains(all, k.Folder) {
			all = append(all, k.Folder)
		}
	}
	return all
}
