package database

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	firstPause   = 250 * time.Millisecond
	longestPause = 10 * time.Second
	closeTimeout = 2 * time.Second
)

// Listen calls wake after every commit that announced an event, on this node
// or another, until ctx ends. Wakes may be lost while the connection to
// PostgreSQL is, so a listener polls as well; wake must return at once.
func (d *DB) Listen(ctx context.Context, wake func()) {
	if d.engine == SQLite {
		d.listenHere(ctx, wake)
		return
	}
	pause := firstPause
	for ctx.Err() == nil {
		began := time.Now()
		err := d.listenOnce(ctx, wake)
		if ctx.Err() != nil {
			return
		}
		d.log.WarnContext(ctx, "connection for wake-ups lost", slog.Any("err", err))
		if time.Since(began) > longestPause {
			pause = firstPause
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
		pause = min(2*pause, longestPause)
	}
}

// listenOnce keeps a connection of its own: a pooled one would be handed out.
func (d *DB) listenOnce(ctx context.Context, wake func()) (err error) {
	conn, err := pgx.ConnectConfig(ctx, d.postgres.Copy())
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
		defer cancel()
		err = errors.Join(err, conn.Close(closing))
	}()
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	for {
		wake() // the first time for what came while nobody listened
		if _, err := conn.WaitForNotification(ctx); err != nil {
			return fmt.Errorf("wait for a wake-up: %w", err)
		}
	}
}

func (d *DB) listenHere(ctx context.Context, wake func()) {
	d.mu.Lock()
	key := d.nextKey
	d.nextKey++
	d.wakers[key] = wake
	d.mu.Unlock()
	<-ctx.Done()
	d.mu.Lock()
	delete(d.wakers, key)
	d.mu.Unlock()
}

// wake tells the listeners of this process.
func (d *DB) wake() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, wake := range d.wakers {
		wake()
	}
}
