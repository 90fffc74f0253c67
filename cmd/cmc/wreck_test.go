package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// killPause is the longest that a client waits before it tries again: without
// it a server would hardly come to its feet.
const killPause = 100 * time.Millisecond

// wreckage is what a test of kills does to its servers.
type wreckage struct {
	nodes []*process
	kills atomic.Int64
}

func (w *wreckage) killServers(ctx context.Context, node *process) {
	for wait(ctx, rand.N(maxServing)) {
		node.kill()
		node.start()
		w.kills.Add(1)
	}
}

// badLine is a network between clients and a node: its connections break at
// any byte.
type badLine struct {
	address string // of the client's end
	node    *process
	cuts    atomic.Int64

	mu   sync.Mutex
	open map[net.Conn]bool
}

func newBadLine(t *testing.T, node *process) *badLine {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &badLine{address: listener.Addr().String(), node: node, open: map[net.Conn]bool{}}
	var carrying sync.WaitGroup
	carrying.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			carrying.Go(func() { l.carry(conn) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		l.cutAll()
		carrying.Wait()
	})
	return l
}

func (l *badLine) carry(conn net.Conn) {
	defer conn.Close()
	to, err := net.Dial("tcp", strings.TrimPrefix(l.node.address(), "http://"))
	if err != nil {
		return // the server is away
	}
	defer to.Close()
	l.mu.Lock()
	l.open[conn] = true
	l.mu.Unlock()
	var back sync.WaitGroup
	back.Go(func() {
		_, _ = io.Copy(conn, to) // whichever way it ends
		_ = conn.Close()
	})
	_, _ = io.Copy(to, conn)
	_ = to.Close()
	back.Wait()
	l.mu.Lock()
	delete(l.open, conn)
	l.mu.Unlock()
}

func (l *badLine) cutAtRandom(ctx context.Context) {
	for wait(ctx, rand.N(100*time.Millisecond)) {
		l.mu.Lock()
		for conn := range l.open { // in no order
			_ = conn.Close()
			l.cuts.Add(1)
			break
		}
		l.mu.Unlock()
	}
}

func (l *badLine) cutAll() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for conn := range l.open {
		_ = conn.Close()
	}
}

func cutsOf(lines []*badLine) (n int64) {
	for _, l := range lines {
		n += l.cuts.Load()
	}
	return n
}

// killClient is a browser that is stopped now and then. What it keeps through
// that is the form it was sending.
type killClient struct {
	client *http.Client
	lines  []*badLine
	number int
}

func newKillClient(as *visitor, lines []*badLine, number int) *killClient {
	return &killClient{
		lines: lines, number: number,
		client: &http.Client{
			Jar: as.client.Jar, Timeout: 10 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			Transport:     distant{fmt.Sprintf("192.0.2.%d", number+1), &http.Transport{}},
		},
	}
}

// distant makes a client come from an address of its own, for whoever limits
// how much one may ask.
type distant struct {
	from string
	by   http.RoundTripper
}

func (d distant) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Forwarded-For", d.from)
	return d.by.RoundTrip(r)
}

// sendAll sends posts one after the other and notes each when a redirect has
// acknowledged it.
func (c *killClient) sendAll(ctx context.Context, topic string, count int, sent *ledger) error {
	for n := range count {
		mark := fmt.Sprintf("mark-%d-%d-end", c.number, n)
		var action string
		var fields url.Values
		for action == "" {
			if !wait(ctx, rand.N(killPause)) {
				return ctx.Err()
			}
			action, fields = composer(ctx, c.client, c.somewhere()+topic)
		}
		fields.Set("body", "Out at dawn. "+mark)
		for {
			if !wait(ctx, rand.N(killPause)) {
				return ctx.Err()
			}
			status, err := c.sendOrStop(ctx, action, fields)
			if err == nil && status == http.StatusSeeOther {
				sent.add(mark)
				break
			}
			if err == nil && status < 500 && status != http.StatusTooManyRequests {
				return fmt.Errorf("post %s: status %d", mark, status)
			}
		}
	}
	return nil
}

// sendOrStop sends the form, and one time in ten is stopped meanwhile.
func (c *killClient) sendOrStop(ctx context.Context, action string, fields url.Values) (int, error) {
	if rand.IntN(10) == 0 {
		stopped, stop := context.WithTimeout(ctx, rand.N(20*time.Millisecond))
		defer stop()
		ctx = stopped
	}
	return send(ctx, c.client, c.somewhere()+action, fields)
}

func (c *killClient) somewhere() string { return "http://" + c.lines[rand.IntN(len(c.lines))].address }

// head is the place of the log up to which a member has been told.
func (v *visitor) head() int64 {
	v.t.Helper()
	var page struct {
		Last int64 `json:"last"`
	}
	if err := json.Unmarshal([]byte(v.get("/forum/events?after=9999999").body), &page); err != nil {
		v.t.Fatal(err)
	}
	return page.Last
}

// hearing is a listener that comes back to any node with its last seq.
type hearing struct {
	lines       []*badLine
	header      http.Header
	last        int64
	posts       map[int64]int64 // post → seq
	connections int
	err         error
}

func newHearing(as *visitor, lines []*badLine, begun int64) *hearing {
	h := &hearing{lines: lines, header: http.Header{}, last: begun, posts: map[int64]int64{}}
	if base, err := url.Parse(as.at()); err == nil {
		for _, c := range as.client.Jar.Cookies(base) {
			h.header.Add("Cookie", c.Name+"="+c.Value)
		}
	}
	return h
}

// follow listens until it has heard of so many posts, or of something wrong.
func (h *hearing) follow(ctx context.Context, posts int) {
	for len(h.posts) < posts && h.err == nil && wait(ctx, rand.N(killPause)) {
		address := fmt.Sprintf("ws://%s/forum/ws?after=%d", h.lines[rand.IntN(len(h.lines))].address, h.last)
		socket, _, err := websocket.DefaultDialer.DialContext(ctx, address, h.header)
		if err != nil {
			continue // the server is away, or the line was cut
		}
		h.connections++
		for h.err == nil && len(h.posts) < posts && h.one(socket) {
			continue
		}
		_ = socket.Close()
	}
}

// one takes an event in; false when the connection has ended.
func (h *hearing) one(socket *websocket.Conn) bool {
	if err := socket.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return false
	}
	_, text, err := socket.ReadMessage()
	if err != nil {
		return false
	}
	var e heardEvent
	if err := json.Unmarshal(text, &e); err != nil {
		h.err = err
		return false
	}
	if e.Seq <= h.last {
		h.err = errors.Join(h.err, fmt.Errorf("seq %d came after %d", e.Seq, h.last))
	}
	h.last = e.Seq
	if was, again := h.posts[e.Post]; again {
		h.err = errors.Join(h.err, fmt.Errorf("post %d came twice, as %d and %d", e.Post, was, e.Seq))
	}
	h.posts[e.Post] = e.Seq
	return true
}

func (h *hearing) check(t *testing.T, posts int) {
	t.Helper()
	if h.err != nil || len(h.posts) != posts {
		t.Errorf("a listener heard of %d posts, %v; want %d", len(h.posts), h.err, posts)
	}
}
