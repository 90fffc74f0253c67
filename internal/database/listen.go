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
func (d *DB) Listen(ctx context.Context, wake func()) { d.listen(ctx, channel, wake) }

// ListenRights is Listen for what TellRights tells.
func (d *DB) ListenRights(ctx context.Context, wake func()) { d.listen(ctx, rightsChannel, wake) }

// TellRights tells every node that somebody's rights may have changed.
func (d *DB) TellRights(ctx context.Context) error {
	if d.engine == SQLite {
		d.wake(rightsChannel)
		return nil
	}
	if _, err := d.write.ExecContext(ctx, `SELECT pg_notify($1, '')`, rightsChannel); err != nil {
		return fmt.Errorf("tell of changed rights: %w", err)
	}
	return nil
}

func (d *DB) listen(ctx context.Context, on string, wake func()) {
	if d.engine == SQLite {
		d.listenHere(ctx, on, wake)
		return
	}
	pause := firstPause
	for ctx.Err() == nil {
		began := time.Now()
		err := d.listenOnce(ctx, on, wake)
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
func (d *DB) listenOnce(ctx context.Context, on string, wake func()) (err error) {
	conn, err := pgx.ConnectConfig(ctx, d.postgres.Copy())
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
		defer cancel()
		err = errors.Join(err, conn.Close(closing))
	}()
	if _, err := conn.Exec(ctx, "LISTEN "+on); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	for {
		wake() // the first time for what came while nobody listened
		if _, err := conn.WaitForNotification(ctx); err != nil {
			return fmt.Errorf("wait for a wake-up: %w", err)
		}
	}
}

func (d *DB) listenHere(ctx context.Context, on string, wake func()) {
	d.mu.Lock()
	key := d.nextKey
	d.nextKey++
	d.wakers[key] = waker{on, wake}
	d.mu.Unlock()
	<-ctx.Done()
	d.mu.Lock()
	delete(d.wakers, key)
	d.mu.Unlock()
}

// waker is a listener of this process.
type waker struct {
	on  string // a channel
	run func()
}

// wake tells the listeners of this process.
func (d *DB) wake(on string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, w := range d.wakers {
		if w.on == on {
			w.run()
		}
	}
}
