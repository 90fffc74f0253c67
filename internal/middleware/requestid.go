package middleware

import (
	"crypto/rand"
	"net/http"

	"cmc/internal/page"
)

// RequestID gives each request a random id: in its context, in the answer's
// X-Request-Id, on error pages and in the log. An id sent by the client is
// not used, since the log must not repeat what strangers write.
func RequestID() Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			id := rand.Text()[:16]
			w.Header().Set("X-Request-Id", id)
			next.ServeHTTP(w, r.WithContext(page.WithRequestID(r.Context(), id)))
		})
	}
}
