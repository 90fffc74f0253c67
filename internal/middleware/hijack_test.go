package middleware

import (
	"bufio"
	"fmt"
	"io"
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

// TestASlowReaderIsServedWhileBytesMove sends a form in pieces and reads the
// answer in pieces; each piece takes most of the patience, the whole far more.
func TestASlowReaderIsServedWhileBytesMove(t *testing.T) {
	const patience = 400 * time.Millisecond
	srv, _ := serve(t, Options{Timeout: patience}, func(w http.ResponseWriter, r *http.Request) {
		if err := r.Context().Err(); err != nil {
			t.Errorf("the work is over before it began: %v", err)
		}
		fmt.Fprint(w, r.PostForm.Get("body"))
	})
	c, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\n")
	for _, piece := range []string{"bod", "y=a", "bcd", "e"} {
		<-time.After(patience / 2)
		fmt.Fprint(c, piece)
	}
	answer, err := io.ReadAll(c)
	if err != nil || !strings.Contains(string(answer), "abcde") {
		t.Errorf("a slow form is answered %q, %v", answer, err)
	}
}

func TestASilentSenderIsGivenUp(t *testing.T) {
	srv, _ := serve(t, Options{Timeout: 50 * time.Millisecond}, echo)
	c, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\nbod")
	// Reaching the end is the proof: without the deadline the server waits on.
	if _, err := io.ReadAll(c); err != nil {
		t.Logf("the connection ended with %v", err)
	}
}
