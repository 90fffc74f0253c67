package importer

import (
	"fmt"
	"io"
)

// Options helps Read with what the file does not say.
type Options struct {
	Acronym string // of the body, e.g. CMC; the title lines win
	Slug    string // of the report's record; else made of place and year
	Codes   []GroupCode
}

// GroupCode gives a group of recommendations its code. The rows stand in
// data/recommendation_groups.yaml.
type GroupCode struct {
	Code    string `yaml:"code"`
	Report  string `yaml:"report"`  // slug of the report
	Heading string `yaml:"heading"` // words of the introduction
}

// Read reads a report. The Report is useful even when there is an error.
func Read(name string, r io.Reader, opts Options) (*Document, *Report, error) {
	report := &Report{Name: name}
	data, err := io.ReadAll(io.LimitReader(r, maxSize+1))
	if err != nil {
		return nil, report, fmt.Errorf("read %s: %w", name, err)
	}
	doc := &Document{Name: name}
	if err := readText(doc, data, report); err != nil {
		return nil, report, err
	}
	finish(doc, opts, report)
	return doc, report, nil
}

// finish does what is the same for every format: it gives ids, ties notes to
// their references, reads the title lines and finds the recommendations.
func finish(doc *Document, opts Options, report *Report) {
	doc.Lang = language(doc, report)
	number(doc, report)
	tieNotes(doc, report)
	readTitle(doc, opts, report)
	findGroups(doc, opts, report)
	summarise(doc, report)
}

func summarise(doc *Document, report *Report) {
	count := map[Kind]int{}
	for _, b := range doc.Blocks {
		count[b.Kind]++
	}
	recommendations := 0
	for _, g := range doc.Groups {
		recommendations += len(g.Items)
	}
	report.Findings = append([]Finding{
		{Recognised, 0, fmt.Sprintf("%d pages, language %s", doc.Pages, doc.Lang)},
		{Recognised, 0, fmt.Sprintf("%d title lines, %d headings, %d paragraphs, %d bullets, %d footnotes",
			count[TitleLine], count[Heading], count[Paragraph], count[Bullet], len(doc.Notes))},
		{Recognised, 0, fmt.Sprintf("%d recommendations in %d groups", recommendations, len(doc.Groups))},
	}, report.Findings...)
	for _, d := range doc.Dropped {
		report.add(Recognised, d.Line, "left out: %s %q", d.Why, d.Text)
	}
}
