package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/errs"
	"cmc/internal/page"
)

// feed is a list of new posts, whatever format it is written in. All that it
// tells of an author and a text is what the room's policy and mail level let
// out of the room.
type feed struct {
	ID      string // absolute
	Title   string
	Home    string // the page it follows
	Lang    string
	Updated time.Time
	Site    string
	Items   []feedItem
}

type feedItem struct {
	ID        string // the same in every language
	URL       string
	Title     string
	By        string // empty: not told
	Lang      string
	Published time.Time
	Updated   time.Time
	HTML      template.HTML // the whole text, or empty
	Summary   string        // its beginning, or empty
}

// feedRequest is what an address of a feed asks for.
type feedRequest struct {
	member forum.Member
	public bool // asked without a key
	scope  store.Scope
	format string // atom or json
	path   string // of the page that the feed follows
}

// feedReader returns in whose place a feed or calendar is read: that of the key's
// maker, or a visitor's without a key. A session counts for nothing here, so
// that the same address gives the same to a browser and to a feed reader.
func (f *Web) feedReader(r *http.Request) (forum.Member, bool, error) {
	key := r.URL.Query().Get("key")
	if key == "" {
		return forum.Member{}, true, nil
	}
	m, err := f.Store.FeedReader(r.Context(), key, f.Groups)
	return m, false, err
}

func (f *Web) feedAll(w http.ResponseWriter, r *http.Request) error {
	name, format, _ := strings.Cut(r.PathValue("file"), ".")
	if name != "all" {
		return errs.New(errs.NotFound, "error_not_found")
	}
	return f.feed(w, r, feedRequest{format: format, path: "/forum/"})
}

func (f *Web) feedRoom(w http.ResponseWriter, r *http.Request) error {
	name, format := cutLast(r.PathValue("file"))
	return f.feed(w, r, feedRequest{format: format, path: roomPath(name), scope: store.Scope{Room: name}})
}

func (f *Web) feedTopic(w http.ResponseWriter, r *http.Request) error {
	name, format := cutLast(r.PathValue("file"))
	id, err := strconv.ParseInt(name, 10, 64)
	if err != nil || id < 1 {
		return errs.New(errs.NotFound, "error_not_found")
	}
	return f.feed(w, r, feedRequest{format: format, path: topicPath(id), scope: store.Scope{Topic: id}})
}

// cutLast cuts a file's name from what stands after its last dot.
func cutLast(file string) (name, format string) {
	i := strings.LastIndexByte(file, '.')
	if i < 0 {
		return file, ""
	}
	return file[:i], file[i+1:]
}

// feed answers with the newest posts of a scope. The access rule is asked at
// each request, with the rights that the key's maker has now.
func (f *Web) feed(w http.ResponseWriter, r *http.Request, q feedRequest) error {
	write := map[string]func(feed) ([]byte, error){"atom": atom, "json": jsonFeed}[q.format]
	if write == nil {
		return errs.New(errs.NotFound, "error_not_found")
	}
	var err error
	if q.member, q.public, err = f.feedReader(r); err != nil {
		return err
	}
	changed, err := f.Store.Changed(r.Context(), q.member, q.scope)
	if err != nil {
		return err
	}
	posts, err := f.Store.Latest(r.Context(), q.member, q.scope, store.FeedLength)
	if err != nil {
		return err
	}
	body, err := write(f.feedOf(r, q, posts))
	if err != nil {
		return err
	}
	kind := map[string]string{"atom": "application/atom+xml", "json": "application/feed+json"}[q.format]
	return f.sendFile(w, r, kind, body, changed, q.public)
}

func (f *Web) feedOf(r *http.Request, q feedRequest, posts []store.Found) feed {
	b := f.Pages.NewBase(r, "forum_title")
	site := f.Site(b.Lang.Code())
	out := feed{
		ID: f.absolute(r.URL.Path), Home: f.absolute(b.URL(q.path)), Site: site, Lang: b.Lang.Code(),
		Title: b.T("feed_title", "Site", site), Updated: time.Unix(0, 0),
	}
	for _, p := range posts {
		item := f.feedItem(b, p)
		if item.Updated.After(out.Updated) {
			out.Updated = item.Updated
		}
		switch {
		case q.scope.Topic != 0:
			out.Title = b.T("feed_title_of", "Name", p.Topic.Title, "Site", site)
		case q.scope.Room != "":
			out.Title = b.T("feed_title_of", "Name", p.Room.Title(b.Lang.Code()), "Site", site)
		}
		out.Items = append(out.Items, item)
	}
	return out
}

// feedExcerpt is the length of an excerpt, in runes.
const feedExcerpt = 300

func (f *Web) feedItem(b page.Base, p store.Found) feedItem {
	path := "/forum/posts/" + strconv.FormatInt(p.Post.ID, 10)
	item := feedItem{
		ID:        f.absolute(path),
		URL:       f.absolute(b.URL(path)),
		Title:     b.T("feed_item", "Topic", p.Topic.Title, "Number", p.Post.Number),
		Lang:      p.Post.Lang,
		Published: p.Post.CreatedAt,
		Updated:   p.Post.CreatedAt,
	}
	if !p.Post.EditedAt.IsZero() && p.Post.EditedAt.After(item.Updated) {
		item.Updated = p.Post.EditedAt
	}
	switch p.Room.Mail {
	case forum.MailFull:
		item.By, item.HTML = byline(b, p.Post.Author), p.Post.HTML
	case forum.MailExcerpt:
		item.By, item.Summary = byline(b, p.Post.Author), shorten(forum.Words(p.Post.HTML), feedExcerpt)
	}
	return item
}

// sendFile answers with what another program asked for, or with the news that
// it has not changed. The key stands in the address, which nobody else may
// store.
func (f *Web) sendFile(w http.ResponseWriter, r *http.Request, kind string, body []byte, changed time.Time, public bool) error {
	sum := sha256.Sum256(body)
	h := w.Header()
	h.Set("Content-Type", kind+"; charset=utf-8")
	h.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("X-Robots-Tag", "noindex")
	if public {
		h.Set("Cache-Control", "public, max-age=300")
	}
	if f.Now().Sub(changed) < 2*time.Second {
		changed = time.Time{} // within the same second another change may come
	}
	http.ServeContent(w, r, "", changed, bytes.NewReader(body))
	return nil
}

func (f *Web) absolute(path string) string {
	if f.Absolute == nil {
		return path
	}
	return f.Absolute(path)
}
