package middleware

import (
	"net/http"

	"cmc/internal/errs"
)

// SameOrigin refuses forms that another site sends in a visitor's name. The
// websocket's handshake is a GET and checks its Origin itself.
func SameOrigin(fail Fail, trusted ...string) (Middleware, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range trusted {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, err
		}
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := protection.Check(r); err != nil {
				fail(w, r, errs.Wrap(err, errs.Denied, "error_cross_origin"))
				return
			}
			next.ServeHTTP(w, r)
		})
	}, nil
}
