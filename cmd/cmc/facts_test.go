package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/goccy/go-yaml"
)

// TestEveryFactIsOnAPageWithItsSource looks for every fact of the list that
// internal/record holds the content against, on the pages as they are built, in
// every language: each has its place, and a link from there to its source. The
// ways back are TestTheChainIsWalkableBothWays.
func TestEveryFactIsOnAPageWithItsSource(t *testing.T) {
	dir := built(t)
	list, err := os.ReadFile(filepath.Join(wholeSite(t), "internal", "record", "testdata", "facts.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, home := range homes(t, wholeSite(t)) {
		t.Run("home"+home.prefix, func(t *testing.T) {
			shown := gatherShown(t, dir, home)
			asked := 0
			for line := range strings.Lines(string(list)) {
				kind, id, isFact := strings.Cut(strings.TrimSpace(line), " ")
				if !isFact || kind == "#" {
					continue
				}
				asked++
				if fault := shown.fault(kind, id); fault != "" {
					t.Errorf("%s %s: %s", kind, id, fault)
				}
			}
			if asked < 500 {
				t.Errorf("the list holds %d facts; it has lost most of them", asked)
			}
		})
	}
}

// shown is what the pages of one language show.
type shown struct {
	home
	pages   map[string]*goquery.Document    // by address without the language
	places  map[string][]*goquery.Selection // elements by id
	records map[string]string               // addresses by id
	unknown map[string]bool                 // accessions that no source tells of
}

func gatherShown(t *testing.T, dir string, home home) *shown {
	t.Helper()
	s := &shown{home, map[string]*goquery.Document{}, map[string][]*goquery.Selection{}, map[string]string{}, unknownAccessions(t)}
	for _, address := range pages(t, dir) {
		if !home.holds(address) || !strings.HasSuffix(address, "/") {
			continue
		}
		file, err := os.Open(filepath.Join(dir, filepath.FromSlash(address), "index.html"))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := goquery.NewDocumentFromReader(file)
		file.Close()
		if err != nil {
			t.Fatalf("%s: %v", address, err)
		}
		s.pages[strings.TrimPrefix(address, home.prefix)] = doc
		doc.Find("main [id]").Each(func(_ int, e *goquery.Selection) {
			id := e.AttrOr("id", "")
			s.places[id] = append(s.places[id], e)
		})
	}
	for address, record := range chainRecords(t, wholeSite(t)) {
		s.records[record.ID] = address
	}
	return s
}

// unknownAccessions are those of which the data says that no source was found.
func unknownAccessions(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(wholeSite(t), "data", "accessions.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct{ ISO3, Instrument, Status string }
	if err := yaml.Unmarshal(text, &rows); err != nil {
		t.Fatalf("data/accessions.yaml: %v", err)
	}
	unknown := map[string]bool{}
	for _, row := range rows {
		unknown[row.ISO3+" "+row.Instrument] = row.Status == "unknown"
	}
	return unknown
}

// fault says what a fact lacks, or nothing.
func (s *shown) fault(kind, id string) string {
	switch kind {
	case "record":
		return s.record(id)
	case "row":
		return s.sourced(id)
	case "accession":
		return s.accession(id)
	case "country":
		code := strings.ToLower(id)
		if s.pages["/countries/"+code+"/"] == nil && s.places["matrix-"+code] == nil && s.places["country-"+code] == nil {
			return "it has neither a page nor a row of the matrix, nor is it listed"
		}
		return ""
	case "group":
		return s.placed("group-" + strings.ToLower(id))
	case "acronym":
		return s.placed(strings.ToLower(id))
	case "footnote":
		return s.placed(strings.Replace(id, "fn-", "fn:", 1))
	case "paragraph", "section", "erratum":
		return s.placed(id)
	default:
		return "no such kind of fact is known here"
	}
}

func (s *shown) placed(id string) string {
	if len(s.places[id]) == 0 {
		return "no page has the place #" + id
	}
	return ""
}

// toSource finds links to a paragraph of a report, or to a document elsewhere.
const toSource = `a[href*="/reports/"][href*="#"], a[href^="https://"], a[href^="http://"]`

func (s *shown) record(id string) string {
	page := s.pages[s.records[id]]
	switch {
	case page == nil:
		return "it has no page"
	case page.Find("main").Find(toSource).Length() == 0 && page.Find(`main .prose [id^="par-"]`).Length() == 0:
		return "its page has no link to a source"
	}
	return ""
}

// sourced asks that each place of a fact leads to the source of it.
func (s *shown) sourced(id string) string {
	for _, place := range s.places[id] {
		if place.Find(toSource).Length() == 0 {
			return "it stands on a page without a link to its source"
		}
	}
	return s.placed(id)
}

// accession asks for the cell of a State and a treaty, and for its source.
func (s *shown) accession(id string) string {
	code, treaty, _ := strings.Cut(strings.ToLower(id), " ")
	column := slices.Index([]string{"1951", "1967", "1954", "1961"}, treaty)
	rows := s.places["matrix-"+code]
	if len(rows) != 1 || column < 0 {
		return "the matrix has no such row or column"
	}
	cell := rows[0].Find("td").Eq(column)
	sources := cell.Find(`a[href^="#matrix-source-"]`).Length()
	switch {
	case strings.TrimSpace(cell.Text()) == "":
		return "its cell is empty"
	case s.unknown[id] != (sources == 0):
		return "something is known, and the cell names no source; or the other way round: " + strings.TrimSpace(cell.Text())
	}
	return ""
}
