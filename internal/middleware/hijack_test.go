package middleware

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestAWebsocketOutlivesTheTimeout hands the connection over as a websocket
// library does, and speaks on it after a request would have ended.
func TestAWebsocketOutlivesTheTimeout(t *testing.T) {
	const limit = 50 * time.Millisecond
	srv, log := serve(t, Options{Timeout: limit}, func(w http.ResponseWriter, r *http.Request) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		go func() {
			defer c.Close()
			fmt.Fprint(c, "HTTP/1.1 101 Switching Protocols\r\n\r\n")
			<-time.After(2 * limit)
			fmt.Fprint(c, "late\n")
		}()
	})
	c, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "GET /forum/ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAccept-Encoding: gzip\r\n\r\n")
	in := bufio.NewScanner(c)
	var lines []string
	for in.Scan() {
		lines = append(lines, in.Text())
	}
	if got := strings.Join(lines, "|"); got != "HTTP/1.1 101 Switching Protocols||late" {
		t.Errorf("the socket received %q", got)
	}
	if line := <-log; !strings.Contains(line, "status=101") {
		t.Errorf("log = %s, want status=101", line)
	}
}

func TestARequestEndsAtTheTimeout(t *testing.T) {
	srv, _ := serve(t, Options{Timeout: 50 * time.Millisecond}, func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
	})
	r := request(t, http.MethodGet, srv.URL, "")
	if res, err := http.DefaultClient.Do(r); err == nil {
		res.Body.Close()
	}
	// Reaching this line is the proof: without the deadline the handler waits
	// for ever.
}
