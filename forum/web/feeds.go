package web

import (
	"net/http"
	"net/url"

	"cmc/forum"
	"cmc/internal/page"
)

type feedsPage struct {
	page.Base
	Faults   page.Faults
	Name     string     // as typed
	New      feedLink   // of everything, with a key that was just made
	NewRooms []feedLink // of each room, with the same key
	Keys     []feedKeyView
	Public   []feedLink
	SignIn   string // for a visitor
	Created  bool
}

// feedLink is one feed in its formats.
type feedLink struct{ Name, Atom, JSON, ICS string }

type feedKeyView struct {
	ID      int64
	Name    string
	By      string // whoever made it, where that is not the reader
	Reads   bool
	Created moment
	Used    moment
}

const feedsPath = "/forum/feeds/"

// feeds lists the keys of the reader's seat, and the feeds that need none.
func (f *Web) feeds(w http.ResponseWriter, r *http.Request) error {
	return f.renderFeeds(w, r, "", "", nil, http.StatusOK)
}

// createFeedKey makes a key and shows it, in the addresses it opens, this once.
func (f *Web) createFeedKey(w http.ResponseWriter, r *http.Request) error {
	m := f.member(r)
	if !m.SignedIn() {
		return denied(m)
	}
	name := formOf(r).get("name")
	key, err := f.Store.NewFeedKey(r.Context(), m, name)
	if err != nil {
		faults := page.FaultsOf(f.Pages.NewBase(r, "feeds_title").Lang, err)
		if faults == nil {
			return err
		}
		return f.renderFeeds(w, r, "", name, faults, http.StatusUnprocessableEntity)
	}
	return f.renderFeeds(w, r, key, "", nil, http.StatusOK)
}

// revokeFeedKey ends a key.
func (f *Web) revokeFeedKey(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := f.Store.RevokeFeedKey(r.Context(), f.member(r), id); err != nil {
		return err
	}
	return f.to(w, r, feedsPath)
}

func (f *Web) renderFeeds(w http.ResponseWriter, r *http.Request, key, name string, faults page.Faults, status int) error {
	m := f.member(r)
	b := standing(f.Pages.NewBase(r, "feeds_title"), feedsPath)
	b.NoIndex = true
	p := feedsPage{Base: b, Faults: faults, Name: name, Created: key != ""}
	views, err := f.Store.Rooms(r.Context(), m)
	if err != nil {
		return err
	}
	p.Public = []feedLink{f.feedLink(b, b.T("feed_everything_public"), "all", "")}
	if key != "" {
		p.New = f.feedLink(b, b.T("feed_everything"), "all", key)
	}
	for _, v := range views {
		title, file := v.Title(b.Lang.Code()), "rooms/"+v.Slug
		if v.Visibility == forum.Public {
			p.Public = append(p.Public, f.feedLink(b, title, file, ""))
		}
		if key != "" {
			p.NewRooms = append(p.NewRooms, f.feedLink(b, title, file, key))
		}
	}
	if !m.SignedIn() {
		p.SignIn = signIn(b, b.URL(feedsPath))
		return f.Pages.Render(w, r, status, "forum/feeds", p)
	}
	keys, err := f.Store.FeedKeys(r.Context(), m)
	if err != nil {
		return err
	}
	for _, k := range keys {
		v := feedKeyView{ID: k.ID, Name: k.Name, Reads: k.Reads, Created: momentOf(b.Lang, k.CreatedAt), Used: momentOf(b.Lang, k.UsedAt)}
		if k.By != m.Name {
			v.By = k.By
		}
		p.Keys = append(p.Keys, v)
	}
	return f.Pages.Render(w, r, status, "forum/feeds", p)
}

// feedLink is the addresses of a feed; that of everything has a calendar.
func (f *Web) feedLink(b page.Base, name, file, key string) feedLink {
	query := ""
	if key != "" {
		query = "?key=" + url.QueryEscape(key)
	}
	address := func(path string) string { return f.absolute(b.URL(path)) + query }
	l := feedLink{Name: name, Atom: address("/forum/feed/" + file + ".atom"), JSON: address("/forum/feed/" + file + ".json")}
	if file == "all" {
		l.ICS = address(calendarFile)
	}
	return l
}
