package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// visitor is a browser without scripts: it keeps cookies, follows redirects and
// fills in the forms it is shown.
type visitor struct {
	t      testing.TB
	at     func() string // base of every URL; changes when the server restarts
	client *http.Client
}

// visit is a page as it came.
type visit struct {
	status int
	path   string // where it was found after redirects
	body   string
	doc    *goquery.Document
}

func newVisitor(t testing.TB, at func() string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, at: at, client: &http.Client{Jar: jar, Timeout: patience}}
}

// get opens a page.
func (v *visitor) get(path string) *visit {
	v.t.Helper()
	request, err := http.NewRequest(http.MethodGet, v.at()+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	page, err := v.do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	return page
}

// submit sends the first form that matches, with its hidden fields and the
// given values, and fails unless a page comes back.
func (v *visitor) submit(from *visit, form string, values map[string]string) *visit {
	v.t.Helper()
	request := v.fill(from, form, values)
	page, err := v.do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	if page.status >= http.StatusBadRequest {
		v.t.Fatalf("%s answers %d: %s", request.URL.Path, page.status, page.text("main"))
	}
	return page
}

// fill makes the request that the browser would send for a form.
func (v *visitor) fill(from *visit, form string, values map[string]string) *http.Request {
	v.t.Helper()
	f := from.doc.Find(form).First()
	if f.Length() == 0 {
		v.t.Fatalf("%s (status %d) has no form %q: %s", from.path, from.status, form, from.text("main"))
	}
	fields := url.Values{}
	f.Find("input,select,textarea").Each(func(_ int, s *goquery.Selection) {
		name, named := s.Attr("name")
		kind := s.AttrOr("type", "text")
		_, checked := s.Attr("checked")
		switch {
		case !named, kind == "submit", (kind == "radio" || kind == "checkbox") && !checked:
		case goquery.NodeName(s) == "textarea":
			fields.Set(name, s.Text())
		case goquery.NodeName(s) == "select":
			fields.Set(name, s.Find("option[selected],option").First().AttrOr("value", ""))
		default:
			fields.Set(name, s.AttrOr("value", ""))
		}
	})
	for name, value := range values {
		if f.Find(`[name="`+name+`"]`).Length() == 0 {
			v.t.Fatalf("%s: the form %q has no field %q", from.path, form, name)
		}
		fields.Set(name, value)
	}
	target := v.at() + f.AttrOr("action", from.path)
	request, err := http.NewRequest(http.MethodPost, target, strings.NewReader(fields.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return request
}

func (v *visitor) do(request *http.Request) (*visit, error) {
	response, err := v.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(body)))
	if err != nil {
		return nil, err
	}
	return &visit{response.StatusCode, response.Request.URL.RequestURI(), string(body), doc}, nil
}

// text is the text of the first element that matches, with single blanks.
func (p *visit) text(selector string) string {
	return strings.Join(strings.Fields(p.doc.Find(selector).First().Text()), " ")
}

// link is the address of the first link that matches.
func (p *visit) link(selector string) string {
	return p.doc.Find(selector).First().AttrOr("href", "")
}
