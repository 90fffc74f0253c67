package middleware

import (
	"net/http"
	"regexp"
)

const policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'; connect-src 'self'"

// plainHost is a host that is safe to repeat in a header: letters, digits,
// dots, hyphens, a bracketed address, a port.
var plainHost = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]+)?$|^\[[0-9A-Fa-f:.]+\](:[0-9]+)?$`)

// Headers sets the security headers of every answer, files included. With
// https browsers are told never to come back without it.
func Headers(https bool) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Content-Security-Policy", contentPolicy(r.Host, https))
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("X-Frame-Options", "DENY")
			// The path of a members' page must not reach another site.
			h.Set("Referrer-Policy", "same-origin")
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
			if https {
				h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
			}
			next.ServeHTTP(w, r)
		})
	}
}

// contentPolicy names the site's own websocket: some browsers do not count
// ws: as 'self'.
func contentPolicy(host string, https bool) string {
	if !plainHost.MatchString(host) {
		return policy
	}
	if https {
		return policy + " wss://" + host
	}
	return policy + " ws://" + host
}
