package live_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"cmc/forum"
	"cmc/forum/live"
	"cmc/forum/store"
	"cmc/internal/testkit"
)

// narrow gives every connection a send buffer of a few kilobytes.
type narrow struct{ net.Listener }

func (n narrow) Accept() (net.Conn, error) {
	conn, err := n.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok && err == nil {
		err = tcp.SetWriteBuffer(4096)
	}
	return conn, err
}

// TestAStuckClientCostsNobodyElse has one client that reads nothing. It is sent
// away, the others are told everything meanwhile, and the hub never waits.
func TestAStuckClientCostsNobodyElse(t *testing.T) {
	db := testkit.OpenDatabase(t, testkit.SQLite(t))
	hub := live.NewHub(live.Options{
		Store: store.New(db, nil), Log: slog.New(slog.DiscardHandler), Write: time.Second, Backlog: 4 << 20,
	})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := hub.Serve(w, r, func(context.Context) (forum.Member, error) { return forum.Member{}, nil }); err != nil {
			t.Error(err)
		}
	}))
	server.Listener = narrow{server.Listener}
	server.Start()
	t.Cleanup(server.Close)
	t.Cleanup(func() {
		if err := hub.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	narrowed := &websocket.Dialer{NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if tcp, ok := conn.(*net.TCPConn); ok && err == nil {
			err = tcp.SetReadBuffer(4096)
		}
		return conn, err
	}}
	dial := func(dialer *websocket.Dialer) *websocket.Conn {
		conn, _, err := dialer.Dial("ws"+strings.TrimPrefix(server.URL, "http"), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		return conn
	}
	stuck, lively := dial(narrowed), dial(websocket.DefaultDialer)
	awaitLen(t, hub, 2)
	const events = 10_000
	all := make([]forum.Event, events)
	for i := range all {
		all[i] = forum.Event{Seq: int64(i + 1), Kind: forum.EventPost, Topic: 1, Post: int64(i), Room: forum.Room{Visibility: forum.Public}}
	}
	begun := time.Now()
	if err := hub.Publish(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	t.Logf("Publish of %d events took %s", events, time.Since(begun))
	for i := range all {
		if f, err := next(lively); err != nil || f.Seq != int64(i+1) {
			t.Fatal(fmt.Errorf("the lively client is told %+v as number %d: %w", f, i+1, err))
		}
	}
	awaitLen(t, hub, 1) // the stuck one has been sent away
	got := 0
	for {
		if _, err := next(stuck); err != nil {
			break
		}
		got++
	}
	if got >= events {
		t.Error("the stuck client was told everything, so it was not stuck; make the buffers smaller")
	}
}

// awaitLen waits until so many sockets are open.
func awaitLen(t *testing.T, hub *live.Hub, want int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for hub.Len() != want {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%d sockets are open, want %d", hub.Len(), want)
		}
	}
}
