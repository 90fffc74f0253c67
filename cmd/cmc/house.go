package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"cmc/forum"
	"cmc/forum/attach"
	accountweb "cmc/internal/account/web"
	"cmc/internal/middleware"
	"cmc/internal/page"
	"cmc/internal/server"
	"cmc/search"
)

// closeWithin bounds how long open sockets may delay the end of the program.
const closeWithin = 5 * time.Second

// What one address may ask of the server: a page is some ten requests, and a
// whole ministry may stand behind one address.
const (
	requestsPerSecond = 50
	requestsAtOnce    = 500
)

// What one address may ask for by mail. All addresses together may have some
// hundreds an hour (internal/account); one must not use them up for all others.
const (
	lettersPerSecond = 1.0 / 60
	lettersAtOnce    = 60 // a training, with everybody behind one address
)

// dynamicRooms are the first segments of paths that Go answers; in front of
// them a language's prefix is taken off.
func dynamicRooms() []string { return []string{"forum", "account", "search", "api"} }

// runningHouse is everything that one `cmc serve` holds.
type runningHouse struct {
	site      *opened
	published *library
	search    *search.Service // nil without that part
	forum     *forumParts     // nil without that part
	handler   http.Handler
}

func newHouse(ctx context.Context, o *opened, f serveFlags, base string, stdout, stderr io.Writer) (*runningHouse, error) {
	l, err := newLibrary(o, base+"/", progress(stderr))
	if err != nil {
		return nil, err
	}
	l.search = search.NewService(o.path("live-search"), o.log)
	h := &runningHouse{site: o, published: l}
	if f.has(partSite) {
		l.static = server.NewStatic(l.notFound)
	}
	if f.has(partSearch) {
		h.search = l.search
	}
	if f.has(partForum) {
		if h.forum, err = openForum(ctx, o, f, base, l.pages, l.records, stdout); err != nil {
			return nil, errors.Join(err, l.search.Close())
		}
		if err := h.forum.fill(ctx, h.search); err != nil {
			h.close()
			return nil, err
		}
	}
	h.handler, err = h.routes(f, base)
	if err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

// routes puts every room on one mux behind the middleware that all share.
func (h *runningHouse) routes(f serveFlags, base string) (http.Handler, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "ok\n")
	})
	mux.HandleFunc("GET /readyz", h.readyz)
	around := []middleware.Middleware{func(next http.Handler) http.Handler {
		return page.Localize(h.site.texts, dynamicRooms(), next)
	}}
	if h.search != nil {
		search.NewWeb(h.search, h.site.texts, h.published.pages, search.Settings{
			Audiences: h.audiences(), PageSize: h.site.config.Search.PageSize,
			Base: base, Name: h.site.config.Title, Ask: h.ask(),
		}).Register(mux)
	}
	if h.forum != nil {
		letters := middleware.RateLimit(middleware.Rate{PerSecond: lettersPerSecond, Burst: lettersAtOnce},
			middleware.ClientAddr(f.proxies), time.Now, h.published.pages.Error)
		h.forum.routes(mux, h.published.notFound, letters)
		around = append(around, h.forum.door.Session(dynamicRooms()...))
	}
	if f.watch {
		mux.HandleFunc("GET "+reloadPath, h.published.release)
		around = append(around, announceWatch())
	}
	if h.published.static != nil {
		mux.Handle("/", h.published.static)
	} else {
		mux.HandleFunc("/", h.published.notFound)
	}
	return middleware.Stack(middleware.Options{
		Log:     h.site.log,
		Fail:    h.published.pages.Error,
		Now:     time.Now,
		HTTPS:   isHTTPS(base),
		Proxies: f.proxies,
		Rate:    middleware.Rate{PerSecond: requestsPerSecond, Burst: requestsAtOnce},
		Uploads: uploads,
		Context: around,
	}, mux)
}

// uploads is how many bytes of files a request may bring: those of one post,
// from somebody who has signed in.
func uploads(r *http.Request) int64 {
	if !page.ViewerOf(r.Context()).SignedIn || !strings.HasPrefix(r.URL.Path, "/forum/") {
		return 0
	}
	return attach.MaxFiles*attach.MaxSize + 1<<20
}

// audiences is the access rule in the form that search filters by.
func (h *runningHouse) audiences() func(*http.Request) []string {
	if h.forum == nil {
		return nil
	}
	rooms := h.site.rooms()
	return func(r *http.Request) []string {
		return forum.Audiences(accountweb.Member(r.Context()), rooms)
	}
}

// ask is where a question that search cannot answer is put to people: in the
// first room that everybody reads.
func (h *runningHouse) ask() string {
	if h.forum == nil {
		return ""
	}
	rooms := h.site.rooms()
	i := slices.IndexFunc(rooms, func(r forum.Room) bool { return r.Visibility == forum.Public })
	if i < 0 {
		return ""
	}
	return "/forum/rooms/" + rooms[i].Slug + "/new"
}

// readyz says whether visitors can be sent here.
func (h *runningHouse) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	switch {
	case h.search != nil && !h.search.Ready():
		http.Error(w, "no release is served yet", http.StatusServiceUnavailable)
	case h.forum != nil && h.forum.db.Ping(ctx) != nil:
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
	default:
		io.WriteString(w, "ready\n")
	}
}

func (h *runningHouse) close() {
	ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
	defer cancel()
	if h.forum != nil {
		if err := errors.Join(h.forum.hub.Close(ctx), h.forum.db.Close()); err != nil {
			h.site.log.Warn("forum not closed cleanly", "error", err)
		}
	}
	h.published.retiring.Wait() // each ends with the context of serve
	h.published.publisher.Wait()
	if err := h.published.search.Close(); err != nil {
		h.site.log.Warn("search not closed cleanly", "error", err)
	}
}

func isHTTPS(base string) bool { return strings.HasPrefix(base, "https://") }
