package search

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"

	"cmc/internal/i18n"
	"cmc/internal/page"
)

//go:embed templates
var templates embed.FS

// Web answers searches over HTTP: as a page for people, as JSON for programs.
type Web struct {
	service   *Service
	catalogue *i18n.Catalogue
	pages     *page.Set
	reader    func(*http.Request) []string
	shapes    [facetCount]*regexp.Regexp
}

// NewWeb adds the search page to pages, whose frames must be set after that.
// The audiences of a request are what reader says; without a reader everyone
// is of the public.
func NewWeb(s *Service, cat *i18n.Catalogue, pages *page.Set, reader func(*http.Request) []string) *Web {
	pages.Add(pageName, templates, "templates/search.html", "templates/hit.html", "templates/facets.html")
	return &Web{service: s, catalogue: cat, pages: pages, reader: reader, shapes: shapes()}
}

// Register mounts the page and the two JSON answers.
func (web *Web) Register(mux *http.ServeMux) {
	mux.Handle("GET /search", web.pages.Handle(web.slash))
	mux.Handle("GET /search/{$}", web.pages.Handle(web.page))
	mux.Handle("GET /api/search", web.pages.Handle(web.search))
	mux.Handle("GET /api/suggest", web.pages.Handle(web.suggest))
}

// slash leads to the page's whole address, in the reader's language.
func (web *Web) slash(w http.ResponseWriter, r *http.Request) error {
	to := url.URL{Path: web.pages.NewBase(r, "search_title").URL("/search/"), RawQuery: r.URL.RawQuery}
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
	return nil
}

func (web *Web) audiences(r *http.Request) []string {
	if web.reader == nil {
		return nil
	}
	return web.reader(r)
}

// search answers GET /api/search.
func (web *Web) search(w http.ResponseWriter, r *http.Request) error {
	req, err := web.request(r)
	if err != nil {
		return err
	}
	response, err := web.service.Search(r.Context(), req)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	web.name(response, req.Language)
	return web.writeJSON(w, r, response)
}

// suggest answers GET /api/suggest.
func (web *Web) suggest(w http.ResponseWriter, r *http.Request) error {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return bad("q")
	}
	return web.writeJSON(w, r, struct {
		Suggestions []Suggestion `json:"suggestions"`
	}{web.service.Suggest(values.Get("q"), web.language(r, values).Code(), web.audiences(r))})
}

// name puts the interface's names on types and languages.
func (web *Web) name(response *Response, lang string) {
	l := web.catalogue.Language(lang)
	types := response.Facets[facetNames[facetType]]
	for i := range types {
		types[i].Label = typeName(l, types[i].Value)
	}
	langs := response.Facets[facetNames[facetLang]]
	for i := range langs {
		if code := langs[i].Value; web.catalogue.Has(code) {
			langs[i].Label = web.catalogue.Language(code).Label()
		}
	}
}

// typeName is what a type is called, or the type itself when nobody named it.
func typeName(l *i18n.Language, kind string) string {
	name := l.T(typeKey(kind))
	if name == "⟦"+typeKey(kind)+"⟧" {
		return kind
	}
	return name
}

// writeJSON sends a whole answer. A member's answers are kept nowhere; those
// of the public are asked for anew, since a page may appear at any moment.
func (web *Web) writeJSON(w http.ResponseWriter, r *http.Request, answer any) error {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(true)
	if err := encoder.Encode(answer); err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	web.caching(w, r)
	if _, err := body.WriteTo(w); err != nil {
		return fmt.Errorf("send answer: %w", err)
	}
	return nil
}

func (web *Web) caching(w http.ResponseWriter, r *http.Request) {
	if page.ViewerOf(r.Context()).SignedIn || len(union([]string{Public}, web.audiences(r))) > 1 {
		w.Header().Set("Cache-Control", "no-store")
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
}
