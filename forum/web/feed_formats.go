package web

import (
	"encoding/json"
	"encoding/xml"
	"time"
)

// atomFeed is a feed as RFC 4287 wants it.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  atomPerson  `xml:"author"` // of entries that name none
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	Lang      string      `xml:"xml:lang,attr,omitempty"`
	ID        string      `xml:"id"`
	Title     string      `xml:"title"`
	Published string      `xml:"published"`
	Updated   string      `xml:"updated"`
	Author    *atomPerson `xml:"author,omitempty"`
	Link      atomLink    `xml:"link"`
	Summary   string      `xml:"summary,omitempty"`
	Content   *atomText   `xml:"content,omitempty"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Base string `xml:"xml:base,attr"`
	Text string `xml:",chardata"`
}

func atom(f feed) ([]byte, error) {
	out := atomFeed{
		Lang: f.Lang, ID: f.ID, Title: f.Title, Updated: f.Updated.UTC().Format(time.RFC3339),
		Author: atomPerson{f.Site},
		// No link to itself: the address holds the reader's key.
		Links: []atomLink{{Rel: "alternate", Type: "text/html", Href: f.Home}},
	}
	for _, i := range f.Items {
		e := atomEntry{
			Lang: i.Lang, ID: i.ID, Title: i.Title, Link: atomLink{Rel: "alternate", Type: "text/html", Href: i.URL},
			Published: i.Published.UTC().Format(time.RFC3339), Updated: i.Updated.UTC().Format(time.RFC3339),
			Summary: i.Summary,
		}
		if i.By != "" {
			e.Author = &atomPerson{i.By}
		}
		if i.HTML != "" {
			e.Content = &atomText{"html", i.URL, string(i.HTML)}
		}
		out.Entries = append(out.Entries, e)
	}
	body, err := xml.MarshalIndent(out, "", " ")
	return append([]byte(xml.Header), body...), err
}

// jsonFeedFile is a feed as jsonfeed.org, version 1.1, wants it.
type jsonFeedFile struct {
	Version string     `json:"version"`
	Title   string     `json:"title"`
	Home    string     `json:"home_page_url"`
	Lang    string     `json:"language"`
	Items   []jsonItem `json:"items"`
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title"`
	HTML      string       `json:"content_html,omitempty"`
	Text      *string      `json:"content_text,omitempty"`
	Published string       `json:"date_published"`
	Modified  string       `json:"date_modified"`
	Lang      string       `json:"language,omitempty"`
	Authors   []jsonAuthor `json:"authors,omitempty"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

func jsonFeed(f feed) ([]byte, error) {
	out := jsonFeedFile{Version: "https://jsonfeed.org/version/1.1", Title: f.Title, Home: f.Home, Lang: f.Lang, Items: []jsonItem{}}
	for _, i := range f.Items {
		item := jsonItem{
			ID: i.ID, URL: i.URL, Title: i.Title, HTML: string(i.HTML), Lang: i.Lang,
			Published: i.Published.UTC().Format(time.RFC3339), Modified: i.Updated.UTC().Format(time.RFC3339),
		}
		if i.HTML == "" {
			item.Text = &i.Summary // one of the two must be there, be it empty
		}
		if i.By != "" {
			item.Authors = []jsonAuthor{{i.By}}
		}
		out.Items = append(out.Items, item)
	}
	return json.MarshalIndent(out, "", " ")
}
