// Package web shows the forum: rooms, topics, posts, and the forms with which
// members write. One file per action, named for it.
//
// It promises that every action is an ordinary form that works without
// JavaScript, that a form refused for whatever reason (a fault, a session that
// ended, a text changed meanwhile) comes back with every word that was typed,
// and that a page, a fragment of it and an event pass the same permission
// check, the store's. It refuses to judge for itself who may read or write: it
// asks the rules of package forum only to know which buttons to show.
package web

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/errs"
	"cmc/internal/page"
)

//go:embed templates
var templates embed.FS

// Options are what the forum's pages need from outside.
type Options struct {
	Store *store.Store
	Pages *page.Set
	// Member returns who is asking; a visitor is the zero Member.
	Member func(context.Context) forum.Member
	// Record finds the page of the knowledge base behind a record's id.
	Record func(id, lang string) (title, url string, ok bool)
	// Stamp is another one whenever a record says something else; "" when there
	// is no such record. nil: nobody watches.
	Stamp func(id string) string
	// Groups are the named groups of delegations that share a room.
	Groups map[string][]string
	// Now is the clock; nil: the machine's.
	Now func() time.Time
	// Log takes what goes wrong behind a page that was shown; nil: nothing does.
	Log *slog.Logger
	// Site is the site's name in a language, for feeds and calendars; nil: none.
	Site func(lang string) string
	// Absolute makes an absolute address of a path; nil: it stays a path.
	Absolute func(path string) string
	// CameBack counts a person's letters that came back lately; nil where the
	// forum sends none.
	CameBack func(ctx context.Context, person int64) (int, error)
	// Live upgrades a request to the websocket; nil where there is none.
	Live page.Handler
}

// Web answers /forum/.
type Web struct{ Options }

// New adds the forum's pages to the set.
func New(o Options) *Web {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Site == nil {
		o.Site = func(string) string { return "" }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	for name, files := range map[string][]string{
		"forum/rooms":      {"rooms.html"},
		"forum/room":       {"room.html", "topic_list.html"},
		"forum/new":        {"new.html", "composer.html"},
		"forum/discuss":    {"discuss.html"},
		"forum/topic":      {"topic.html", "circular.html", "posts.html", "composer.html"},
		"forum/edit":       {"edit.html", "composer.html"},
		"forum/deed":       {"deed.html", "posts.html"},
		"forum/reported":   {"reported.html"},
		"forum/moderation": {"moderation.html"},
		"forum/log":        {"log.html"},
		"forum/own":        {"own.html"},
		"forum/history":    {"history.html"},
		"forum/move":       {"move.html"},
		"forum/expired":    {"expired.html"},
		"forum/returned":   {"returned.html"},
	} {
		for i := range files {
			files[i] = "templates/" + files[i]
		}
		o.Pages.Add(name, templates, append(files, "templates/parts.html")...)
	}
	for name, files := range readingPages() {
		o.Pages.Add(name, templates, append(files, "templates/parts.html")...)
	}
	return &Web{o}
}

// base makes the frame's part of a page that stands in a room; what is not
// public is not for search engines.
func (f *Web) base(r *http.Request, room forum.Room, titleKey string, pairs ...any) page.Base {
	b := f.Pages.NewBase(r, titleKey, pairs...)
	b.NoIndex = room.Visibility != forum.Public
	return b
}

func (f *Web) member(r *http.Request) forum.Member { return f.Member(r.Context()) }

// to answers a form: the browser asks for path, in the page's language, by GET.
func (f *Web) to(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, f.Pages.NewBase(r, "forum_title").URL(path), http.StatusSeeOther)
	return nil
}

// slash leads to the page's whole address, in the reader's language.
func (f *Web) slash(w http.ResponseWriter, r *http.Request) error {
	whole := url.URL{Path: r.URL.Path + "/"}
	return f.to(w, r, whole.EscapedPath())
}

// refused answers a form that did not pass: again reshows it with its faults,
// an ended session leads to sign-in with the text kept, and where the form
// itself is gone (the topic was closed meanwhile) the text is handed back.
func (f *Web) refused(w http.ResponseWriter, r *http.Request, err error, again func(page.Faults, int) error) error {
	if errs.KindOf(err) == errs.Unauthenticated {
		return f.expired(w, r)
	}
	faults := page.FaultsOf(f.Pages.NewBase(r, "forum_title").Lang, err)
	if faults == nil {
		faults = f.deniedField(r, err)
	}
	if faults == nil {
		return f.returned(w, r, err)
	}
	status := http.StatusUnprocessableEntity
	if errs.KindOf(err) == errs.Conflict {
		status = http.StatusConflict
	}
	if err := again(faults, status); err != nil {
		return f.returned(w, r, err)
	}
	return nil
}

// deniedField is a refusal that names a field, such as a capacity the member
// has lost since the form was shown: a fault they can put right.
func (f *Web) deniedField(r *http.Request, err error) page.Faults {
	var e *errs.Error
	if errs.KindOf(err) != errs.Denied || !errors.As(err, &e) || e.Field == "" {
		return nil
	}
	return page.Faults{{Field: e.Field, Message: f.Pages.NewBase(r, "forum_title").T(e.Key, e.Args...)}}
}

// pathID reads the number in a path; what is no number is nowhere.
func pathID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, errs.New(errs.NotFound, "error_not_found")
	}
	return id, nil
}

// number reads a count from the query, 0 when it is none.
func number(r *http.Request, name string) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// clientID names a post before it is sent, so that sending it twice makes one.
func clientID() string { return rand.Text() }
