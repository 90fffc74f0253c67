// Package live tells open pages that something is new. A Tail reads the event
// log from its last seq; a Hub gives every subscriber, in order, what it may
// read.
//
// The log is the truth and the socket only its echo: whoever comes back with
// its last seq misses nothing, however long it was away. It promises no gap,
// no double and no disorder, and that a slow client costs nobody else
// anything. It refuses to carry text: a frame says that something happened,
// the page then asks for it over HTTP, under the same rules.
package live

import (
	"context"
	"log/slog"
	"time"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/database"
)

// pollEvery is how late an event may be when its wake-up was lost.
const pollEvery = time.Second

// batch is how many events are read at once.
const batch = 500

// Tail follows the event log. Each node has its own.
type Tail struct {
	db    *database.DB
	store *store.Store
	log   *slog.Logger
}

// NewTail returns a tail of the log.
func NewTail(db *database.DB, s *store.Store, log *slog.Logger) *Tail {
	return &Tail{db: db, store: s, log: log}
}

// Run calls sink with every event above after, in order, until ctx ends. It is
// woken by commits and looks once a second all the same. An error of sink ends
// Run: the caller decides from which seq to begin again.
func (t *Tail) Run(ctx context.Context, after int64, sink func(context.Context, []forum.Event) error) error {
	wakes := make(chan struct{}, 1)
	listening := make(chan struct{})
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer close(listening)
		t.db.Listen(ctx, func() {
			select {
			case wakes <- struct{}{}:
			default: // one is waiting already
			}
		})
	}()
	defer func() { <-listening }()
	defer cancel()

	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		last, err := t.catchUp(ctx, after, sink)
		if err != nil || ctx.Err() != nil {
			return err
		}
		after = last
		select {
		case <-ctx.Done():
			return nil
		case <-wakes:
		case <-poll.C:
		}
	}
}

// catchUp hands over what the log has now. Where the log cannot be read it
// logs that and leaves the rest to the next round.
func (t *Tail) catchUp(ctx context.Context, after int64, sink func(context.Context, []forum.Event) error) (int64, error) {
	for {
		events, err := t.store.Log(ctx, after, batch)
		if err != nil {
			if ctx.Err() == nil {
				t.log.WarnContext(ctx, "event log not read", slog.Any("err", err))
			}
			return after, nil
		}
		if len(events) == 0 {
			return after, nil
		}
		if err := sink(ctx, events); err != nil {
			return after, err
		}
		after = events[len(events)-1].Seq
	}
}
