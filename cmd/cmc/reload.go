package main

import (
	"fmt"
	"net/http"

	"cmc/internal/middleware"
)

// watchCookie tells a page's script that it is served by `cmc serve --watch`
// and may ask for the number of the release. It lives for seconds, so that a
// later server without --watch is not asked.
const watchCookie = "cmc-watch"

// reloadPath answers with the number of the release that is served.
const reloadPath = "/cmc/release"

// announceWatch sets the cookie on every answer.
func announceWatch() middleware.Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: watchCookie, Value: "1", Path: "/", MaxAge: 10, SameSite: http.SameSiteStrictMode})
			next.ServeHTTP(w, r)
		})
	}
}

// release answers an open page that asks whether it is out of date.
func (l *library) release(w http.ResponseWriter, _ *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if l.current != nil {
		fmt.Fprintf(w, "%d", l.current.Number)
	}
}
