package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
)

// TestMachines reads the repository's own site as other programs do, a browser
// with the rules of accessibility among them.
func TestMachines(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the whole site")
	}
	opts := testOptions(t, filepath.Join("..", ".."))
	result := mustBuild(t, opts)
	if len(result.Warnings) > 0 {
		t.Errorf("the build warned: %q", result.Warnings)
	}
	out := os.DirFS(opts.Out)
	t.Run("every page says in JSON-LD what it is", func(t *testing.T) { checkJSONLD(t, out) })
	t.Run("the feed follows JSON Feed 1.1", func(t *testing.T) { checkFeed(t, out) })
	t.Run("every feed follows Atom 1.0", func(t *testing.T) { checkAtom(t, out, "") })
	t.Run("libraries can harvest every record once", func(t *testing.T) { checkOAI(t, out) })
	t.Run("the data package lists what is there", func(t *testing.T) { checkDataPackage(t, out) })
	t.Run("calendars keep the rules for lines", func(t *testing.T) { checkCalendars(t, out) })
	t.Run("every citation file can be read", func(t *testing.T) { checkCitations(t, out) })
	t.Run("every page has its picture", func(t *testing.T) { checkPictures(t, out) })
	t.Run("everybody can use every page", func(t *testing.T) { checkAccessible(t, opts.Out, out) })
	t.Run("the sitemap lists pages that exist", func(t *testing.T) { checkSitemap(t, out) })
}

// glob returns every file of that base name.
func glob(t *testing.T, out fs.FS, base string) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(out, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && path.Base(name) == base {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Fatalf("no file is called %s", base)
	}
	return names
}

func read(t *testing.T, out fs.FS, name string) []byte {
	t.Helper()
	text, err := fs.ReadFile(out, name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func unmarshal(t *testing.T, name string, text []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

// typesOf gives the type that the pages of a section must have; the others may
// be of several.
var typesOf = map[string]string{
	"index.html": "WebSite", "glossary/index.html": "DefinedTermSet", "reports/index.html": "CollectionPage",
	"reports/nassau-2017/index.html": "Report", "meetings/cmc-2017-nassau/index.html": "Event",
	"legislation/1954/index.html": "Legislation", "legislation/refugee-legislation/index.html": "Article",
	"practices/rrtm/index.html": "Article", "recommendations/cmc-2017-ns-3/index.html": "Article",
	"countries/bhs/index.html": "Country", "countries/aia/index.html": "AdministrativeArea",
}

func checkJSONLD(t *testing.T, out fs.FS) {
	types := map[string]string{}
	for _, name := range glob(t, out, "index.html") {
		page, err := goquery.NewDocumentFromReader(bytes.NewReader(read(t, out, name)))
		if err != nil {
			t.Fatal(err)
		}
		if page.Find("meta[http-equiv=refresh]").Length() > 0 {
			continue // an alias
		}
		scripts := page.Find(`script[type="application/ld+json"]`)
		if scripts.Length() != 1 {
			t.Errorf("%s has %d scripts of JSON-LD, want 1", name, scripts.Length())
			continue
		}
		var graph struct {
			Context string `json:"@context"`
			Graph   []struct {
				Type string `json:"@type"`
				Name string `json:"name"`
			} `json:"@graph"`
		}
		unmarshal(t, name, []byte(scripts.Text()), &graph)
		if graph.Context != "https://schema.org" || len(graph.Graph) == 0 || graph.Graph[0].Name == "" {
			t.Errorf("%s names nothing: %s", name, scripts.Text())
			continue
		}
		if _, told := typesOf[name]; told {
			types[name] = graph.Graph[0].Type
		}
	}
	if diff := cmp.Diff(typesOf, types); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
}

func checkFeed(t *testing.T, out fs.FS) {
	for _, name := range glob(t, out, "feed.json") {
		var feed struct {
			Version, Title string
			Items          []struct {
				ID          string `json:"id"`
				ContentText string `json:"content_text"`
			}
		}
		unmarshal(t, name, read(t, out, name), &feed)
		if feed.Version != "https://jsonfeed.org/version/1.1" || feed.Title == "" || len(feed.Items) == 0 {
			t.Errorf("%s: version %q, title %q, %d items", name, feed.Version, feed.Title, len(feed.Items))
		}
		seen := map[string]bool{}
		for _, item := range feed.Items {
			if item.ID == "" || item.ContentText == "" || seen[item.ID] {
				t.Errorf("%s: item %q is empty or doubled", name, item.ID)
			}
			seen[item.ID] = true
		}
	}
}

func checkDataPackage(t *testing.T, out fs.FS) {
	for _, name := range glob(t, out, "datapackage.json") {
		var pack struct {
			Name      string
			Resources []struct {
				Name, Path, Format, Hash string
				Bytes                    int
				Schema                   struct{ Fields []struct{ Name string } }
			}
		}
		unmarshal(t, name, read(t, out, name), &pack)
		rows := map[string]int{} // of each table, as JSON has them
		for _, r := range pack.Resources {
			file := path.Join(path.Dir(name), r.Path)
			text := read(t, out, file)
			sum := sha256.Sum256(text)
			if r.Bytes != len(text) || r.Hash != "sha256:"+hex.EncodeToString(sum[:]) {
				t.Errorf("%s: size or sum of %s is wrong", name, file)
			}
			if r.Format == "json" {
				var list []map[string]any
				unmarshal(t, file, text, &list)
				rows[strings.TrimSuffix(r.Name, "-json")] += len(list)
				continue
			}
			var fields []string
			for _, field := range r.Schema.Fields {
				fields = append(fields, field.Name)
			}
			rows[r.Name] -= len(checkCSV(t, file, text, fields))
		}
		if len(rows) != 6 {
			t.Errorf("%s has %d tables, want 6", name, len(rows))
		}
		for table, difference := range rows {
			if difference != 0 {
				t.Errorf("%s: table %s has %d rows more in JSON than in CSV", name, table, difference)
			}
		}
	}
}

// checkCSV returns the rows below the header.
func checkCSV(t *testing.T, name string, text []byte, fields []string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll() // refuses rows of unequal length
	if err != nil || len(rows) < 2 {
		t.Errorf("%s: %d rows, %v", name, len(rows), err)
		return nil
	}
	if diff := cmp.Diff(fields, rows[0]); diff != "" {
		t.Errorf("%s: columns (-schema +header):\n%s", name, diff)
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				t.Errorf("%s: a spreadsheet would run %q", name, cell)
			}
		}
	}
	return rows[1:]
}

func checkCalendars(t *testing.T, out fs.FS) {
	for _, name := range glob(t, out, "index.ics") {
		text := read(t, out, name)
		if bytes.Count(text, []byte("\n")) != bytes.Count(text, []byte("\r\n")) || !bytes.HasSuffix(text, []byte("END:VCALENDAR\r\n")) {
			t.Errorf("%s: a line does not end with CRLF", name)
		}
		for line := range strings.SplitSeq(string(text), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) {
				t.Errorf("%s: %d octets in the line %q", name, len(line), line)
			}
		}
		unfolded := strings.ReplaceAll(string(text), "\r\n ", "")
		events := strings.Count(unfolded, "BEGIN:VEVENT\r\n")
		for _, property := range []string{"\r\nUID:", "\r\nDTSTAMP:", "\r\nDTSTART;VALUE=DATE:", "\r\nSUMMARY:", "\r\nEND:VEVENT"} {
			if n := strings.Count(unfolded, property); n != events || events == 0 {
				t.Errorf("%s: %d times %q in %d events", name, n, property, events)
			}
		}
	}
}

func checkCitations(t *testing.T, out fs.FS) {
	for _, name := range glob(t, out, "cite.json") {
		var items []struct {
			ID, Type, Title, URL string
		}
		unmarshal(t, name, read(t, out, name), &items)
		if len(items) != 1 || items[0].ID == "" || items[0].Title == "" || items[0].URL == "" {
			t.Errorf("%s: %+v", name, items)
		}
		bib := string(read(t, out, path.Join(path.Dir(name), "cite.bib")))
		if strings.Count(bib, "{") != strings.Count(bib, "}") || !strings.HasPrefix(bib, "@") {
			t.Errorf("%s has unbalanced braces:\n%s", name, bib)
		}
		ris := string(read(t, out, path.Join(path.Dir(name), "cite.ris")))
		if !strings.HasPrefix(ris, "TY  - ") || !strings.Contains(ris, "\r\nER  - \r\n") {
			t.Errorf("%s does not begin with TY and end with ER:\n%s", name, ris)
		}
	}
}

func checkSitemap(t *testing.T, out fs.FS) {
	for _, name := range glob(t, out, "sitemap.xml") {
		page, err := goquery.NewDocumentFromReader(bytes.NewReader(read(t, out, name)))
		if err != nil {
			t.Fatal(err)
		}
		for _, loc := range page.Find("loc").EachIter() {
			address, err := url.Parse(loc.Text())
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			file := strings.TrimPrefix(address.Path, "/")
			if path.Ext(file) == "" {
				file = path.Join(file, "index.html")
			}
			if _, err := fs.Stat(out, file); err != nil {
				t.Errorf("%s lists %s, which is not there", name, address)
			}
		}
	}
}
