package importer

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Certainty says how sure the importer is of a finding.
type Certainty int

// The certainties, from what needs no look to what needs a decision.
const (
	Recognised Certainty = iota
	Guessed
	Person
)

// Finding is one decision of the importer.
type Finding struct {
	Certainty Certainty
	Line      int // of the source; 0 for the file as a whole
	Text      string
}

// Action says what became of a file.
type Action string

// The actions.
const (
	Written   Action = "written"
	Replaced  Action = "replaced"
	Published Action = "published"
	Unchanged Action = "unchanged"
	Kept      Action = "kept"
)

// File is a file that Write touched, or left alone.
type File struct {
	Path   string // relative to the site's root
	Action Action
}

// Report tells what was recognised, guessed, and what needs a person.
type Report struct {
	Name     string
	Findings []Finding
	Files    []File
}

func (r *Report) add(c Certainty, line int, format string, args ...any) {
	r.Findings = append(r.Findings, Finding{c, line, fmt.Sprintf(format, args...)})
}

// Count tells how many findings have a certainty.
func (r *Report) Count(c Certainty) int {
	n := 0
	for _, f := range r.Findings {
		if f.Certainty == c {
			n++
		}
	}
	return n
}

// Changed tells whether Write changed any file.
func (r *Report) Changed() bool {
	return slices.ContainsFunc(r.Files, func(f File) bool {
		return f.Action != Unchanged && f.Action != Kept
	})
}

// Print writes the report in plain words.
func (r *Report) Print(w io.Writer) error {
	var b strings.Builder
	r.printFindings(&b)
	r.printFiles(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Report) printFindings(b *strings.Builder) {
	for _, part := range []struct {
		certainty Certainty
		heading   string
	}{
		{Recognised, "Recognised"},
		{Guessed, "Guessed (please look once)"},
		{Person, "Needs a person"},
	} {
		if r.Count(part.certainty) == 0 {
			continue
		}
		fmt.Fprintf(b, "%s:\n", part.heading)
		for _, f := range r.Findings {
			switch {
			case f.Certainty != part.certainty:
			case f.Line > 0:
				fmt.Fprintf(b, "  %s:%d: %s\n", r.Name, f.Line, f.Text)
			default:
				fmt.Fprintf(b, "  %s\n", f.Text)
			}
		}
	}
}

func (r *Report) printFiles(b *strings.Builder) {
	if len(r.Files) == 0 {
		return
	}
	if !r.Changed() {
		fmt.Fprintf(b, "Nothing changed: all %d files are as this import would write them, or were edited by hand.\n", len(r.Files))
	}
	b.WriteString("Files:\n")
	waiting := false
	for _, f := range r.Files {
		fmt.Fprintf(b, "  %-9s %s\n", f.Action, f.Path)
		waiting = waiting || strings.Contains(f.Path, draftPrefix)
	}
	if waiting {
		b.WriteString("Files that begin with .draft. wait: no build shows them until you import with --publish.\n")
	}
}
