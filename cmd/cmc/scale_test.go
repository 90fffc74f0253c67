package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"path"
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/brotli"
)

// scale weighs pages as they come over the wire, each resource once.
type scale struct {
	*visitor
	resources map[string]int
	sheets    map[string]string // texts of style sheets
	pages     map[string]int
	heaviest  string
	scripts   int // bytes of scripts on the page with most
}

func newScale(v *visitor) *scale {
	return &scale{visitor: v, resources: map[string]int{}, sheets: map[string]string{}, pages: map[string]int{}}
}

// weigh adds up a page and all it needs, and holds it against the budget.
func (s *scale) weigh(address string, budget int) {
	s.t.Helper()
	if _, done := s.pages[address]; done {
		return
	}
	total, text := s.fetch(address)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(text))
	if err != nil {
		s.t.Fatal(err)
	}
	scripts := 0
	doc.Find(`link[rel=stylesheet],link[rel=icon],link[rel=preload],link[rel=modulepreload],link[rel=manifest],script[src],img[src]`).Each(func(_ int, e *goquery.Selection) {
		needed := e.AttrOr("src", e.AttrOr("href", ""))
		if strings.HasPrefix(needed, "data:") {
			return
		}
		if !strings.HasPrefix(needed, "/") || strings.HasPrefix(needed, "//") {
			s.t.Errorf("%s asks for %s, want nothing from elsewhere", address, needed)
			return
		}
		size := s.resource(needed) + s.pictures(needed, doc)
		total += size
		if goquery.NodeName(e) == "script" {
			scripts += size
		}
	})
	s.pages[address] = total
	if total > s.pages[s.heaviest] {
		s.heaviest = address
	}
	if total > budget {
		s.t.Errorf("%s weighs %d bytes, want at most %d", address, total, budget)
	}
	s.scripts = max(s.scripts, scripts)
	if scripts > jsBudget {
		s.t.Errorf("%s has %d bytes of script, want at most %d", address, scripts, jsBudget)
	}
}

// drawn finds the pictures of a style sheet, each with the selector that asks
// for it.
var drawn = regexp.MustCompile(`([^{};]+)\{[^{}]*url\(["']?([^"':)]+)["']?\)`)

// pictures is the size of what a style sheet asks for on a page that has what
// its selectors name; a browser fetches nothing else.
func (s *scale) pictures(sheet string, doc *goquery.Document) int {
	s.t.Helper()
	found := map[string]bool{}
	for _, m := range drawn.FindAllStringSubmatch(s.sheets[sheet], -1) {
		if doc.Find(m[1]).Length() > 0 {
			found[path.Join(path.Dir(sheet), m[2])] = true
		}
	}
	total := 0
	for picture := range found {
		total += s.resource(picture)
	}
	return total
}

// resource is the size of a file, fetched once.
func (s *scale) resource(address string) int {
	s.t.Helper()
	size, known := s.resources[address]
	if !known {
		var text string
		size, text = s.fetch(address)
		s.resources[address] = size
		if path.Ext(address) == ".css" {
			s.sheets[address] = text
		}
	}
	return size
}

// fetch gets one resource as a browser does; it returns the bytes on the wire
// and the text.
func (s *scale) fetch(address string) (int, string) {
	s.t.Helper()
	request, err := http.NewRequest(http.MethodGet, s.at()+address, nil)
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
		s.t.Fatalf("%s: status %d, %v", address, response.StatusCode, err)
	}
	text, err := unpack(response.Header.Get("Content-Encoding"), wire)
	if err != nil {
		s.t.Fatalf("%s: %v", address, err)
	}
	plain := response.Header.Get("Content-Encoding") == ""
	if plain && strings.HasPrefix(response.Header.Get("Content-Type"), "text/") && len(wire) > 2*kilobyte {
		s.t.Errorf("%s comes with %d bytes of plain text, want it compressed", address, len(wire))
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
