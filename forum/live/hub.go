package live

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"cmc/forum"
	"cmc/forum/store"
)

// Lookup returns the member who asks, with the rights of this moment, or an
// error when the session has ended. A visitor is the zero Member.
type Lookup func(ctx context.Context) (forum.Member, error)

// Options set a hub up; what is 0 gets a default.
type Options struct {
	Store   *store.Store
	Log     *slog.Logger
	Origins []string                   // further hosts whose pages may open a socket
	Client  func(*http.Request) string // whose share of the sockets a visitor's takes; the remote address when nil

	Sockets   int // open at once
	PerClient int // of these, of one member or of visitors from one address

	Ping    time.Duration // between pings, give or take a fifth
	Recheck time.Duration // between two looks at everybody's rights
	Write   time.Duration // in which a client must take in a few kilobytes
	Backlog int           // bytes that may wait for one client
}

func (o Options) withDefaults() Options {
	set(&o.Sockets, 10_000)
	set(&o.PerClient, 64)
	set(&o.Ping, 25*time.Second)
	set(&o.Recheck, 10*time.Second)
	set(&o.Write, 10*time.Second)
	set(&o.Backlog, 256<<10)
	if o.Client == nil {
		o.Client = remoteHost
	}
	return o
}

func set[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Hub holds the open sockets of this process and feeds them from a Tail. Each
// belongs to one of a few shards, whose goroutine writes to all of its own; a
// goroutine per socket only reads. They all end with Close.
type Hub struct {
	opt      Options
	upgrader websocket.Upgrader
	recent   *recent
	shards   []*shard
	seats    *seats
	ctx      context.Context //nolint:containedctx // ends what outlives a request; owned by Close
	cancel   context.CancelFunc
	recheck  chan struct{}

	mu     sync.Mutex // for wg.Add beside Close
	closed bool
	wg     sync.WaitGroup
}

// NewHub returns a hub without sockets.
func NewHub(opt Options) *Hub {
	h := &Hub{opt: opt.withDefaults(), recent: newRecent(), recheck: make(chan struct{}, 1)}
	h.seats = newSeats(h.opt.Sockets, h.opt.PerClient)
	h.ctx, h.cancel = context.WithCancel(context.Background())
	h.upgrader = h.newUpgrader()
	for range runtime.GOMAXPROCS(0) {
		s := &shard{hub: h, wake: make(chan struct{}, 1), audiences: map[string]*audience{}}
		h.shards = append(h.shards, s)
		h.wg.Go(s.run)
	}
	h.wg.Go(h.watchRights)
	return h
}

// Publish gives events to the subscribers that may read them. It is the sink
// of a Tail, which gives every event once and in order. It never waits for a
// client, only for shards that are a long way behind.
func (h *Hub) Publish(ctx context.Context, events []forum.Event) error {
	for len(events) > 0 {
		n := min(len(events), batch)
		if err := h.recent.add(events[:n]); err != nil {
			return err
		}
		events = events[n:]
		for _, s := range h.shards {
			s.start(h.recent.start())
			poke(s.wake)
		}
		h.pace(ctx)
	}
	return nil
}

// pace waits until every shard has so little to do that recent still holds it.
func (h *Hub) pace(ctx context.Context) {
	for _, s := range h.shards {
		for lag := s.lag(); lag != nil; lag = s.lag() {
			select {
			case <-lag:
			case <-ctx.Done():
				return // the tail ends too, and whoever comes back asks the log
			}
		}
	}
}

// Len tells how many sockets are open.
func (h *Hub) Len() int { return h.seats.len() }

// begin adds a goroutine to those that Close waits for, unless the hub closes.
func (h *Hub) begin() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.closed {
		h.wg.Add(1)
	}
	return !h.closed
}

// Close says goodbye to every subscriber and waits for them, as long as ctx
// lasts.
func (h *Hub) Close(ctx context.Context) error {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.cancel()
	done := make(chan struct{})
	go func() {
		h.wg.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("close the live sockets: %w", ctx.Err())
	}
}

// poke leaves a sign for a goroutine that looks when it has time.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // one is waiting already
	}
}
