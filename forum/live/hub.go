package live

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"cmc/forum"
	"cmc/forum/store"
)

// Lookup returns the member who asks, with the rights of this moment, or an
// error when the session has ended. A visitor is the zero Member.
type Lookup func(ctx context.Context) (forum.Member, error)

// Options set a hub up; the durations are 0 outside of tests.
type Options struct {
	Store   *store.Store
	Log     *slog.Logger
	Origins []string // further hosts whose pages may open a socket

	Ping    time.Duration // between pings, give or take a fifth
	Recheck time.Duration // between two looks at a subscriber's rights
	Write   time.Duration // that a write may take
	Queue   int           // events that may wait for one subscriber
}

func (o Options) withDefaults() Options {
	set := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	set(&o.Ping, 25*time.Second)
	set(&o.Recheck, 10*time.Second)
	set(&o.Write, 10*time.Second)
	if o.Queue == 0 {
		o.Queue = 256
	}
	return o
}

// Hub holds the open sockets of this process and feeds them from a Tail. Its
// goroutines end with Close.
type Hub struct {
	opt      Options
	upgrader websocket.Upgrader
	ctx      context.Context //nolint:containedctx // ends what outlives a request; owned by Close
	cancel   context.CancelFunc
	wg       sync.WaitGroup

	mu     sync.Mutex
	subs   map[*subscriber]struct{}
	closed bool
}

// NewHub returns a hub without sockets.
func NewHub(opt Options) *Hub {
	h := &Hub{opt: opt.withDefaults(), subs: map[*subscriber]struct{}{}}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	h.upgrader = h.newUpgrader()
	return h
}

// message is an event as it is sent, framed once for all subscribers.
type message struct {
	event  forum.Event
	framed *websocket.PreparedMessage
}

// Publish gives events to the subscribers that may read them. It is the sink
// of a Tail, which gives every event once and in order; it never waits.
func (h *Hub) Publish(_ context.Context, events []forum.Event) error {
	messages := make([]message, len(events))
	for i, e := range events {
		m, err := frame(e)
		if err != nil {
			return err
		}
		messages[i] = m
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		s.offer(messages)
	}
	return nil
}

func frame(e forum.Event) (message, error) {
	text, err := json.Marshal(e)
	if err != nil {
		return message{}, fmt.Errorf("write event %d as JSON: %w", e.Seq, err)
	}
	framed, err := websocket.NewPreparedMessage(websocket.TextMessage, text)
	if err != nil {
		return message{}, fmt.Errorf("frame event %d: %w", e.Seq, err)
	}
	return message{e, framed}, nil
}

// Recheck makes every subscriber's rights be looked at now, so that a socket
// closes at once when its session was ended.
func (h *Hub) Recheck() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		select {
		case s.recheck <- struct{}{}:
		default: // one is waiting already
		}
	}
}

// Len tells how many sockets are open.
func (h *Hub) Len() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.subs)
}

// add takes a subscriber in, unless the hub is closing.
func (h *Hub) add(s *subscriber) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.subs[s] = struct{}{}
	h.wg.Add(2)
	return true
}

func (h *Hub) remove(s *subscriber) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subs, s)
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
