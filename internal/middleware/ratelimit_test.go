package middleware

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
)

func TestRateLimitMakesOneAddressWaitAndNoOther(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	h := RateLimit(Rate{PerSecond: 0.5, Burst: 2}, ClientAddr(nil), func() time.Time { return now }, fail)(http.HandlerFunc(echo))
	ask := func(addr string) (int, string) {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = addr
		h.ServeHTTP(w, r)
		return w.Code, w.Header().Get("Retry-After")
	}
	for _, step := range []struct {
		name  string
		after time.Duration
		addr  string
		code  int
		retry string
	}{
		{"the burst is free", 0, "192.0.2.1:1000", 200, ""},
		{"the burst is free to its end", 0, "192.0.2.1:1001", 200, ""},
		{"then the address waits", 0, "192.0.2.1:1002", 429, "2"},
		{"another address does not", 0, "192.0.2.2:1000", 200, ""},
		{"this machine never waits", 0, "127.0.0.1:1", 200, ""},
		{"nor by its other name", 0, "[::1]:1", 200, ""},
		{"a refused request costs nothing", 2 * time.Second, "192.0.2.1:1003", 200, ""},
		{"a network of IPv6 is one reader", 0, "[2001:db8::1]:1", 200, ""},
		{"whatever its last 64 bits", 0, "[2001:db8::2]:1", 200, ""},
		{"so that changing them gains nothing", 0, "[2001:db8::3]:1", 429, "2"},
	} {
		now = now.Add(step.after)
		if code, retry := ask(step.addr); code != step.code || retry != step.retry {
			t.Fatalf("%s: %d, Retry-After %q; want %d, %q", step.name, code, retry, step.code, step.retry)
		}
	}
}

func TestFormsToGuardsTheFormsOfItsPathsOnly(t *testing.T) {
	now := func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }
	limit := RateLimit(Rate{PerSecond: 1, Burst: 1}, ClientAddr(nil), now, fail)
	h := FormsTo(limit, "/account/sign-in", "/account/invitation")(http.HandlerFunc(echo))
	for _, step := range []struct {
		name, method, path string
		code               int
	}{
		{"the first form", http.MethodPost, "/account/sign-in", 200},
		{"the next to either path", http.MethodPost, "/account/invitation", 429},
		{"the page of the form", http.MethodGet, "/account/sign-in", 200},
		{"a form to another path", http.MethodPost, "/account/code", 200},
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(step.method, step.path, nil)
		r.RemoteAddr = "192.0.2.1:1000"
		h.ServeHTTP(w, r)
		if w.Code != step.code {
			t.Errorf("%s: %d, want %d", step.name, w.Code, step.code)
		}
	}
}

func TestLimiterForgetsWhoWasUnseenForLongest(t *testing.T) {
	l := newLimiter(Rate{PerSecond: 1, Burst: 1}, 2)
	now := time.Now()
	a, b, c := network(netip.MustParseAddr("192.0.2.1")), network(netip.MustParseAddr("192.0.2.2")), network(netip.MustParseAddr("192.0.2.3"))
	l.wait(a, now)
	l.wait(b, now)
	l.wait(a, now)
	l.wait(c, now) // b goes
	if l.seen.Len() != 2 || len(l.index) != 2 {
		t.Errorf("the limiter remembers %d and %d, want 2 at most", l.seen.Len(), len(l.index))
	}
	if l.wait(a, now) == 0 {
		t.Error("the address seen most recently was forgotten")
	}
}

func TestClientAddrBelievesOnlyOurProxies(t *testing.T) {
	addr := ClientAddr([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")})
	for _, test := range []struct{ name, remote, forwarded, want string }{
		{"a direct reader", "192.0.2.1:99", "", "192.0.2.1"},
		{"a direct reader who pretends", "192.0.2.1:99", "198.51.100.9", "192.0.2.1"},
		{"a reader behind our proxy", "10.0.0.2:99", "192.0.2.1", "192.0.2.1"},
		{"a reader behind two of ours", "10.0.0.2:99", "192.0.2.1, 10.0.0.3", "192.0.2.1"},
		{"a reader behind our proxy who pretends", "10.0.0.2:99", "198.51.100.9, 192.0.2.1", "192.0.2.1"},
		{"our proxy with nonsense", "10.0.0.2:99", "unknown", "10.0.0.2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = test.remote
			if test.forwarded != "" {
				r.Header.Set("X-Forwarded-For", test.forwarded)
			}
			if got := addr(r).String(); got != test.want {
				t.Errorf("address = %s, want %s", got, test.want)
			}
		})
	}
}
