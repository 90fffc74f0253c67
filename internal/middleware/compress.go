package middleware

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

const (
	minCompressed = 512 // bytes; below, gzip's own header eats the gain
	// jitter adds up to so many random bytes to each compressed answer, so
	// that its length tells an eavesdropper less about what it holds (BREACH).
	jitter = 32
)

// Compress gzips what is written as it goes. Files that were compressed when
// the site was published already say so and pass unchanged.
func Compress() (Middleware, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(minCompressed), gzhttp.RandomJitter(jitter, 0, false))
	if err != nil {
		return nil, err
	}
	return func(next http.Handler) http.Handler {
		compressed := wrap(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if upgrades(r) {
				next.ServeHTTP(w, r)
				return
			}
			compressed.ServeHTTP(w, r)
		})
	}, nil
}
