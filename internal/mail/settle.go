package mail

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"cmc/internal/database"
)

// An outcome is noted by who holds the claim: whoever was so slow that another
// took the letter over has nothing to say any more, but that it was sent.
const (
	sentSQL    = `UPDATE letters SET claim = $2, sent_at = $3, person = $4, subject = $5, error = '' WHERE id = $1 AND` + waitingRows
	droppedSQL = `UPDATE letters SET dropped_at = $3 WHERE id = $1 AND claim = $2 AND` + waitingRows
	laterSQL   = `UPDATE letters SET due_at = $3, error = $4, claim = '' WHERE id = $1 AND claim = $2 AND` + waitingRows
	refusedSQL = `UPDATE letters SET failed_at = $3, person = $4, subject = $5, error = $6 WHERE id = $1 AND claim = $2 AND` + waitingRows
	// A server that takes a letter again has made good what it said before; of
	// what was reported later it knows nothing.
	reachedSQL = `UPDATE bounces SET cleared_at = $2 WHERE person = $1 AND cleared_at IS NULL AND NOT reported`
)

// settle runs a statement on a letter that this node has claimed, and more in
// the same transaction.
func (q *Queue) settle(ctx context.Context, w Waiting, more func(context.Context, *database.Tx) error, query string, args ...any) error {
	return q.DB.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		result, err := tx.ExecContext(ctx, query, append([]any{w.ID, q.mark(w)}, args...)...)
		if err != nil {
			return fmt.Errorf("note how letter %d went: %w", w.ID, err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			q.Log.WarnContext(ctx, "letter taken over meanwhile", slog.Int64("letter", w.ID))
			return err
		}
		if more == nil {
			return nil
		}
		return more(ctx, tx)
	})
}

func (q *Queue) sent(ctx context.Context, w Waiting, person int64, subject string) error {
	now := database.Millis(q.Now())
	return q.settle(ctx, w, func(ctx context.Context, tx *database.Tx) error {
		if _, err := tx.ExecContext(ctx, reachedSQL, person, now); err != nil {
			return fmt.Errorf("note that an address takes mail: %w", err)
		}
		return nil
	}, sentSQL, now, person, oneLine(subject))
}

func (q *Queue) drop(ctx context.Context, w Waiting) error {
	return q.settle(ctx, w, nil, droppedSQL, database.Millis(q.Now()))
}

// later puts a letter off, for longer the more often it was tried. When it
// expires, the next claim gives it up.
func (q *Queue) later(ctx context.Context, w Waiting, tries int, said string) error {
	pause := min(q.Retry<<(2*min(tries-1, 10)), retryLongest)
	due := earlier(q.Now().Add(pause), w.ExpiresAt)
	return q.settle(ctx, w, nil, laterSQL, database.Millis(due), said)
}

// refused notes that a letter will never be taken, for the secretariat to see.
func (q *Queue) refused(ctx context.Context, w Waiting, person int64, subject string, f *Failure) error {
	now := q.Now()
	q.Log.WarnContext(ctx, "letter refused", slog.Int64("letter", w.ID), slog.String("code", f.Code))
	return q.settle(ctx, w, func(ctx context.Context, tx *database.Tx) error {
		return addBounce(ctx, tx, bounce{person: person, letter: w.ID, at: now, code: f.Code, text: f.Text})
	}, refusedSQL, database.Millis(now), person, oneLine(subject), f.Text)
}

type bounce struct {
	person, letter int64
	at             time.Time
	code, text     string
	reported       bool
}

const addBounceSQL = `INSERT INTO bounces (person, letter, at, code, text, reported) VALUES ($1, $2, $3, $4, $5, $6)`

func addBounce(ctx context.Context, tx *database.Tx, b bounce) error {
	if _, err := tx.ExecContext(ctx, addBounceSQL, b.person, b.letter, database.Millis(b.at), b.code, b.text, b.reported); err != nil {
		return fmt.Errorf("note that letter %d bounced: %w", b.letter, err)
	}
	return nil
}

const forgetSQL = `DELETE FROM letters WHERE created_at < $1 AND (sent_at IS NOT NULL OR dropped_at IS NOT NULL OR failed_at IS NOT NULL)`

// forget takes away what was settled long ago.
func (q *Queue) forget(ctx context.Context) {
	err := q.DB.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, forgetSQL, database.Millis(q.Now().Add(-forgetAfter)))
		return err
	})
	if err != nil && ctx.Err() == nil {
		q.Log.WarnContext(ctx, "old letters not forgotten", slog.Any("err", err))
	}
}
