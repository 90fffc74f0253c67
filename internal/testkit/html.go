package testkit

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// Document is a parsed page under assertion. Its methods return it, so that
// assertions can be chained; each failure names the selector and what was found.
type Document struct {
	t   testing.TB
	doc *goquery.Document
}

// HTML parses body for assertions.
func HTML[B string | []byte](t testing.TB, body B) *Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(body)))
	if err != nil {
		t.Fatalf("parse HTML: %v", err)
	}
	return &Document{t: t, doc: doc}
}

// Has asserts that some element matches the selector and, for each text given,
// that some matching element contains it. White space counts as one blank.
func (d *Document) Has(selector string, texts ...string) *Document {
	d.t.Helper()
	found := d.Texts(selector)
	if len(found) == 0 {
		d.t.Errorf("no element matches %q", selector)
		return d
	}
	for _, text := range texts {
		if !anyContains(found, text) {
			d.t.Errorf("%q says %q, want %q in it", selector, found, text)
		}
	}
	return d
}

// Lacks asserts that no element matches the selector or, with texts, that none
// that matches contains any of them.
func (d *Document) Lacks(selector string, texts ...string) *Document {
	d.t.Helper()
	found := d.Texts(selector)
	if len(texts) == 0 && len(found) > 0 {
		d.t.Errorf("%q matches %q, want nothing", selector, found)
	}
	for _, text := range texts {
		if anyContains(found, text) {
			d.t.Errorf("%q says %q, want no %q in it", selector, found, text)
		}
	}
	return d
}

// Count asserts how many elements match the selector.
func (d *Document) Count(selector string, want int) *Document {
	d.t.Helper()
	if got := d.doc.Find(selector).Length(); got != want {
		d.t.Errorf("%q matches %d elements, want %d", selector, got, want)
	}
	return d
}

// Text is the text of the first element that matches, or "" when none does.
func (d *Document) Text(selector string) string {
	return squeeze(d.doc.Find(selector).First().Text())
}

// Texts are the texts of all elements that match, in document order.
func (d *Document) Texts(selector string) []string {
	var texts []string
	d.doc.Find(selector).Each(func(_ int, s *goquery.Selection) {
		texts = append(texts, squeeze(s.Text()))
	})
	return texts
}

// Attr is an attribute of the first element that matches, or "" when there is none.
func (d *Document) Attr(selector, name string) string {
	return d.doc.Find(selector).First().AttrOr(name, "")
}

// Attrs are the values of an attribute on all elements that match and carry it.
func (d *Document) Attrs(selector, name string) []string {
	var values []string
	d.doc.Find(selector).Each(func(_ int, s *goquery.Selection) {
		if value, ok := s.Attr(name); ok {
			values = append(values, value)
		}
	})
	return values
}

func anyContains(texts []string, want string) bool {
	for _, text := range texts {
		if strings.Contains(text, want) {
			return true
		}
	}
	return false
}

// squeeze makes every run of white space one blank, as a browser shows it.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }
