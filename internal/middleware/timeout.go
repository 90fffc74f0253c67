package middleware

import (
	"context"
	"net/http"
	"time"
)

// Timeout ends the work and the sending of one answer after d. A websocket
// lives on; its own package sets its deadlines.
func Timeout(d time.Duration) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if upgrades(r) {
				next.ServeHTTP(w, r)
				return
			}
			ctx, cancel := context.WithTimeout(r.Context(), d)
			defer cancel()
			rc := http.NewResponseController(w)
			end := time.Now().Add(d) // the connection's clock, not the forum's
			// A writer without deadlines (a test's recorder) has nobody to wait for.
			_ = rc.SetReadDeadline(end)
			_ = rc.SetWriteDeadline(end)
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}
