package live_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cmc/forum"
	"cmc/forum/live"
	"cmc/forum/store"
	"cmc/internal/testkit"
)

const (
	pacedRate  = 50_000 // deliveries a second in all
	pacedFor   = 10 * time.Second
	fullFor    = 5 * time.Second
	underWay   = 16 // posts at once when saturated
	warmUp     = 20 // posts before anything is measured
	giveUpWait = time.Minute
)

// TestFanOutServer is the server process of the benchmark.
func TestFanOutServer(t *testing.T) {
	var way string
	var subscribers int
	if _, err := fmt.Sscan(os.Getenv("CMC_FAN_OUT"), &way, &subscribers); err != nil {
		t.Skip("only as a child of BenchmarkFanOut")
	}
	f := newFan(t, way)
	var r fanned
	before := resident(t)
	f.invite(subscribers)
	r.Idle = float64(resident(t)-before) / 1024 / float64(subscribers)
	for range warmUp {
		f.post()
		f.await()
	}
	f.paced(&r, subscribers)
	f.saturated(&r, subscribers)
	if err := json.NewEncoder(os.NewFile(3, "result")).Encode(r); err != nil {
		t.Fatal(err)
	}
}

// resident is the memory of this process, after collection, in bytes.
func resident(t *testing.T) int64 {
	t.Helper()
	for range 4 { // stacks shrink by half each time
		runtime.GC()
	}
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		testkit.Missing(t, "linux", err.Error())
	}
	var size, pages int64
	if _, err := fmt.Sscan(string(text), &size, &pages); err != nil {
		t.Fatal(err)
	}
	return pages * int64(os.Getpagesize())
}

func cpu(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// fan is a log, a way to deliver what comes, and a crowd.
type fan struct {
	t      *testing.T
	store  *store.Store
	member forum.Member
	topic  int64
	server *httptest.Server
	told   chan delivered
}

func newFan(t *testing.T, way string) *fan {
	t.Helper()
	db := testkit.OpenDatabase(t, testkit.SQLite(t))
	f := &fan{t: t, store: store.New(db, nil), told: make(chan delivered, 1<<16)}
	n := &node{store: f.store, db: db}
	member, _, open := forumOf(t, n)
	f.member, f.topic = member, open.ID
	serve, sink := f.way(way)
	f.server = httptest.NewServer(serve)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var tail sync.WaitGroup
	head := n.head(t)
	tail.Go(func() { _ = live.NewTail(db, f.store, slog.New(slog.DiscardHandler)).Run(ctx, head, sink) })
	t.Cleanup(func() { cancel(); tail.Wait() })
	return f
}

// way returns how sockets are opened and fed.
func (f *fan) way(name string) (http.Handler, func(context.Context, []forum.Event) error) {
	switch name {
	case "plain":
		p := newPlain()
		return p, p.publish
	case "example":
		e := newExample()
		return e, e.publish
	}
	const many = 1 << 20
	hub := live.NewHub(live.Options{
		Store: f.store, Log: slog.New(slog.DiscardHandler), Ping: time.Hour, Sockets: many, PerClient: many,
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := hub.Serve(w, r, func(context.Context) (forum.Member, error) { return forum.Member{}, nil }); err != nil {
			f.t.Error(err)
		}
	}), hub.Publish
}

// invite starts the client process and waits until all its sockets are open.
func (f *fan) invite(subscribers int) {
	f.t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		f.t.Fatal(err)
	}
	cmd := child(f.t, "TestFanOutClient", fmt.Sprint(strings.TrimPrefix(f.server.URL, "http://"), " ", subscribers), write)
	stay, err := cmd.StdinPipe()
	if err != nil {
		f.t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		f.t.Fatal(err)
	}
	_ = write.Close() // the child has its own
	go func() {
		defer close(f.told)
		for in := json.NewDecoder(bufio.NewReader(read)); ; {
			var d delivered
			if in.Decode(&d) != nil {
				return
			}
			f.told <- d
		}
	}()
	f.t.Cleanup(func() {
		_ = stay.Close()
		if err := cmd.Wait(); err != nil {
			f.t.Errorf("the client process: %v", err)
		}
	})
	f.await()
}

// post makes a post and returns when it was durable.
func (f *fan) post() time.Time {
	if _, err := f.store.Reply(context.Background(), f.member, f.topic, forum.NewPost{Body: "x", BodyLang: "en"}); err != nil {
		f.t.Error(err)
	}
	return time.Now()
}

// await waits until everybody has had one more event.
func (f *fan) await() delivered {
	select {
	case d, ok := <-f.told:
		if ok {
			return d
		}
		f.t.Fatal("the client process has gone")
	case <-time.After(giveUpWait):
		f.t.Fatal("not everybody was told within a minute")
	}
	return delivered{}
}

func (f *fan) paced(r *fanned, subscribers int) {
	f.t.Helper()
	interval := time.Second * time.Duration(subscribers) / pacedRate
	count := int(pacedFor / interval)
	tick := time.NewTicker(interval)
	defer tick.Stop()
	busy, took := cpu(f.t), make([]float64, 0, count)
	posted := make(chan time.Time, count)
	go func() {
		for range count {
			<-tick.C
			posted <- f.post()
		}
	}()
	for range count {
		d := f.await()
		took = append(took, float64(d.At-(<-posted).UnixNano())/1e6)
	}
	r.CPU = float64((cpu(f.t) - busy).Microseconds()) / float64(count*subscribers)
	slices.Sort(took)
	r.P50, r.P99 = took[len(took)/2], took[len(took)*99/100]
}

func (f *fan) saturated(r *fanned, subscribers int) {
	f.t.Helper()
	var posters sync.WaitGroup
	next := make(chan struct{}, underWay)
	for range underWay {
		next <- struct{}{}
		posters.Go(func() {
			for range next {
				f.post()
			}
		})
	}
	busy, began, count := cpu(f.t), time.Now(), 0
	for time.Since(began) < fullFor {
		f.await()
		count++
		next <- struct{}{}
	}
	took := time.Since(began)
	busy = cpu(f.t) - busy
	close(next)
	posters.Wait()
	r.Rate = float64(count*subscribers) / took.Seconds()
	r.FullCPU = float64(busy.Microseconds()) / float64(count*subscribers)
}
