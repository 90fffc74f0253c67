package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

var (
	checksumLine = regexp.MustCompile(`(?m)^  checksum: "([0-9a-f]{64})"\n`)
	draftLine    = regexp.MustCompile(`(?m)^draft: (?:true|false)\n`)
)

// seal puts the checksum into a file that the importer wrote. A later import
// knows by it whether a person has changed the file since. The draft line is
// not counted: publishing is no change of the text.
func seal(content string) string {
	return strings.Replace(content, "imported:\n", fmt.Sprintf("imported:\n  checksum: %q\n", checksum(content)), 1)
}

func checksum(content string) string {
	sum := sha256.Sum256([]byte(unsealed(content)))
	return hex.EncodeToString(sum[:])
}

func unsealed(content string) string {
	front, body := cutFront(content)
	return draftLine.ReplaceAllString(checksumLine.ReplaceAllString(front, ""), "") + body
}

// cutFront cuts a file behind its front matter.
func cutFront(content string) (front, body string) {
	if end := strings.Index(content, "\n---\n"); strings.HasPrefix(content, "---\n") && end > 0 {
		return content[:end+5], content[end+5:]
	}
	return "", content
}

// fields writes front matter, in the order in which it is called.
type fields struct{ strings.Builder }

func (f *fields) text(name, value string) {
	if value != "" {
		fmt.Fprintf(f, "%s: %s\n", name, quote(value))
	}
}

func (f *fields) date(name string, t time.Time) {
	if !t.IsZero() {
		f.text(name, t.Format(time.DateOnly))
	}
}

// quote writes a text in YAML's double quotes.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(s) + `"`
}

// file makes a whole file of its front matter and body.
func (f *fields) file(doc *Document, body string) string {
	return seal(fmt.Sprintf("---\n%simported:\n  file: %s\n---\n\n%s", f.String(), quote(doc.Name), body))
}

// textFile is the verbatim text that stands in a record's folder.
func textFile(doc *Document, title, body string) string {
	var f fields
	f.text("title", title)
	return f.file(doc, body)
}

const draft = "draft: true\n"

// reportIndex is the least that makes a report's record.
func reportIndex(doc *Document) string {
	var f fields
	f.text("id", doc.ID)
	f.text("title", doc.Title)
	f.text("summary", summaryOf(doc))
	f.date("date", doc.End)
	f.WriteString(draft)
	f.text("symbol", doc.Symbol)
	f.text("symbol_basis", "proposed on import")
	f.text("place", doc.Place)
	fmt.Fprintf(&f, "languages: [%s]\npages: %d\nsections:\n", doc.Lang, doc.Pages)
	for _, s := range doc.Sections {
		fmt.Fprintf(&f, "  - {id: %s, number: %s, title: %s, page: %d}\n", quote(s.ID), quote(s.Number), quote(s.Title), s.Page)
	}
	f.WriteString("countries: []\nthemes: []\nvisibility: public\n")
	return strings.Replace(f.file(doc, ""), "sections:\ncountries", "sections: []\ncountries", 1)
}

// summaryOf takes the document's own words: the title lines, or the beginning.
func summaryOf(doc *Document) string {
	var lines []string
	for _, b := range doc.Blocks {
		if b.Kind == TitleLine {
			lines = append(lines, b.Text)
		}
	}
	if len(lines) > 0 {
		return strings.Join(lines, " · ")
	}
	for _, b := range doc.Blocks {
		if b.Kind == Paragraph {
			return shorten(b.Text, 200)
		}
	}
	return doc.Title
}

// recommendationIndex is the least that makes a recommendation's record.
func recommendationIndex(doc *Document, report string, r Recommendation) string {
	b := doc.block(r.Block)
	var f fields
	f.text("id", r.Slug)
	f.text("title", shorten(b.Text, 80))
	f.text("summary", shorten(b.Text, 200))
	f.date("date", doc.End)
	f.WriteString(draft)
	f.text("symbol", r.Symbol)
	f.text("group", r.Group)
	fmt.Fprintf(&f, "number: %d\naddressees: []\ncountries: []\nthemes: []\n", r.Number)
	fmt.Fprintf(&f, "sources:\n  - {report: %s, paragraph: %s, page: %d}\nvisibility: public\n", quote(report), quote(b.ID), b.Page)
	return f.file(doc, "")
}

// shorten cuts a text between words.
func shorten(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	s = string([]rune(s)[:most])
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		s = s[:i]
	}
	return strings.TrimRight(s, ",;: ") + " …"
}
