package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/goccy/go-yaml"
)

// chainRecord is what the chain of records needs of a page's front matter.
type chainRecord struct {
	ID              string   `yaml:"id"`
	Code            string   `yaml:"code"`
	Meeting         string   `yaml:"meeting"`
	Kind            string   `yaml:"instrument_kind"`
	Countries       []string `yaml:"countries"`
	Delegations     []string `yaml:"delegations"`
	Documents       []string `yaml:"documents"`
	Themes          []string `yaml:"themes"`
	Instruments     []string `yaml:"instruments"`
	Recommendations []string `yaml:"recommendations"`
	Sources         []struct {
		Report    string `yaml:"report"`
		Paragraph string `yaml:"paragraph"`
	} `yaml:"sources"`
}

// chainRecords reads the English front matter of every record, by address. The
// other languages agree with it, which cmc check proves.
func chainRecords(t *testing.T, dir string) map[string]chainRecord {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "content", "*", "*", "index.en.md"))
	if err != nil || len(files) < 100 {
		t.Fatalf("found %d records, %v", len(files), err)
	}
	records := map[string]chainRecord{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parts := bytes.SplitN(text, []byte("---\n"), 3)
		var record chainRecord
		if err := yaml.Unmarshal(parts[1], &record); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		slug := filepath.Dir(file)
		records["/"+filepath.Base(filepath.Dir(slug))+"/"+filepath.Base(slug)+"/"] = record
	}
	return records
}

// relation says that two pages belong together, and which file says so.
type relation struct{ from, to, why string }

// relationsOf lists the pairs that the front matter and the data join.
func relationsOf(t *testing.T, dir string, records map[string]chainRecord) []relation {
	t.Helper()
	var out []relation
	join := func(from, section, why string, slugs ...string) {
		for _, slug := range slugs {
			to := "/" + section + "/" + strings.ToLower(slug) + "/"
			if _, ok := records[to]; ok && to != from {
				out = append(out, relation{from, to, why})
			}
		}
	}
	meetingOf := map[string]string{}
	for address, r := range records {
		if r.Meeting != "" {
			meetingOf[strings.Split(address, "/")[2]] = strings.TrimPrefix(r.Meeting, "meeting-")
		}
	}
	for address, r := range records {
		join(address, "legislation", "instruments", r.Instruments...)
		join(address, "recommendations", "recommendations", r.Recommendations...)
		join(address, "countries", "countries", r.Countries...)
		join(address, "countries", "delegations", r.Delegations...)
		join(address, "reports", "documents", r.Documents...)
		join(address, "themes", "themes", r.Themes...)
		join(address, "meetings", "meeting", strings.TrimPrefix(r.Meeting, "meeting-"))
		section := strings.Split(address, "/")[1]
		for _, source := range r.Sources {
			join(address, "reports", "sources", source.Report)
			if section == "practices" || section == "recommendations" {
				join(address, "meetings", "the meeting of its source", meetingOf[source.Report])
			}
		}
	}
	return append(out, dataRelations(t, dir, records)...)
}

// dataRelations lists the pairs that the files of data join.
func dataRelations(t *testing.T, dir string, records map[string]chainRecord) []relation {
	t.Helper()
	var out []relation
	add := func(from, to, why string) {
		if _, ok := records[from]; ok {
			if _, ok := records[to]; ok {
				out = append(out, relation{from, to, why})
			}
		}
	}
	type row struct {
		ISO3        string   `yaml:"iso3"`
		Status      string   `yaml:"status"`
		Instrument  string   `yaml:"instrument"`
		Instruments []string `yaml:"instruments"`
		Practices   []string `yaml:"practices"`
		Country     string   `yaml:"country"`
		Guide       string   `yaml:"guide"`
	}
	for _, name := range []string{"accessions", "legal_actions", "law_in_region"} {
		for _, r := range dataRows[row](t, dir, name) {
			country := "/countries/" + strings.ToLower(r.Country+r.ISO3) + "/"
			if r.Status == "party" || r.Status == "signed only" {
				add(country, "/legislation/"+r.Instrument+"/", name)
			}
			if r.Guide != "" {
				add(country, "/legislation/"+r.Guide+"/", name)
				continue
			}
			for _, instrument := range r.Instruments {
				add(country, "/legislation/"+instrument+"/", name)
			}
		}
	}
	return out
}

// entriesOf lists the ids of the data files whose entries have no page of their own.
func entriesOf(t *testing.T, dir string) []string {
	t.Helper()
	var ids []string
	for _, name := range []string{
		"areas_of_concern", "challenges", "conclusions", "discussion_points", "figures", "legal_actions",
		"organisations", "plan_areas", "speakers",
	} {
		for _, entry := range dataRows[struct{ ID string }](t, dir, name) {
			ids = append(ids, entry.ID)
		}
	}
	if len(ids) < 100 {
		t.Fatalf("found %d entries in the data files, want those of the whole report", len(ids))
	}
	return ids
}

// dataRows reads one file of data.
func dataRows[T any](t *testing.T, dir, name string) []T {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "data", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []T
	if err := yaml.Unmarshal(text, &rows); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return rows
}

// chainPage is a built page: the pages its main part links to, those that the
// whole page links to, its links as written, and its ids.
type chainPage struct{ main, all, links, ids map[string]bool }

// chainPages reads every page of a built site.
func chainPages(t *testing.T, out string) map[string]*chainPage {
	t.Helper()
	pages := map[string]*chainPage{}
	err := filepath.WalkDir(out, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Base(name) != "index.html" {
			return err
		}
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		doc, err := goquery.NewDocumentFromReader(file)
		if err != nil {
			return err
		}
		if doc.Find("meta[http-equiv=refresh]").Length() > 0 {
			return nil // an old address
		}
		rel, err := filepath.Rel(out, filepath.Dir(name))
		address := strings.TrimPrefix("/"+filepath.ToSlash(rel)+"/", "/.")
		pages[address] = readChainPage(doc, address)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

func readChainPage(doc *goquery.Document, address string) *chainPage {
	p := &chainPage{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	doc.Find("[id]").Each(func(_ int, e *goquery.Selection) { p.ids[e.AttrOr("id", "")] = true })
	doc.Find("a[href]").Each(func(_ int, e *goquery.Selection) {
		href := e.AttrOr("href", "")
		if strings.HasPrefix(href, "#") {
			href = address + href
		}
		page, _, _ := strings.Cut(href, "#")
		page, _, _ = strings.Cut(page, "?")
		p.links[href] = true
		p.all[page] = true
		if e.Closest("main").Length() > 0 {
			p.main[page] = true
		}
	})
	return p
}
