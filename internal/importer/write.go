package importer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"cmc/internal/record"
)

// WriteOptions says how to write.
type WriteOptions struct {
	// Publish makes the next build show the text. Without it the text waits in
	// a file that Hugo never reads.
	Publish bool
}

// draftPrefix begins the name of a text that waits. Hugo skips files that begin
// with a dot; `draft: true` does not keep a file inside a record's folder out
// of the site, so the name has to.
const draftPrefix = ".draft."

// Write puts a document under DIR/content. Where a record of that slug, id or
// symbol exists, the text joins it. It writes all files or none, never over
// what a person wrote or changed, and a second time changes nothing.
func Write(dir string, doc *Document, opts WriteOptions) (*Report, error) {
	w := &writer{dir: dir, doc: doc, publish: opts.Publish, report: &Report{Name: doc.Name}}
	if len(doc.Blocks) == 0 {
		return w.report, fmt.Errorf("%s: there is no text to write", doc.Name)
	}
	if err := w.plan(); err != nil {
		return w.report, fmt.Errorf("import %s: %w", doc.Name, err)
	}
	if err := commit(dir, w.changes); err != nil {
		return w.report, fmt.Errorf("import %s: %w", doc.Name, err)
	}
	return w.report, nil
}

// writer plans what becomes of each file before any is touched.
type writer struct {
	dir     string
	doc     *Document
	publish bool
	report  *Report
	changes []change
}

// plan decides for every file.
func (w *writer) plan() error {
	reports, err := w.records("reports")
	if err != nil {
		return err
	}
	slug, err := w.planReport(reports)
	if err != nil {
		return err
	}
	known, err := w.records("recommendations")
	if err != nil {
		return err
	}
	for _, g := range w.doc.Groups {
		for _, r := range g.Items {
			if err := w.planRecommendation(known, slug, r); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *writer) planReport(known []*record.Page) (slug string, err error) {
	slug = w.doc.Slug
	for _, p := range known {
		switch {
		case p.Slug == w.doc.Slug, p.Text("id") == w.doc.ID:
			slug = p.Slug
		case p.Text("symbol") == w.doc.Symbol:
			w.report.add(Person, 0, "the symbol %s belongs to %s already: change it in the new record", w.doc.Symbol, p.File)
		}
	}
	folder := path.Join("content/reports", slug)
	if err := w.planIndex(folder, known, slug, reportIndex(w.doc)); err != nil {
		return "", err
	}
	return slug, w.planText(folder, textFile(w.doc, w.doc.Title, reportText(w.doc)))
}

func (w *writer) planRecommendation(known []*record.Page, report string, r Recommendation) error {
	slug := r.Slug
	for _, p := range known {
		if p.Slug != r.Slug && p.Text("symbol") != r.Symbol {
			continue
		}
		if from := p.Reports(); len(from) > 0 && !slices.Contains(from, report) {
			w.report.add(Person, 0, "%s has the symbol %s but comes from another report (%s); nothing was written for it: give this group another code in data/recommendation_groups.yaml",
				p.File, r.Symbol, strings.Join(from, ", "))
			return nil
		}
		slug = p.Slug
	}
	folder := path.Join("content/recommendations", slug)
	if err := w.planIndex(folder, known, slug, recommendationIndex(w.doc, report, r)); err != nil {
		return err
	}
	return w.planText(folder, textFile(w.doc, r.Symbol, recommendationText(w.doc, r)))
}

// records reads the records of a section. A record that cannot be read stops
// the import: it might be the one to attach to.
func (w *writer) records(section string) ([]*record.Page, error) {
	files, err := filepath.Glob(filepath.Join(w.dir, "content", section, "*", "index.*md"))
	if err != nil {
		return nil, fmt.Errorf("list the %s: %w", section, err)
	}
	var all []*record.Page
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read a record: %w", err)
		}
		rel, err := filepath.Rel(w.dir, file)
		if err != nil {
			return nil, fmt.Errorf("name a record: %w", err)
		}
		p, err := record.Parse(filepath.ToSlash(rel), data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", rel, err)
		}
		all = append(all, p)
	}
	return all, nil
}

// state is a file as an import finds it.
type state struct {
	exists, ours, edited bool
	content              string
}

func (w *writer) look(rel string) (state, error) {
	data, err := os.ReadFile(filepath.Join(w.dir, filepath.FromSlash(rel)))
	if errors.Is(err, fs.ErrNotExist) {
		return state{}, nil
	}
	if err != nil {
		return state{}, fmt.Errorf("look at what is there: %w", err)
	}
	s := state{exists: true, content: string(data)}
	front, _ := cutFront(s.content)
	m := checksumLine.FindStringSubmatch(front)
	s.ours = m != nil
	s.edited = m != nil && m[1] != checksum(s.content)
	return s, nil
}

func (w *writer) done(rel string, a Action) {
	w.report.Files = append(w.report.Files, File{Path: rel, Action: a})
}

func (w *writer) put(rel, content string, a Action) {
	w.changes = append(w.changes, change{path: rel, content: content})
	w.done(rel, a)
}
