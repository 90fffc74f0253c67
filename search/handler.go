package search

import (
	"bytes"
	"cmp"
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

// Web answers searches over HTTP: as a page for people, as a feed for their
// readers, as JSON for programs.
type Web struct {
	service   *Service
	catalogue *i18n.Catalogue
	pages     *page.Set
	settings  Settings
	shapes    [facetCount]*regexp.Regexp
}

// Settings are what the house says about its search.
type Settings struct {
	// Audiences tells whom a reader belongs to; without it everyone is of the
	// public.
	Audiences func(*http.Request) []string
	PageSize  int    // of a page of results; DefaultSize when zero
	Base      string // address of the site without a slash at its end, for feeds
	Name      string // of the site, for feeds
	Ask       string // path of a form that takes a question as its title; "" for none
}

// NewWeb adds the search page to pages, whose frames must be set after that.
func NewWeb(s *Service, cat *i18n.Catalogue, pages *page.Set, settings Settings) *Web {
	pages.Add(pageName, templates, "templates/search.html", "templates/hit.html", "templates/facets.html")
	settings.PageSize = cmp.Or(settings.PageSize, DefaultSize)
	return &Web{service: s, catalogue: cat, pages: pages, settings: settings, shapes: shapes()}
}

// Register mounts the page, its results alone, the feeds and the JSON answers.
func (web *Web) Register(mux *http.ServeMux) {
	mux.Handle("GET /search", web.pages.Handle(web.slash))
	mux.Handle("GET /search/{$}", web.pages.Handle(web.page))
	mux.Handle("GET "+resultsPath, web.pages.Handle(web.results))
	mux.Handle("GET "+atomPath, web.pages.Handle(web.atom))
	mux.Handle("GET "+jsonFeedPath, web.pages.Handle(web.jsonFeed))
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
	if web.settings.Audiences == nil {
		return nil
	}
	return web.settings.Audiences(r)
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
	lang := web.language(r, values)
	found := web.service.Suggest(values.Get("q"), lang.Code(), web.audiences(r))
	for i := range found {
		found[i].Kind = typeName(lang, found[i].Type)
	}
	return web.writeJSON(w, r, struct {
		Suggestions []Suggestion `json:"suggestions"`
		Said        string       `json:"said"` // their number, for a screen reader
	}{found, lang.T("search_suggestions", "Count", len(found))})
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
