package mail

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"cmc/internal/database"
)

// State is how a letter stands.
type State string

// The states.
const (
	StateWaiting State = "waiting"
	StateSent    State = "sent" // a server has taken it
	StateDropped State = "dropped"
	StateFailed  State = "failed"
)

// Record is a letter as its reader may see that it went.
type Record struct {
	Kind    string
	Subject string // empty before it was sent
	At      time.Time
	State   State
	Said    string // by the server, when it did not take the letter
}

// Bounce is a letter that came back.
type Bounce struct {
	ID         int64
	Person     int64
	Name       string
	Delegation string // its code; empty: they have no seat now
	At         time.Time
	Code, Text string
	Reported   bool
}

// Records tell how letters went.
type Records struct {
	db  *database.DB
	now func() time.Time
}

// NewRecords returns the records; now is the clock, time.Now when nil.
func NewRecords(db *database.DB, now func() time.Time) *Records {
	if now == nil {
		now = time.Now
	}
	return &Records{db, now}
}

const lettersSQL = `
SELECT kind, subject, coalesce(sent_at, created_at), sent_at IS NOT NULL, dropped_at IS NOT NULL, failed_at IS NOT NULL, error
FROM letters WHERE seat = $1 ORDER BY created_at DESC, id DESC LIMIT $2`

// Letters lists a seat's letters, the newest first.
func (r *Records) Letters(ctx context.Context, seat int64, limit int) ([]Record, error) {
	rows, err := r.db.Reader().QueryContext(ctx, lettersSQL, seat, limit)
	all, err := collect(rows, err, func(row *sql.Rows) (Record, error) {
		var l Record
		var at int64
		var sent, dropped, failed bool
		err := row.Scan(&l.Kind, &l.Subject, &at, &sent, &dropped, &failed, &l.Said)
		l.At, l.State = database.Time(at), StateWaiting
		switch {
		case sent:
			l.State = StateSent
		case dropped:
			l.State = StateDropped
		case failed:
			l.State = StateFailed
		}
		return l, err
	})
	if err != nil {
		return nil, fmt.Errorf("list the letters of seat %d: %w", seat, err)
	}
	return all, nil
}

const bouncesSQL = `
SELECT b.id, b.person, p.name, coalesce(s.delegation, ''), b.at, b.code, b.text, b.reported
FROM bounces b JOIN persons p ON p.id = b.person
LEFT JOIN occupancies o ON o.person = p.id AND o.until IS NULL
LEFT JOIN seats s ON s.id = o.seat
WHERE b.cleared_at IS NULL ORDER BY b.at DESC, b.id DESC LIMIT $1`

// Bounces lists the letters that came back and that nobody has dealt with.
func (r *Records) Bounces(ctx context.Context, limit int) ([]Bounce, error) {
	rows, err := r.db.Reader().QueryContext(ctx, bouncesSQL, limit)
	all, err := collect(rows, err, func(row *sql.Rows) (Bounce, error) {
		var b Bounce
		var at int64
		err := row.Scan(&b.ID, &b.Person, &b.Name, &b.Delegation, &at, &b.Code, &b.Text, &b.Reported)
		b.At = database.Time(at)
		return b, err
	})
	if err != nil {
		return nil, fmt.Errorf("list the letters that came back: %w", err)
	}
	return all, nil
}

const bouncingSQL = `SELECT count(*) FROM bounces WHERE person = $1 AND cleared_at IS NULL`

// Bouncing counts a person's letters that came back lately.
func (r *Records) Bouncing(ctx context.Context, person int64) (int, error) {
	var n int
	if err := r.db.Reader().QueryRowContext(ctx, bouncingSQL, person).Scan(&n); err != nil {
		return 0, fmt.Errorf("count the letters of person %d that came back: %w", person, err)
	}
	return n, nil
}

const (
	clearSQL = `UPDATE bounces SET cleared_at = $2 WHERE person = $1 AND cleared_at IS NULL`
	// What is being sent has a claim.
	goOnSQL = `UPDATE letters SET due_at = $2 WHERE person = $1 AND due_at > $2 AND claim = '' AND` + waitingRows
)

// Clear takes note that a person's address works again: mail goes on at once.
func (r *Records) Clear(ctx context.Context, person int64) error {
	return r.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		for _, query := range []string{clearSQL, goOnSQL} {
			if _, err := tx.ExecContext(ctx, query, person, database.Millis(r.now())); err != nil {
				return fmt.Errorf("clear the bounces of person %d: %w", person, err)
			}
		}
		return nil
	})
}

// collect reads every row and closes them.
func collect[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) (all []T, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
