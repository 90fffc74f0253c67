package record

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/yuin/goldmark"
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

// Result is what a check found, and how much it looked at.
type Result struct {
	Findings []Finding // by file and line
	Records  int       // pages with an address of their own, in all languages once
	Files    int       // texts, tables and catalogues read
}

// Faulty counts the files with a finding.
func (r Result) Faulty() int {
	files := map[string]bool{}
	for _, f := range r.Findings {
		files[f.File] = true
	}
	return len(files)
}

// Check looks at all records, tables and translations below root, as of now. The
// error tells that it could not look; faults in the content are findings.
func Check(root string, now time.Time) (Result, error) {
	c := &checker{root: root, today: now.UTC().Format(time.DateOnly)}
	if err := c.load(); err != nil {
		return Result{}, fmt.Errorf("check the content: %w", err)
	}
	for _, p := range c.pages {
		c.checkPage(p)
	}
	c.checkIDs()
	c.checkNumbers()
	c.checkAgreement()
	if err := c.checkData(); err != nil {
		return Result{}, fmt.Errorf("check the data: %w", err)
	}
	if err := c.checkTranslations(); err != nil {
		return Result{}, fmt.Errorf("check the translations: %w", err)
	}
	return c.result(), nil
}

func (c *checker) result() Result {
	slices.SortFunc(c.findings, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), strings.Compare(a.Message, b.Message))
	})
	records := map[string]bool{}
	for _, p := range c.pages {
		if p.Slug != "" {
			records[p.URL()] = true
		}
	}
	return Result{Findings: slices.Compact(c.findings), Records: len(records), Files: len(c.pages) + c.read}
}

// checker holds the content while it is looked at.
type checker struct {
	root     string
	today    string // YYYY-MM-DD
	pages    []*Page
	read     int // files besides pages
	known    index
	markdown goldmark.Markdown
	findings []Finding
}

func (c *checker) add(file string, line int, format string, args ...any) {
	c.findings = append(c.findings, Finding{file, max(line, 1), fmt.Sprintf(format, args...)})
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
	if p.broken || !c.checkPlace(p) {
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
	c.checkMarkdown(p)
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
