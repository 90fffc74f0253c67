package page

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"cmc/internal/i18n"
)

type contextKey int

const (
	languageKey contextKey = iota
	viewerKey
	requestIDKey
)

// WithLanguage notes the language a request is answered in.
func WithLanguage(ctx context.Context, l *i18n.Language) context.Context {
	return context.WithValue(ctx, languageKey, l)
}

// Language returns the request's language, nil when none was noted.
func Language(ctx context.Context) *i18n.Language {
	l, _ := ctx.Value(languageKey).(*i18n.Language)
	return l
}

// WithViewer notes who is reading.
func WithViewer(ctx context.Context, v Viewer) context.Context {
	return context.WithValue(ctx, viewerKey, v)
}

// ViewerOf returns who is reading; the zero Viewer is a visitor.
func ViewerOf(ctx context.Context) Viewer {
	v, _ := ctx.Value(viewerKey).(Viewer)
	return v
}

// WithRequestID notes the id under which the request is logged.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey, id)
}

// RequestID returns the id under which the request is logged, or "".
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey).(string)
	return id
}

// Localize notes each request's language by its path. For the dynamic rooms
// (first path segments such as "forum") it also takes the prefix off, so that
// a handler is registered once, on its plain path; every other path passes
// unchanged, since the static site holds files under the prefix.
func Localize(cat *i18n.Catalogue, rooms []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		code, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		lang := cat.Default()
		if cat.Has(code) && code != lang.Code() {
			lang = cat.Language(code)
			if room, _, _ := strings.Cut(rest, "/"); slices.Contains(rooms, room) {
				r = withPath(r, "/"+rest)
			}
		}
		next.ServeHTTP(w, r.WithContext(WithLanguage(r.Context(), lang)))
	})
}

func withPath(r *http.Request, path string) *http.Request {
	u := new(url.URL)
	*u = *r.URL
	u.Path, u.RawPath = path, ""
	c := new(http.Request)
	*c = *r
	c.URL = u
	return c
}
