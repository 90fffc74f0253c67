package live_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
	"pgregory.net/rapid"

	"cmc/forum"
	"cmc/forum/live"
	"cmc/forum/store"
	"cmc/internal/testkit"
)

// TestEveryReaderHasWhatItMayReadInOrderOnce runs any sequence of posts, edits,
// removals and narrowed rooms, with readers that come, go, lag and resume from
// any place of the log, while hubs are stopped and started. A model says what
// each must have been told.
func TestEveryReaderHasWhatItMayReadInOrderOnce(t *testing.T) {
	for engine, set := range map[string]struct {
		where  func(testing.TB) string
		nodes  int
		checks string
	}{"sqlite, one node": {testkit.SQLite, 1, "25"}, "postgres, two nodes": {testkit.Postgres, 2, "6"}} {
		t.Run(engine, func(t *testing.T) {
			w := newModelWorld(t, set.where(t), set.nodes)
			if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
				if err := f.Value.Set(set.checks); err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = f.Value.Set(f.DefValue) })
			}
			rapid.Check(t, w.check)
		})
	}
}

// modelWorld is what all runs on one engine share; the log grows from run to
// run.
type modelWorld struct {
	t     *testing.T
	nodes []*node        // without hub and server
	who   []forum.Member // the readers; the first posts
	runs  int
}

func newModelWorld(t *testing.T, where string, count int) *modelWorld {
	t.Helper()
	w := &modelWorld{t: t}
	for range count {
		n := &node{db: testkit.OpenDatabase(t, where)}
		n.store = store.New(n.db, nil)
		w.nodes = append(w.nodes, n)
	}
	expert := testkit.Seat(t, w.nodes[0].db, "Eve", forum.RoleExpert, "AAA")
	secretariat := testkit.Seat(t, w.nodes[0].db, "Sec", forum.RoleSecretariat, "SEC")
	secretariat.Delegation.Kind = forum.KindSecretariat
	drafter := testkit.Seat(t, w.nodes[0].db, "Dan", forum.RoleExpert, "BBB")
	drafter.Groups = []string{"drafting"}
	w.who = []forum.Member{secretariat, {}, expert, drafter}
	return w
}

// model is one run.
type model struct {
	*modelWorld

	rooms  []forum.Room
	lines  []*line // one hub with its tail for each node
	topics []forum.Topic
	posts  []forum.Post
	log    []forum.Event // what the actions must have written
	begin  int64         // the log's head before the run
	heard  []*listener
}

func (w *modelWorld) check(t *rapid.T) {
	w.runs++
	m := &model{modelWorld: w}
	// The last stays open to all, so that each has a post to come after what it
	// should not have been told.
	for i, name := range []string{"public", "members", "group:drafting", "public"} {
		slug := fmt.Sprintf("room-%d-%d", w.runs, i)
		m.rooms = append(m.rooms, forum.Room{Slug: slug, Visibility: forum.Visibility(name), Policy: forum.Attributed})
	}
	m.seed(t)
	m.begin = m.head(t)
	for range w.nodes {
		m.lines = append(m.lines, nil)
	}
	for i := range m.lines {
		m.startLine(t, i)
	}
	for _, who := range w.who {
		m.heard = append(m.heard, &listener{who: who, last: m.begin})
	}
	defer m.stop()
	for i := range m.rooms {
		m.start(t, i)
	}
	t.Repeat(map[string]func(*rapid.T){
		"post":    m.post,
		"edit":    m.edit,
		"remove":  m.remove,
		"narrow":  m.narrow,
		"come":    m.come,
		"go":      func(t *rapid.T) { m.listener(t).leave() },
		"resume":  m.resume,
		"read":    m.read,
		"restart": m.restart,
	})
	m.settle(t)
	m.nothingMore(t)
}

func must(t *rapid.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (m *model) node(t *rapid.T) *node { return rapid.SampledFrom(m.nodes).Draw(t, "node") }

func (m *model) listener(t *rapid.T) *listener { return rapid.SampledFrom(m.heard).Draw(t, "reader") }

func (m *model) head(t *rapid.T) int64 {
	t.Helper()
	head, err := m.nodes[0].store.Head(context.Background())
	must(t, err)
	return head
}

func (m *model) seed(t *rapid.T) {
	t.Helper()
	must(t, m.nodes[0].store.SeedRooms(context.Background(), m.rooms))
}

// wrote reads the new end of the log, which must be the event that an action
// was to write.
func (m *model) wrote(t *rapid.T, kind forum.EventKind, topic, post int64) {
	t.Helper()
	after := m.begin
	if len(m.log) > 0 {
		after = m.log[len(m.log)-1].Seq
	}
	events, err := m.nodes[0].store.Log(context.Background(), after, 10)
	must(t, err)
	for _, e := range events {
		if e.Topic != topic {
			t.Fatalf("the log holds %+v, want topic %d", e, topic)
		}
	}
	if len(events) == 0 || events[len(events)-1].Kind != kind || events[len(events)-1].Post != post {
		t.Fatalf("the log ends with %+v, want %s of post %d", events, kind, post)
	}
	m.log = append(m.log, events...)
}

func (m *model) start(t *rapid.T, room int) {
	t.Helper()
	topic, err := m.nodes[0].store.Start(context.Background(), m.who[0], forum.NewTopic{
		Room: m.rooms[room].Slug, Title: "x", Lang: "en", NewPost: forum.NewPost{Body: "x"},
	})
	must(t, err)
	m.topics = append(m.topics, topic)
	events, err := m.nodes[0].store.Log(context.Background(), m.head(t)-2, 10)
	must(t, err)
	m.log = append(m.log, events...) // its own event and its first post's
}

func (m *model) post(t *rapid.T) {
	topic := rapid.SampledFrom(m.topics).Draw(t, "topic")
	p, err := m.node(t).post(context.Background(), m.who[0], topic.ID, fmt.Sprint("post ", len(m.log)))
	must(t, err)
	m.posts = append(m.posts, p)
	m.wrote(t, forum.EventPost, p.Topic, p.ID)
}

func (m *model) edit(t *rapid.T) {
	if len(m.posts) == 0 {
		t.Skip("no post yet")
	}
	i := rapid.IntRange(0, len(m.posts)-1).Draw(t, "post")
	p, err := m.node(t).store.Edit(context.Background(), m.who[0], m.posts[i].ID,
		forum.NewText{Body: fmt.Sprint("edit ", len(m.log)), Lang: "en", Revision: m.posts[i].Revision})
	must(t, err)
	m.posts[i] = p
	m.wrote(t, forum.EventEdit, p.Topic, p.ID)
}

func (m *model) remove(t *rapid.T) {
	if len(m.posts) == 0 {
		t.Skip("no post yet")
	}
	i := rapid.IntRange(0, len(m.posts)-1).Draw(t, "post")
	p := m.posts[i]
	m.posts = slices.Delete(m.posts, i, i+1)
	must(t, m.node(t).store.Remove(context.Background(), m.who[0], p.ID, ""))
	m.wrote(t, forum.EventRemove, p.Topic, p.ID)
}

// narrow closes the public room to visitors. Those who are there have read
// everything by then, so that the model knows what they were told.
func (m *model) narrow(t *rapid.T) {
	if m.rooms[0].Visibility != forum.Public {
		t.Skip("narrow already")
	}
	for _, l := range m.heard {
		m.catchUp(t, l)
	}
	m.rooms[0].Visibility = forum.Members
	m.seed(t)
}

func (m *model) come(t *rapid.T) {
	l := m.listener(t)
	if l.conn == nil {
		m.connect(t, l)
	}
}

// resume comes back from any place of this run's log, or from beyond it.
func (m *model) resume(t *rapid.T) {
	l := m.listener(t)
	l.leave()
	l.last = rapid.Int64Range(m.begin, m.head(t)+3).Draw(t, "after")
	m.connect(t, l)
}

func (m *model) connect(t *rapid.T, l *listener) {
	t.Helper()
	on := rapid.SampledFrom(m.lines).Draw(t, "line")
	must(t, l.dial(on, slices.IndexFunc(m.who, func(w forum.Member) bool { return w.ID == l.who.ID })))
	l.last = min(l.last, m.head(t))
}

func (m *model) read(t *rapid.T) {
	l := m.listener(t)
	for range rapid.IntRange(1, 5).Draw(t, "frames") {
		if l.conn == nil || !m.readOne(t, l) {
			return
		}
	}
}

// readOne reads the frame that a reader must get next; false when it has all.
func (m *model) readOne(t *rapid.T, l *listener) bool {
	t.Helper()
	i := slices.IndexFunc(m.log, func(e forum.Event) bool { return e.Seq > l.last && m.mayRead(l.who, e) })
	if i < 0 {
		return false
	}
	want := m.log[i]
	got, err := next(l.conn)
	if err != nil || got.Seq != want.Seq || got.Kind != string(want.Kind) || got.Topic != want.Topic || got.Post != want.Post {
		t.Fatalf("reader %d after %d was told %+v, %v; want event %d, %s of post %d", l.who.ID, l.last, got, err, want.Seq, want.Kind, want.Post)
	}
	l.last = want.Seq
	return true
}

func (m *model) mayRead(who forum.Member, e forum.Event) bool {
	i := slices.IndexFunc(m.rooms, func(r forum.Room) bool { return r.Slug == e.Room.Slug })
	return i >= 0 && forum.CanRead(who, m.rooms[i])
}

func (m *model) catchUp(t *rapid.T, l *listener) {
	t.Helper()
	for l.conn != nil && m.readOne(t, l) {
		continue
	}
}

func (m *model) settle(t *rapid.T) {
	t.Helper()
	for _, l := range m.heard {
		if l.conn == nil {
			m.connect(t, l)
		}
		m.catchUp(t, l)
	}
}

// nothingMore posts once more in each room: a reader whose next frame is that
// post was told nothing it should not have been told.
func (m *model) nothingMore(t *rapid.T) {
	t.Helper()
	for _, topic := range m.topics {
		p, err := m.nodes[0].post(context.Background(), m.who[0], topic.ID, "the end")
		must(t, err)
		m.wrote(t, forum.EventPost, p.Topic, p.ID)
	}
	m.settle(t)
}

// line is a hub with its tail and a server.
type line struct {
	hub    *live.Hub
	server *httptest.Server
	stop   func() error
}

func (m *model) startLine(t *rapid.T, i int) {
	t.Helper()
	n, log := m.nodes[i], slog.New(slog.DiscardHandler)
	l := &line{hub: live.NewHub(live.Options{Store: n.store, Log: log})}
	l.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, _ := strconv.Atoi(r.Header.Get("X-Reader"))
		if err := l.hub.Serve(w, r, func(context.Context) (forum.Member, error) { return m.who[who], nil }); err != nil {
			m.t.Error(err)
		}
	}))
	head := m.head(t)
	ctx, cancel := context.WithCancel(context.Background())
	var tail sync.WaitGroup
	var tailed error
	tail.Go(func() { tailed = live.NewTail(n.db, n.store, log).Run(ctx, head, l.hub.Publish) })
	l.stop = func() error {
		cancel()
		tail.Wait()
		err := errors.Join(tailed, l.hub.Close(context.Background()))
		l.server.Close()
		return err
	}
	m.lines[i] = l
}

// restart is seldom, so that a hub has something to remember.
func (m *model) restart(t *rapid.T) {
	i := rapid.IntRange(0, 6*len(m.lines)).Draw(t, "node")
	if i >= len(m.lines) {
		t.Skip("not yet")
	}
	for _, l := range m.heard {
		if l.on == m.lines[i] {
			l.leave()
		}
	}
	must(t, m.lines[i].stop())
	m.startLine(t, i)
}

func (m *model) stop() {
	for _, l := range m.heard {
		l.leave()
	}
	for _, l := range m.lines {
		if err := l.stop(); err != nil {
			m.t.Error(err)
		}
	}
}

// listener is a reader and where it is.
type listener struct {
	who  forum.Member
	last int64
	conn *websocket.Conn // nil while it is away
	on   *line
}

func (l *listener) dial(on *line, who int) error {
	address := fmt.Sprintf("ws%s?after=%d", strings.TrimPrefix(on.server.URL, "http"), l.last)
	conn, response, err := websocket.DefaultDialer.Dial(address, http.Header{"X-Reader": {strconv.Itoa(who)}})
	if err != nil {
		return err
	}
	l.conn, l.on = conn, on
	return response.Body.Close()
}

// leave goes without goodbye; what was not read is read again.
func (l *listener) leave() {
	if l.conn != nil {
		_ = l.conn.NetConn().Close()
	}
	l.conn, l.on = nil, nil
}
