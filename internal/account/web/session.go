package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"cmc/forum"
	"cmc/internal/account"
	"cmc/internal/errs"
	"cmc/internal/page"
)

// Session notes on each request for one of the rooms (first path segments
// such as "forum") who is asking, with the rights of this moment. Published
// files are the same for everybody and cost no look-up. Whoever waits for a
// second step is a visitor until it is taken, and a page leads them to it.
func (a *Web) Session(rooms ...string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			room, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
			if !slices.Contains(rooms, room) || a.read(r, sessionCookie) == "" {
				next.ServeHTTP(w, r)
				return
			}
			m, err := a.Lookup(r)(r.Context())
			switch {
			case errors.Is(err, account.ErrFactor):
				if room != "account" && navigates(r) {
					_ = a.to(w, r, factorPath(a.base(r, "account_title").URL(r.URL.RequestURI())))
					return
				}
			case errs.KindOf(err) == errs.Unauthenticated:
				a.set(w, sessionCookie, "", 0)
			case err != nil:
				a.pages.Error(w, r, err)
				return
			}
			next.ServeHTTP(w, r.WithContext(with(r.Context(), m)))
		})
	}
}

// navigates tells whether a person waits for the page, and not a script for
// its data.
func navigates(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// Lookup returns how to find the member behind a request's cookie, with the
// rights of the moment of asking: a socket asks again after the request has
// ended. Without a cookie it is the visitor.
func (a *Web) Lookup(r *http.Request) func(context.Context) (forum.Member, error) {
	token := a.read(r, sessionCookie)
	return func(ctx context.Context) (forum.Member, error) {
		if token == "" {
			return forum.Member{}, nil
		}
		return a.accounts.Lookup(ctx, token)
	}
}

func with(ctx context.Context, m forum.Member) context.Context {
	lang := ""
	if l := page.Language(ctx); l != nil {
		lang = l.Code()
	}
	ctx = context.WithValue(ctx, contextKey{}, m)
	return page.WithViewer(ctx, page.Viewer{
		SignedIn:    m.SignedIn(),
		Name:        m.Name,
		Delegation:  m.Delegation.Name(lang),
		Secretariat: m.Secretariat(),
	})
}
