// Package middleware holds what every request passes before a room sees it:
// an id and one line in the log, the security headers, the checks on where a
// request comes from and what it carries, and the limits.
//
// It promises that a handler behind Stack only sees requests of its own
// origin, forms that were read to the end within the limit, and valid UTF-8
// text without NUL. It refuses to log addresses, query strings, form values or
// cookies, and it knows nothing of rooms: refusals are told through the one
// function that turns errors into pages.
package middleware

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"time"
)

// Fail answers a request with an error; page.Set.Error is one.
type Fail func(w http.ResponseWriter, r *http.Request, err error)

// Middleware wraps a handler.
type Middleware func(http.Handler) http.Handler

// Options are the settings of a Stack. Zero limits mean the defaults.
type Options struct {
	Log  *slog.Logger
	Fail Fail
	Now  func() time.Time

	// HTTPS says that the site is only reached over TLS, directly or through
	// a proxy; browsers are then told to keep to it.
	HTTPS bool
	// Origins are addresses other than the site's own ("https://host") from
	// which forms are accepted. Usually none.
	Origins []string
	// Proxies are the networks whose X-Forwarded-For is believed.
	Proxies []netip.Prefix

	// Context prepares what error pages need: the language, then the viewer.
	Context []Middleware

	BodyLimit int64 // bytes of a form; default 1 MiB
	// Uploads tells how many bytes of files a request may bring besides; nil,
	// or 0: none.
	Uploads func(*http.Request) int64
	Timeout time.Duration // of work, and of silence on a connection; default 30 s
	Rate    Rate          // requests per reader; the zero Rate is no limit
}

const (
	defaultBodyLimit = 1 << 20
	defaultTimeout   = 30 * time.Second
)

// Stack wraps next in everything, in the order that matters: the log sees
// what the visitor saw, an error page has its headers and its language, and
// nothing reads a body before its origin and its rate are accepted.
func Stack(o Options, next http.Handler) (http.Handler, error) {
	if o.BodyLimit == 0 {
		o.BodyLimit = defaultBodyLimit
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	sameOrigin, err := SameOrigin(o.Fail, o.Origins...)
	if err != nil {
		return nil, fmt.Errorf("accept forms from other origins: %w", err)
	}
	compress, err := Compress()
	if err != nil {
		return nil, fmt.Errorf("set up compression: %w", err)
	}
	ms := []Middleware{
		RequestID(),
		AccessLog(o.Log, o.Now),
		Patience(o.Timeout),
		Headers(o.HTTPS),
		compress,
	}
	ms = append(ms, o.Context...)
	ms = append(ms,
		Recover(o.Log, o.Fail), // inside Context: its error page has language and viewer
		sameOrigin,
		RateLimit(o.Rate, ClientAddr(o.Proxies), o.Now, o.Fail),
		Text(o.Fail),
		Uploads(o.BodyLimit, o.Uploads, o.Fail),
		Forms(o.BodyLimit, o.Fail),
		Timeout(o.Timeout),
	)
	return Chain(next, ms...), nil
}

// Chain wraps next in ms; the first of them sees a request first.
func Chain(next http.Handler, ms ...Middleware) http.Handler {
	for _, m := range slices.Backward(ms) {
		next = m(next)
	}
	return next
}

// upgrades tells whether a request asks for a websocket.
func upgrades(r *http.Request) bool { return r.Header.Get("Upgrade") != "" }
