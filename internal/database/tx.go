package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrAgain asks, in the chain of what a transaction returns, for it to be
// repeated: another one was quicker, and its result can now be seen.
var ErrAgain = errors.New("transaction to be repeated")

const attempts = 8

// eventLock is the key of the advisory lock that makes events visible in the
// order of their numbers. Any constant does.
const eventLock = 0x636d63

// The channels of wake-ups.
const (
	channel       = "cmc_events"
	rightsChannel = "cmc_rights"
)

// Tx is a transaction that writes.
type Tx struct {
	*sql.Tx
	db        *DB
	announced int64
}

// Tx runs do in a transaction and returns once it is durable. Transactions
// follow one another, on all nodes: what one reads stays true until it ends.
// Those that wait together are committed together (see group.go), so do must be
// quick, and see nothing of the caller but what it was given. It is repeated
// when the engine reports a conflict that a repetition may solve, so do must
// change nothing outside the transaction before it returns.
func (d *DB) Tx(ctx context.Context, do func(ctx context.Context, tx *Tx) error) error {
	return repeat(ctx, func() error { return d.join(ctx, do) })
}

// long is Tx for work that may take minutes, such as a restore: alone in its
// transaction, and bounded by nothing but ctx. Whoever writes meanwhile waits.
func (d *DB) long(ctx context.Context, do func(ctx context.Context, tx *Tx) error) error {
	return repeat(ctx, func() error { return d.alone(ctx, do) })
}

// repeat runs a transaction until it succeeds or a repetition would not help.
func repeat(ctx context.Context, transact func() error) error {
	var err error
	for n := range attempts {
		if err = transact(); err == nil || !again(err) {
			return err
		}
		wait := time.NewTimer(time.Duration(rand.Int64N(int64(time.Millisecond) << n)))
		select {
		case <-ctx.Done():
			wait.Stop()
			return errors.Join(err, ctx.Err())
		case <-wait.C:
		}
	}
	return fmt.Errorf("%d attempts: %w", attempts, err)
}

// lockEvents makes the events of this transaction visible after all with
// smaller numbers: on PostgreSQL numbers are given out before commit and can
// appear out of order, so that a reader at "above n" would skip a late one for
// ever. SQLite has one writer. It is the first lock a transaction takes: two
// nodes that took it after a row's lock could wait for each other.
func (t *Tx) lockEvents(ctx context.Context) error {
	if t.db.engine != Postgres {
		return nil
	}
	if _, err := t.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, eventLock); err != nil {
		return fmt.Errorf("lock the event log: %w", err)
	}
	return nil
}

// Announce wakes, once the transaction has committed, whoever listens.
func (t *Tx) Announce(seq int64) { t.announced = max(t.announced, seq) }

// notify leaves the wake-up with PostgreSQL, which delivers it at commit.
func (t *Tx) notify(ctx context.Context) error {
	if t.db.engine != Postgres || t.announced == 0 {
		return nil
	}
	if _, err := t.ExecContext(ctx, `SELECT pg_notify($1, $2)`, channel, fmt.Sprint(t.announced)); err != nil {
		return fmt.Errorf("announce event %d: %w", t.announced, err)
	}
	return nil
}

// again reports an error after which the same transaction may succeed.
func again(err error) bool {
	if errors.Is(err, ErrAgain) {
		return true
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "40001" || pg.Code == "40P01" // serialization, deadlock
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		primary := lite.Code() & 0xff
		return primary == sqlite3.SQLITE_BUSY || primary == sqlite3.SQLITE_LOCKED
	}
	return false
}

// IsDuplicate reports an error that says a unique value is taken.
func IsDuplicate(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "23505"
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}
