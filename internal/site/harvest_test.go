package site

import (
	"encoding/xml"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
)

var urnForm = regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

type atomFeed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	atomHead
	Author  string `xml:"author>name"`
	Entries []struct {
		atomHead
		Lang    string `xml:"lang,attr"`
		Summary string `xml:"summary"`
	} `xml:"entry"`
}

// atomHead is what RFC 4287 requires of a feed and of an entry.
type atomHead struct {
	ID      string `xml:"id"`
	Title   string `xml:"title"`
	Updated string `xml:"updated"`
	Links   []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"link"`
}

func (h atomHead) check(t *testing.T, name, base string) {
	t.Helper()
	if _, err := time.Parse(time.RFC3339, h.Updated); err != nil || !urnForm.MatchString(h.ID) || h.Title == "" {
		t.Errorf("%s: id %q, title %q, updated %q", name, h.ID, h.Title, h.Updated)
	}
	for _, link := range h.Links {
		if !strings.HasPrefix(link.Href, base+"/") {
			t.Errorf("%s: the link %q does not begin with %s/", name, link.Href, base)
		}
	}
}

// checkAtom reads the feed of the site and of each section. Links begin with
// base, the site's public address.
func checkAtom(t *testing.T, out fs.FS, base string) {
	titles := map[string]string{} // by id: one record is one entry, in whatever feed
	for _, name := range glob(t, out, "index.xml") {
		var feed atomFeed
		if err := xml.Unmarshal(read(t, out, name), &feed); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		feed.check(t, name, base)
		if len(feed.Links) != 2 || feed.Links[0].Rel != "self" || feed.Links[0].Href != base+"/"+name || feed.Author == "" {
			t.Errorf("%s: links %v, author %q", name, feed.Links, feed.Author)
		}
		seen := map[string]bool{feed.ID: true}
		for _, entry := range feed.Entries {
			entry.check(t, name, base)
			if seen[entry.ID] || entry.Lang == "" || len(entry.Links) != 1 || entry.Updated > feed.Updated {
				t.Errorf("%s: entry %+v is doubled, incomplete or newer than its feed", name, entry)
			}
			if known, found := titles[entry.ID]; found && known != entry.Title {
				t.Errorf("%s: %q and %q have one id", name, known, entry.Title)
			}
			seen[entry.ID], titles[entry.ID] = true, entry.Title
		}
		if found := discovered(t, out, path.Join(path.Dir(name), "index.html")); found != "/"+name {
			t.Errorf("%s is not announced in its page, which names %q", name, found)
		}
	}
	if len(titles) == 0 {
		t.Error("no feed has an entry")
	}
}

// discovered returns the Atom feed that a page announces.
func discovered(t *testing.T, out fs.FS, name string) string {
	t.Helper()
	page, err := goquery.NewDocumentFromReader(strings.NewReader(string(read(t, out, name))))
	if err != nil {
		t.Fatal(err)
	}
	return page.Find(`head link[rel=alternate][type="application/atom+xml"]`).AttrOr("href", "")
}

type oaiRepository struct {
	XMLName  xml.Name `xml:"http://www.openarchives.org/OAI/2.0/static-repository Repository"`
	Identify struct {
		Said []struct {
			XMLName xml.Name
			Value   string `xml:",chardata"`
		} `xml:",any"`
	} `xml:"Identify"`
	Prefix  string `xml:"ListMetadataFormats>metadataFormat>metadataPrefix"`
	Records []struct {
		Identifier string `xml:"header>identifier"`
		Datestamp  string `xml:"header>datestamp"`
		Core       struct {
			Titles      []string `xml:"http://purl.org/dc/elements/1.1/ title"`
			Identifiers []string `xml:"http://purl.org/dc/elements/1.1/ identifier"`
			Languages   []string `xml:"http://purl.org/dc/elements/1.1/ language"`
			Publisher   string   `xml:"http://purl.org/dc/elements/1.1/ publisher"`
		} `xml:"metadata>dc"`
	} `xml:"ListRecords>record"`
}

// identifyOrder is the order that the schema of OAI-PMH prescribes.
var identifyOrder = []string{"repositoryName", "baseURL", "protocolVersion", "adminEmail", "earliestDatestamp", "deletedRecord", "granularity"}

func checkOAI(t *testing.T, out fs.FS) {
	var repository oaiRepository
	if err := xml.Unmarshal(read(t, out, "oai.xml"), &repository); err != nil {
		t.Fatal(err)
	}
	var said []string
	values := map[string]string{}
	for _, one := range repository.Identify.Said {
		said, values[one.XMLName.Local] = append(said, one.XMLName.Local), one.Value
	}
	if diff := cmp.Diff(identifyOrder, said); diff != "" || repository.Prefix != "oai_dc" {
		t.Errorf("Identify (-want +got):\n%s, prefix %q", diff, repository.Prefix)
	}
	seen, sections := map[string]bool{}, map[string]bool{}
	for _, record := range repository.Records {
		core := record.Core
		if seen[record.Identifier] || !urnForm.MatchString(record.Identifier) || core.Publisher == "" ||
			len(core.Titles) == 0 || len(core.Titles) != len(core.Languages) || len(core.Identifiers) < len(core.Languages) {
			t.Errorf("record %+v is doubled or incomplete", record)
		}
		seen[record.Identifier] = true
		if day, err := time.Parse(time.DateOnly, record.Datestamp); err != nil || day.Format(time.DateOnly) < values["earliestDatestamp"] {
			t.Errorf("%s: datestamp %q, earliest %q", record.Identifier, record.Datestamp, values["earliestDatestamp"])
		}
		for _, address := range core.Identifiers {
			if page, ok := strings.CutPrefix(address, "/"); ok {
				read(t, out, path.Join(page, "index.html"))
				sections[path.Base(path.Dir(path.Clean(page)))] = true
			}
		}
	}
	want := map[string]bool{"reports": true, "practices": true, "recommendations": true, "meetings": true, "legislation": true}
	if diff := cmp.Diff(want, sections); diff != "" {
		t.Errorf("sections (-want +got):\n%s", diff)
	}
}
