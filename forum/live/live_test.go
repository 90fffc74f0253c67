package live_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"cmc/forum"
	"cmc/forum/live"
	"cmc/forum/store"
	"cmc/internal/database"
	"cmc/internal/errs"
	"cmc/internal/testkit"
)

// node is one `cmc serve` as far as live updates go.
type node struct {
	store  *store.Store
	db     *database.DB
	hub    *live.Hub
	server *httptest.Server
	member atomic.Pointer[forum.Member] // who every socket belongs to
	ended  atomic.Bool                  // whether their session has ended
}

func newNode(t *testing.T, where string, opt live.Options) *node {
	t.Helper()
	n := &node{db: testkit.OpenDatabase(t, where)}
	n.store = store.New(n.db, nil)
	opt.Store, opt.Log = n.store, slog.New(slog.DiscardHandler)
	n.hub = live.NewHub(opt)
	n.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := n.hub.Serve(w, r, func(context.Context) (forum.Member, error) {
			if n.ended.Load() {
				return forum.Member{}, errs.New(errs.Unauthenticated, "x")
			}
			if m := n.member.Load(); m != nil {
				return *m, nil
			}
			return forum.Member{}, nil
		})
		if err != nil {
			http.Error(w, err.Error(), http.StatusTeapot)
		}
	}))
	head, err := n.store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	tailed := make(chan error, 1)
	go func() { tailed <- live.NewTail(n.db, n.store, opt.Log).Run(ctx, head, n.hub.Publish) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-tailed, n.hub.Close(context.Background())); err != nil {
			t.Error(err)
		}
		n.server.Close()
	})
	return n
}

func (n *node) as(m forum.Member) { n.member.Store(&m) }

func (n *node) dial(t *testing.T, query string) *websocket.Conn {
	t.Helper()
	conn, response, err := n.tryDial(query, nil)
	if err != nil {
		t.Fatalf("dial %q: %v (%v)", query, err, response)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func (n *node) tryDial(query string, header http.Header) (*websocket.Conn, *http.Response, error) {
	return websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(n.server.URL, "http")+"/forum/ws"+query, header)
}

type frame struct {
	Seq, Topic, Post int64
	Kind, At         string
}

func next(conn *websocket.Conn) (frame, error) {
	var f frame
	if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		return f, err
	}
	_, text, err := conn.ReadMessage()
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal(text, &f)
}

func wantClose(t *testing.T, conn *websocket.Conn, code int) {
	t.Helper()
	for {
		_, err := next(conn)
		if err == nil {
			continue
		}
		var closed *websocket.CloseError
		if !errors.As(err, &closed) || closed.Code != code {
			t.Errorf("socket ended with %v, want close code %d", err, code)
		}
		return
	}
}

// forumOf seats people and opens a topic in a members' and in a public room.
func forumOf(t *testing.T, n *node) (m forum.Member, closed, open forum.Topic) {
	t.Helper()
	err := n.store.SeedRooms(t.Context(), []forum.Room{
		{Slug: "members", Visibility: forum.Members, Policy: forum.Attributed},
		{Slug: "public", Visibility: forum.Public, Policy: forum.Attributed},
	})
	if err != nil {
		t.Fatal(err)
	}
	m = testkit.Seat(t, n.db, "Eve", forum.RoleExpert, "AAA")
	for room, topic := range map[string]*forum.Topic{"members": &closed, "public": &open} {
		*topic, err = n.store.Start(t.Context(), m, forum.NewTopic{Room: room, Title: room, Lang: "en", NewPost: forum.NewPost{Body: "x"}})
		if err != nil {
			t.Fatal(err)
		}
	}
	return m, closed, open
}

func (n *node) post(ctx context.Context, m forum.Member, topic int64, body string) (forum.Post, error) {
	return n.store.Reply(ctx, m, topic, forum.NewPost{Body: body, BodyLang: "en"})
}

func (n *node) head(t *testing.T) int64 {
	t.Helper()
	head, err := n.store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return head
}

// TestNothingIsMissed cuts a subscriber off 100 times at random while 1,000
// posts are made, and wants exactly those, each once, in order.
func TestNothingIsMissed(t *testing.T) {
	t.Run("sqlite, one node", func(t *testing.T) { nothingIsMissed(t, testkit.SQLite(t), 1) })
	t.Run("postgres, one node", func(t *testing.T) { nothingIsMissed(t, testkit.Postgres(t), 1) })
	t.Run("postgres, two nodes", func(t *testing.T) { nothingIsMissed(t, testkit.Postgres(t), 2) })
}

func nothingIsMissed(t *testing.T, where string, count int) {
	const posts, cuts, posters = 1000, 100, 8
	nodes := make([]*node, count)
	for i := range nodes {
		nodes[i] = newNode(t, where, live.Options{})
	}
	m, topic, _ := forumOf(t, nodes[0])
	for _, n := range nodes {
		n.as(m)
	}
	topics := []int64{topic.ID} // several, or the topic's own lock would put the posts in order
	for i := 1; i < posters; i++ {
		other, err := nodes[0].store.Start(t.Context(), m, forum.NewTopic{
			Room: "members", Title: fmt.Sprint(i), Lang: "en", NewPost: forum.NewPost{Body: "x"},
		})
		if err != nil {
			t.Fatal(err)
		}
		topics = append(topics, other.ID)
	}
	last := nodes[0].head(t)

	made := make([]atomic.Int64, posts) // ids
	var turn atomic.Int64
	var wg sync.WaitGroup
	for _, topic := range topics {
		wg.Go(func() {
			for i := turn.Add(1) - 1; i < posts; i = turn.Add(1) - 1 {
				p, err := nodes[int(i)%count].post(context.Background(), m, topic, fmt.Sprint("post ", i))
				if err != nil {
					t.Errorf("post %d: %v", i, err)
					return
				}
				made[i].Store(p.ID)
			}
		})
	}
	got := make([]frame, 0, posts)
	for cut := 0; len(got) < posts && !t.Failed(); cut++ {
		conn, _, err := nodes[rand.IntN(count)].tryDial(fmt.Sprint("?after=", last), nil)
		if err != nil {
			t.Fatal(err)
		}
		stay := posts
		if cut < cuts {
			stay = rand.IntN(18)
		}
		for ; stay > 0 && len(got) < posts; stay-- {
			f, err := next(conn)
			if err != nil {
				t.Fatalf("after %d posts and %d cuts: %v", len(got), cut, err)
			}
			got, last = append(got, f), f.Seq
		}
		_ = conn.NetConn().Close() // no goodbye
	}
	wg.Wait()

	want := map[int64]bool{}
	for i := range made {
		want[made[i].Load()] = true
	}
	for i, f := range got {
		if !want[f.Post] || f.Kind != "post" {
			t.Fatalf("frame %d = %+v, not one of the posts or twice", i, f)
		}
		delete(want, f.Post)
		if i > 0 && f.Seq <= got[i-1].Seq {
			t.Fatalf("frame %d has seq %d after %d", i, f.Seq, got[i-1].Seq)
		}
	}
	if len(want) != 0 {
		t.Errorf("%d posts never arrived", len(want))
	}
}

func TestASocketTellsOnlyWhatItsMemberMayRead(t *testing.T) {
	n := newNode(t, testkit.SQLite(t), live.Options{})
	m, closed, open := forumOf(t, n)
	replayed := n.dial(t, "?after=0")
	for _, want := range []string{"topic", "post"} {
		if f, err := next(replayed); err != nil || f.Topic != open.ID || f.Kind != want {
			t.Errorf("a visitor is told %+v, %v; want the %s of the public room", f, err, want)
		}
	}
	for _, topic := range []int64{closed.ID, open.ID} {
		if _, err := n.post(t.Context(), m, topic, "live"); err != nil {
			t.Fatal(err)
		}
	}
	if f, err := next(replayed); err != nil || f.Topic != open.ID {
		t.Errorf("a visitor is told live %+v, %v; want the public post alone", f, err)
	}
	n.as(m)
	if f, err := next(n.dial(t, "?after=0")); err != nil || f.Seq != 1 {
		t.Errorf("a member is told first %+v, %v; want event 1", f, err)
	}
}

func TestPingsAndCloseReachEveryClient(t *testing.T) {
	n := newNode(t, testkit.SQLite(t), live.Options{Ping: 5 * time.Millisecond})
	pinged := make(chan struct{}, 1000)
	conns := make([]*websocket.Conn, 10)
	for i := range conns {
		conns[i] = n.dial(t, "")
		answer := conns[i].PingHandler()
		conns[i].SetPingHandler(func(s string) error {
			pinged <- struct{}{}
			return answer(s)
		})
	}
	var wg sync.WaitGroup
	for _, conn := range conns {
		wg.Go(func() { wantClose(t, conn, websocket.CloseServiceRestart) })
	}
	for range 3 * len(conns) {
		<-pinged
	}
	if err := n.hub.Close(t.Context()); err != nil {
		t.Errorf("Close = %v", err)
	}
	wg.Wait()
	if n.hub.Len() != 0 {
		t.Errorf("%d sockets are left after Close", n.hub.Len())
	}
	wantClose(t, n.dial(t, ""), websocket.CloseServiceRestart)
}
