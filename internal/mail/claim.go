package mail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cmc/internal/database"
)

const waitingRows = ` sent_at IS NULL AND dropped_at IS NULL AND failed_at IS NULL`

const nextDueSQL = `SELECT coalesce(min(due_at), 0) FROM letters WHERE` + waitingRows

// untilNext is how long nothing is due that this node knows of.
func (q *Queue) untilNext(ctx context.Context) time.Duration {
	var due int64
	if err := q.DB.Reader().QueryRowContext(ctx, nextDueSQL).Scan(&due); err != nil || due == 0 {
		return lookEvery
	}
	return min(lookEvery, max(0, database.Time(due).Sub(q.Now())))
}

const dueSQL = `
SELECT id, message, seat, person, kind, about, coalesce(room, 0), created_at, expires_at, token, tries,
	(SELECT count(*) FROM bounces b WHERE b.person = l.person AND b.cleared_at IS NULL),
	(SELECT coalesce(max(at), 0) FROM bounces b WHERE b.person = l.person AND b.cleared_at IS NULL)
FROM letters l WHERE due_at <= $1 AND` + waitingRows + ` ORDER BY due_at, id LIMIT 1`

const claimSQL = `UPDATE letters SET due_at = $2, claim = $3, tries = tries + 1 WHERE id = $1 AND due_at <= $4 AND` + waitingRows

// claim takes the letter that is due first: until its lease ends nobody else
// will. Letters that are too late are given up, and those to an address that
// refused others put off, on the way.
func (q *Queue) claim(ctx context.Context) (w Waiting, ok bool, err error) {
	for more := true; more && err == nil; {
		if more, err = q.anyDue(ctx); err != nil || !more {
			return Waiting{}, false, err
		}
		err = q.DB.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
			var again error
			w, ok, again = q.claimNext(ctx, tx)
			return again
		})
		if ok {
			return w, true, err
		}
	}
	return Waiting{}, false, err
}

// anyDue asks without writing: mostly nothing is.
func (q *Queue) anyDue(ctx context.Context) (bool, error) {
	var due int64
	if err := q.DB.Reader().QueryRowContext(ctx, nextDueSQL).Scan(&due); err != nil {
		return false, fmt.Errorf("look for letters: %w", err)
	}
	return due != 0 && due <= database.Millis(q.Now()), nil
}

func (q *Queue) claimNext(ctx context.Context, tx *database.Tx) (Waiting, bool, error) {
	now := q.Now()
	var w Waiting
	var created, expires, lastBounce int64
	var about string
	var bounces int
	err := tx.QueryRowContext(ctx, dueSQL, database.Millis(now)).Scan(&w.ID, &w.Message, &w.Seat, &w.Person, &w.Kind, &about,
		&w.Room, &created, &expires, &w.token, &w.tries, &bounces, &lastBounce)
	if errors.Is(err, sql.ErrNoRows) {
		return Waiting{}, false, nil
	}
	if err != nil {
		return Waiting{}, false, fmt.Errorf("read the letter that is due: %w", err)
	}
	w.About, w.CreatedAt, w.ExpiresAt = []byte(about), database.Time(created), database.Time(expires)
	w.tries++
	if !now.Before(w.ExpiresAt) {
		q.Log.ErrorContext(ctx, "letter given up", slog.Int64("letter", w.ID), slog.Int("tries", w.tries-1))
		return Waiting{}, false, exec(ctx, tx, "give up letter", w.ID, giveUpSQL, database.Millis(now))
	}
	if until := database.Time(lastBounce).Add(afterBounces(bounces)); w.Kind != KindTest && now.Before(until) {
		return Waiting{}, false, exec(ctx, tx, "put off letter", w.ID, putOffSQL, database.Millis(earlier(until, w.ExpiresAt)))
	}
	if err := exec(ctx, tx, "claim letter", w.ID, claimSQL, database.Millis(now.Add(lease)), q.mark(w), database.Millis(now)); err != nil {
		return Waiting{}, false, err
	}
	return w, true, nil
}

// KindTest is the kind of a letter that somebody sends to their own address to
// see whether it comes. It is not put off.
const KindTest = "test"

// afterBounces is how long an address is left alone that refused n letters.
func afterBounces(n int) time.Duration {
	if n == 0 {
		return 0
	}
	return min(time.Hour<<(2*min(n-1, 3)), 24*time.Hour)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// mark is what a claim is known by: this node's, and this attempt's.
func (q *Queue) mark(w Waiting) string { return fmt.Sprintf("%s-%d", q.node, w.tries) }

const (
	giveUpSQL = `UPDATE letters SET failed_at = $2 WHERE id = $1`
	putOffSQL = `UPDATE letters SET due_at = $2 WHERE id = $1`
)

// exec runs a statement about one letter, whose id is its first argument.
func exec(ctx context.Context, tx *database.Tx, doing string, letter int64, query string, args ...any) error {
	if _, err := tx.ExecContext(ctx, query, append([]any{letter}, args...)...); err != nil {
		return fmt.Errorf("%s %d: %w", doing, letter, err)
	}
	return nil
}
