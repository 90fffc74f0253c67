package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/brotli"
)

// Budgets of a cold visit: compressed bytes of the page and of all it needs.
const (
	kilobyte    = 1000
	homeBudget  = 60 * kilobyte
	pageBudget  = 100 * kilobyte
	topicBudget = 40 * kilobyte // twenty posts, signed in
	jsBudget    = 15 * kilobyte
)

// TestPagesKeepTheirBudgets weighs every page of the site as a browser with an
// empty cache gets it from the running server.
func TestPagesKeepTheirBudgets(t *testing.T) {
	server := launch(t, wholeSite(t))
	scale := newScale(newVisitor(t, server.address))
	scale.weigh("/", homeBudget)
	for _, path := range sitemap(t, server) {
		scale.weigh(path, pageBudget)
	}
	scale.weigh("/search/?q=asylum", pageBudget)
	scale.weigh("/forum/", pageBudget)
	if len(scale.pages) < 50 {
		t.Errorf("weighed %d pages, want the whole site", len(scale.pages))
	}

	member := server.member("Ana", "ana@bhs.example", "BHS", "expert")
	topic := member.startTopic("public-exchange", "Reception at night")
	for n := 2; n <= 20; n++ {
		page := member.get(topic)
		member.submit(page, `form[action$="/posts"]`, map[string]string{
			"body": fmt.Sprintf("Post %d: we opened the **reception room** at night, with two officers and an interpreter on call.\n\n- beds: 12\n- since: last spring\n\nSee [the report](/reports/nassau-2017/#par-2.3-04).", n),
		})
	}
	signedIn := newScale(member)
	signedIn.weigh(topic, topicBudget)
	if got := member.get(topic).doc.Find(".post-body").Length(); got != 20 {
		t.Errorf("the topic shows %d posts, want 20", got)
	}
	t.Logf("heaviest of %d pages: %s with %d bytes; home %d; topic of 20 posts %d; scripts %d",
		len(scale.pages), scale.heaviest, scale.pages[scale.heaviest], scale.pages["/"], signedIn.pages[topic], signedIn.scripts)
}

// sitemap lists the paths of all pages in all languages.
func sitemap(t *testing.T, server *process) []string {
	t.Helper()
	visitor := newVisitor(t, server.address)
	var paths []string
	for queue := []string{"/sitemap.xml"}; len(queue) > 0; queue = queue[1:] {
		visitor.get(queue[0]).doc.Find("loc").Each(func(_ int, s *goquery.Selection) {
			address, err := url.Parse(strings.TrimSpace(s.Text()))
			if err != nil {
				t.Fatalf("sitemap: %v", err)
			}
			if strings.HasSuffix(address.Path, ".xml") {
				queue = append(queue, address.Path)
			} else {
				paths = append(paths, address.Path)
			}
		})
	}
	return paths
}

// scale weighs pages as they come over the wire, each resource once.
type scale struct {
	*visitor
	resources map[string]int
	pages     map[string]int
	heaviest  string
	scripts   int // bytes of scripts on the last page
}

func newScale(v *visitor) *scale {
	return &scale{visitor: v, resources: map[string]int{}, pages: map[string]int{}}
}

// weigh adds up a page and all it needs, and holds it against the budget.
func (s *scale) weigh(path string, budget int) {
	s.t.Helper()
	if _, done := s.pages[path]; done {
		return
	}
	total, text := s.fetch(path)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(text))
	if err != nil {
		s.t.Fatal(err)
	}
	s.scripts = 0
	doc.Find(`link[rel=stylesheet],link[rel=icon],link[rel=preload],link[rel=modulepreload],script[src],img[src]`).Each(func(_ int, e *goquery.Selection) {
		address := e.AttrOr("src", e.AttrOr("href", ""))
		if strings.HasPrefix(address, "data:") {
			return
		}
		if !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") {
			s.t.Errorf("%s asks for %s, want nothing from elsewhere", path, address)
			return
		}
		size, known := s.resources[address]
		if !known {
			size, _ = s.fetch(address)
			s.resources[address] = size
		}
		total += size
		if goquery.NodeName(e) == "script" {
			s.scripts += size
		}
	})
	s.pages[path] = total
	if total > s.pages[s.heaviest] {
		s.heaviest = path
	}
	if total > budget {
		s.t.Errorf("%s weighs %d bytes, want at most %d", path, total, budget)
	}
	if s.scripts > jsBudget {
		s.t.Errorf("%s has %d bytes of script, want at most %d", path, s.scripts, jsBudget)
	}
}

// fetch gets one resource as a browser does; it returns the bytes on the wire
// and the text.
func (s *scale) fetch(path string) (int, string) {
	s.t.Helper()
	request, err := http.NewRequest(http.MethodGet, s.at()+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "gzip, br")
	response, err := s.client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	wire, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: status %d, %v", path, response.StatusCode, err)
	}
	text, err := unpack(response.Header.Get("Content-Encoding"), wire)
	if err != nil {
		s.t.Fatalf("%s: %v", path, err)
	}
	plain := response.Header.Get("Content-Encoding") == ""
	if plain && strings.HasPrefix(response.Header.Get("Content-Type"), "text/") && len(wire) > 2*kilobyte {
		s.t.Errorf("%s comes with %d bytes of plain text, want it compressed", path, len(wire))
	}
	return len(wire), text
}

// unpack undoes an encoding of HTTP.
func unpack(encoding string, wire []byte) (string, error) {
	var packed io.Reader = bytes.NewReader(wire)
	switch encoding {
	case "br":
		packed = brotli.NewReader(packed)
	case "gzip":
		unzipped, err := gzip.NewReader(packed)
		if err != nil {
			return "", err
		}
		packed = unzipped
	}
	text, err := io.ReadAll(packed)
	return string(text), err
}
