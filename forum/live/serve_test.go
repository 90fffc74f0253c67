package live_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"cmc/forum/live"
	"cmc/internal/testkit"
)

func TestServeRefuses(t *testing.T) {
	n := newNode(t, testkit.SQLite(t), live.Options{Origins: []string{"https://other.example"}})
	host := strings.TrimPrefix(n.server.URL, "http://")
	for _, test := range []struct {
		name, query, origin, want string // want is empty where the socket opens
	}{
		{"a page of this host", "", "http://" + host, ""},
		{"a page of this host behind TLS", "", "https://" + host, ""},
		{"a program that is no browser", "", "", ""},
		{"a configured host", "", "https://other.example", ""},
		{"a foreign page", "", "https://evil.example", "forum_error_origin"},
		{"a host that only begins alike", "", "http://" + host + ".evil.example", "forum_error_origin"},
		{"another port", "", "http://127.0.0.1:1", "forum_error_origin"},
		{"a page in a sandbox", "", "null", "forum_error_origin"},
		{"an origin that is no address", "", "http://%", "forum_error_origin"},
		{"a seq that is no number", "?after=x", "", "forum_error_after"},
		{"a seq below nought", "?after=-1", "", "forum_error_after"},
		{"a seq beyond the log", "?after=99999", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			header := http.Header{}
			if test.origin != "" {
				header.Set("Origin", test.origin)
			}
			conn, response, err := n.tryDial(test.query, header)
			if err == nil {
				_ = conn.Close()
			}
			if (err == nil) != (test.want == "") {
				t.Fatalf("dial = %v, want refused: %t", err, test.want != "")
			}
			if test.want != "" {
				body, _ := io.ReadAll(response.Body)
				if !strings.Contains(string(body), test.want) {
					t.Errorf("answer = %q, want %q", body, test.want)
				}
			}
		})
	}
	response, err := http.Get(n.server.URL + "/forum/ws")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, _ := io.ReadAll(response.Body); !strings.Contains(string(body), "forum_error_socket") {
		t.Errorf("a plain GET is answered %q", body)
	}
}

func TestASocketEndsWithItsSession(t *testing.T) {
	for name, recheck := range map[string]time.Duration{"at the next look": 10 * time.Millisecond, "at once when told": time.Hour} {
		t.Run(name, func(t *testing.T) {
			n := newNode(t, testkit.SQLite(t), live.Options{Recheck: recheck})
			m, _, open := forumOf(t, n)
			n.as(m)
			conn := n.dial(t, "?after=0")
			if _, err := next(conn); err != nil {
				t.Fatal(err)
			}
			n.ended.Store(true)
			n.hub.Recheck()
			wantClose(t, conn, websocket.ClosePolicyViolation)
			if _, err := n.post(t.Context(), m, open.ID, "not for them"); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestSocketsHaveACeiling(t *testing.T) {
	for name, opt := range map[string]live.Options{"in all": {Sockets: 2}, "of one client": {PerClient: 2}} {
		t.Run(name, func(t *testing.T) {
			n := newNode(t, testkit.SQLite(t), opt)
			first := n.dial(t, "")
			n.dial(t, "")
			_, response, err := n.tryDial("", nil)
			if err == nil || response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
				t.Fatalf("the third of two sockets is answered %v, %v; want 503 with Retry-After", response, err)
			}
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
			awaitLen(t, n.hub, 1)
			n.dial(t, "")
		})
	}
}
