package search

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cmc/internal/page"
)

// A search can be followed: its newest records as Atom (RFC 4287) or as JSON
// Feed 1.1. A feed reader carries no session, so a feed shows what the public
// may see, whoever asks for it.
const (
	atomPath     = "/search/feed.atom"
	jsonFeedPath = "/search/feed.json"
	feedSize     = 50
)

// feed is what both forms are written from.
type feed struct {
	page.Base
	title   string
	self    string
	html    string
	id      string
	updated time.Time
	entries []result
}

func (web *Web) atom(w http.ResponseWriter, r *http.Request) error {
	f, err := web.feed(r, atomPath)
	if err != nil {
		return err
	}
	text, err := xml.Marshal(web.atomOf(f))
	if err != nil {
		return fmt.Errorf("write feed: %w", err)
	}
	sendFeed(w, r, "application/atom+xml; charset=utf-8", append([]byte(xml.Header), text...))
	return nil
}

func (web *Web) jsonFeed(w http.ResponseWriter, r *http.Request) error {
	f, err := web.feed(r, jsonFeedPath)
	if err != nil {
		return err
	}
	text, err := json.Marshal(web.jsonFeedOf(f))
	if err != nil {
		return fmt.Errorf("write feed: %w", err)
	}
	sendFeed(w, r, "application/feed+json; charset=utf-8", text)
	return nil
}

// sendFeed lets a reader that has this very text be told so. There is no
// Last-Modified: a record can be published, or taken back, long after its date.
func sendFeed(w http.ResponseWriter, r *http.Request, kind string, text []byte) {
	sum := sha256.Sum256(text)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
}

// feed searches for the newest records. Those without a date cannot be told
// from older ones and are left out.
func (web *Web) feed(r *http.Request, path string) (*feed, error) {
	req, err := web.request(r)
	if err != nil {
		return nil, err
	}
	req.Audiences, req.Order, req.Page, req.Size = nil, ByDate, 1, feedSize
	response, err := web.service.Search(r.Context(), req)
	if err != nil {
		return nil, fmt.Errorf("search for a feed: %w", err)
	}
	web.name(response, req.Language)
	p := resultPage{Base: web.pages.NewBase(r, "search_title"), Response: response}
	p.arrange(web, req)
	f := &feed{
		Base: p.Base, title: p.feedTitle(),
		self:    web.settings.Base + web.feedAddress(p.Base, path, req),
		html:    web.settings.Base + web.address(p.Base, Request{Query: req.Query, Like: req.Like, Filters: req.Filters, Order: ByDate}),
		id:      web.urn(p.Lang.Code(), strings.TrimPrefix(web.feedAddress(page.Base{}, pagePath, req), pagePath)),
		updated: time.Unix(0, 0).UTC(),
	}
	for _, h := range p.Results {
		if h.Date.IsZero() {
			continue
		}
		if f.updated.Before(h.Date) {
			f.updated = h.Date
		}
		f.entries = append(f.entries, h)
	}
	return f, nil
}

// feedTitle says what is followed: the words, then the chosen filters.
func (p *resultPage) feedTitle() string {
	var said []string
	if p.Query != "" {
		said = append(said, "“"+p.Query+"”")
	}
	for _, c := range p.Chips {
		said = append(said, c.Label)
	}
	return p.T("search_feed_title", "Search", strings.Join(said, ", "))
}

// feedAddress is where a search stands as a feed: always its newest records.
func (web *Web) feedAddress(b page.Base, path string, req Request) string {
	values := req.values()
	values.Del("sort")
	return withQuery(b.URL(path), values)
}

// urn names a record in one language as the feeds of the built site do: a UUID
// (RFC 9562, version 8) that stays when the site moves.
func (web *Web) urn(lang, id string) string {
	sum := sha256.Sum256([]byte(web.settings.Name + "|" + lang + "|" + id))
	x := hex.EncodeToString(sum[:])
	return fmt.Sprintf("urn:uuid:%s-%s-8%s-a%s-%s", x[:8], x[8:12], x[13:16], x[17:20], x[20:32])
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	Lang       string         `xml:"xml:lang,attr"`
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Link       atomLink       `xml:"link"`
	Updated    string         `xml:"updated"`
	Summary    string         `xml:"summary"`
	Categories []atomCategory `xml:"category"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

func (web *Web) atomOf(f *feed) atomFeed {
	out := atomFeed{
		Lang: f.Lang.Code(), ID: f.id, Title: f.title, Updated: f.updated.Format(time.RFC3339), Author: web.settings.Name,
		Links: []atomLink{{"self", "application/atom+xml", f.self}, {"", "text/html", f.html}},
	}
	for _, h := range f.entries {
		e := atomEntry{
			Lang: h.Lang, ID: web.urn(h.Lang, h.ID), Title: h.Title, Link: atomLink{Type: "text/html", Href: web.absolute(h.URL)},
			Updated: h.Date.Format(time.RFC3339), Summary: h.plain(),
		}
		for _, theme := range h.Themes {
			e.Categories = append(e.Categories, atomCategory{theme})
		}
		out.Entries = append(out.Entries, e)
	}
	return out
}

type jsonFeed struct {
	Version  string     `json:"version"`
	Title    string     `json:"title"`
	Home     string     `json:"home_page_url"`
	Self     string     `json:"feed_url"`
	Language string     `json:"language"`
	Items    []jsonItem `json:"items"`
}

type jsonItem struct {
	ID       string   `json:"id"`
	URL      string   `json:"url"`
	Title    string   `json:"title"`
	Text     string   `json:"content_text"`
	Date     string   `json:"date_published"`
	Language string   `json:"language"`
	Tags     []string `json:"tags"`
}

func (web *Web) jsonFeedOf(f *feed) jsonFeed {
	out := jsonFeed{"https://jsonfeed.org/version/1.1", f.title, f.html, f.self, f.Lang.Code(), []jsonItem{}}
	for _, h := range f.entries {
		out.Items = append(out.Items, jsonItem{
			web.urn(h.Lang, h.ID), web.absolute(h.URL), h.Title, h.plain(), h.Date.Format(time.RFC3339), h.Lang, h.Themes,
		})
	}
	return out
}

func (web *Web) absolute(path string) string {
	if u, err := url.Parse(path); err != nil || u.IsAbs() {
		return path
	}
	return web.settings.Base + path
}

// plain is the text of a hit's snippet.
func (h *Hit) plain() string {
	var text strings.Builder
	for _, p := range h.Pieces {
		text.WriteString(p.Text)
	}
	return text.String()
}
