package importer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// facts is what a researcher read out of the real report by hand.
type facts struct {
	Document struct {
		ID         string   `yaml:"id"`
		Place      string   `yaml:"place"`
		DateRange  string   `yaml:"date_range"`
		Language   string   `yaml:"language"`
		Symbol     string   `yaml:"symbol_proposed"`
		TitleLines []string `yaml:"title_lines"`
	} `yaml:"document"`
	Sections []struct {
		ID, Number, Title string
		Page, Level       int
		Verbatim          string `yaml:"heading_verbatim"`
	} `yaml:"sections"`
	Paragraphs []struct {
		ID, Section, Kind, Text string
		Page                    int
		PageEnd                 int   `yaml:"page_end"`
		Footnotes               []int `yaml:"footnotes"`
	} `yaml:"paragraphs"`
	Footnotes []struct {
		Number, Page int
		Anchor, Text string
	} `yaml:"footnotes"`
	Groups []struct {
		Code, Heading, Source string
		Count                 int
	} `yaml:"recommendation_groups"`
	Recommendations []struct {
		ID, Symbol, Text, Source string
		Number, Page             int
	} `yaml:"recommendations"`
}

// realSource finds the folder with the real report beside the repository, and
// skips the test where there is none.
func realSource(t testing.TB) (source string, want facts) {
	t.Helper()
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		root = filepath.Dir(root)
	}
	shared := filepath.Join(filepath.Dir(root), "shared")
	source = filepath.Join(shared, "source", "nassau-2017.txt")
	data, err := os.ReadFile(filepath.Join(shared, "facts", "nassau-2017.yaml"))
	if err != nil {
		t.Skipf("the real report is not here (no folder %s): only our own fixtures are tested", shared)
	}
	if err := yaml.Unmarshal(data, &want); err != nil {
		t.Fatalf("facts: %v", err)
	}
	return source, want
}

func readReal(t testing.TB) (*Document, *Report, string, facts) {
	t.Helper()
	source, want := realSource(t)
	data, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	doc, report, err := Read("nassau-2017.txt", strings.NewReader(string(data)), Options{Codes: codes(want)})
	if err != nil {
		t.Fatal(err)
	}
	return doc, report, string(data), want
}

func codes(f facts) []GroupCode {
	var all []GroupCode
	for _, g := range f.Groups {
		all = append(all, GroupCode{Code: g.Code, Report: "nassau-2017", Heading: g.Heading})
	}
	return all
}

func TestReadRealReportAgreesWithTheFacts(t *testing.T) {
	doc, _, _, want := readReal(t)
	type part struct {
		ID, Section, Kind, Text string
		Page, PageEnd           int
		Notes                   []int
	}
	var got, wanted []part
	for _, b := range doc.Blocks {
		if b.Kind == Heading {
			continue
		}
		p := part{ID: b.ID, Section: b.Section, Kind: string(b.Kind), Text: b.Text, Page: b.Page, PageEnd: b.PageEnd}
		for _, r := range b.Refs {
			p.Notes = append(p.Notes, doc.Notes[r.Note].Number)
		}
		got = append(got, p)
	}
	for _, p := range want.Paragraphs {
		wanted = append(wanted, part{p.ID, p.Section, p.Kind, p.Text, p.Page, max(p.Page, p.PageEnd), p.Footnotes})
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("blocks (-facts +read):\n%s", diff)
	}
	if len(got) != len(want.Paragraphs) || doc.Pages != 7 {
		t.Errorf("%d blocks on %d pages, want %d on 7", len(got), doc.Pages, len(want.Paragraphs))
	}
}

func TestReadRealReportHasTheSectionsAndNotes(t *testing.T) {
	doc, _, _, want := readReal(t)
	var wantSections []Section
	for _, s := range want.Sections {
		wantSections = append(wantSections, Section{ID: s.ID, Number: s.Number, Title: s.Title, Level: s.Level, Page: s.Page})
	}
	got := append([]Section(nil), doc.Sections...)
	for i := range got {
		got[i].Line = 0
		if h := doc.block(got[i].ID); h == nil || i < len(want.Sections) && h.Text != want.Sections[i].Verbatim {
			t.Errorf("heading %s = %v, want %q", got[i].ID, h, want.Sections[i].Verbatim)
		}
	}
	if diff := cmp.Diff(wantSections, got); diff != "" {
		t.Errorf("sections (-facts +read):\n%s", diff)
	}
	var wantNotes, notes []Note
	for _, n := range want.Footnotes {
		wantNotes = append(wantNotes, Note{Number: n.Number, Text: n.Text, Page: n.Page, Block: n.Anchor})
	}
	for _, n := range doc.Notes {
		n.Line = 0
		notes = append(notes, n)
	}
	if diff := cmp.Diff(wantNotes, notes); diff != "" {
		t.Errorf("notes (-facts +read):\n%s", diff)
	}
}

func TestReadRealReportHasTheRecommendations(t *testing.T) {
	doc, _, _, want := readReal(t)
	if len(doc.Groups) != len(want.Groups) {
		t.Fatalf("%d groups, want %d", len(doc.Groups), len(want.Groups))
	}
	next := 0
	for i, g := range doc.Groups {
		w := want.Groups[i]
		if g.Code != w.Code || g.Heading != w.Heading || g.Intro != w.Source || len(g.Items) != w.Count {
			t.Errorf("group %d = %s %q %s with %d, want %+v", i, g.Code, g.Heading, g.Intro, len(g.Items), w)
		}
		for _, r := range g.Items {
			w, b := want.Recommendations[next], doc.block(r.Block)
			if r.Slug != w.ID || r.Symbol != w.Symbol || r.Number != w.Number || r.Block != w.Source || b.Text != w.Text || b.Page != w.Page {
				t.Errorf("recommendation %+v %q, want %+v", r, b.Text, w)
			}
			next++
		}
	}
	if next != 26 {
		t.Errorf("%d recommendations, want 26", next)
	}
	if doc.ID != want.Document.ID || doc.Slug != "nassau-2017" || doc.Symbol != want.Document.Symbol || doc.Lang != want.Document.Language || doc.Place != want.Document.Place {
		t.Errorf("document = %s %s %s %s %q", doc.ID, doc.Slug, doc.Symbol, doc.Lang, doc.Place)
	}
	if got := doc.Start.Format("2006-01-02") + "/" + doc.End.Format("2006-01-02"); got != want.Document.DateRange {
		t.Errorf("dates = %s, want %s", got, want.Document.DateRange)
	}
}

// TestReadRealReportLosesNoLetter counts every printed character: what the
// source has is in a block, in a note, in what was left out, or is the mark of
// a bullet or of a note.
func TestReadRealReportLosesNoLetter(t *testing.T) {
	doc, _, source, _ := readReal(t)
	left := map[rune]int{}
	count := func(s string, by int) {
		for _, r := range s {
			if !unicode.IsSpace(r) {
				left[r] += by
			}
		}
	}
	count(source, 1)
	for _, b := range doc.Blocks {
		count(b.Text, -1)
		if b.Kind == Bullet {
			count("-", -1)
		}
	}
	for _, n := range doc.Notes {
		count(n.Text, -1)
		number := string(rune('0' + n.Number))
		count(number+number, -1) // in the text and before the note
	}
	for _, d := range doc.Dropped {
		count(d.Text, -1)
	}
	for r, n := range left {
		if n != 0 {
			t.Errorf("%q: %+d in the source more than in the document", r, n)
		}
	}
}

// words are what a reader reads: everything between white space.
func words(s string) []string { return strings.Fields(s) }

// TestRealReportStandsOnThePageWordByWord renders what Write writes and
// compares each part's words with the facts.
func TestRealReportStandsOnThePageWordByWord(t *testing.T) {
	doc, _, _, want := readReal(t)
	var wanted []string
	paragraphs := map[string][]string{}
	for _, p := range want.Paragraphs {
		paragraphs[p.Section] = append(paragraphs[p.Section], p.Text)
	}
	wanted = append(wanted, paragraphs["sec-0"]...)
	for _, s := range want.Sections {
		wanted = append(append(wanted, s.Verbatim), paragraphs[s.ID]...)
	}
	for _, n := range want.Footnotes {
		wanted = append(wanted, n.Text)
	}
	page := render(t, reportText(doc))
	if n := page.Find("sup a.footnote-ref").Length(); n != 5 {
		t.Errorf("%d references to notes, want 5", n)
	}
	if n := page.Find(".footnotes li a.footnote-backref").Length(); n != 5 {
		t.Errorf("%d ways back from the notes, want 5", n)
	}
	page.Find("sup, .footnote-backref").Remove()
	if diff := cmp.Diff(words(strings.Join(wanted, "\n")), words(page.Find("body").Text())); diff != "" {
		t.Errorf("words (-facts +page):\n%s", diff)
	}
}

// TestReadRealReportWithOtherLineEnds reads the same report as saved on Windows,
// and with form feeds where the pages turn.
func TestReadRealReportWithOtherLineEnds(t *testing.T) {
	doc, _, source, want := readReal(t)
	feeds := strings.ReplaceAll(source[1:], "\n ", "\n\f") // one leading space marks a page
	feeds = strings.ReplaceAll(feeds, "\f\n", "\n")
	feeds = strings.ReplaceAll(feeds, "\f   ", "    ")
	for name, text := range map[string]string{
		"CRLF": strings.ReplaceAll(source, "\n", "\r\n"), "a byte order mark": "\ufeff" + source, "form feeds": feeds,
	} {
		again, _, err := Read("nassau-2017.txt", strings.NewReader(text), Options{Codes: codes(want)})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(dump(doc), dump(again)); diff != "" {
			t.Errorf("%s (-as it is +so):\n%s", name, diff)
		}
	}
}
