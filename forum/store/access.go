package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"cmc/forum"
	"cmc/internal/errs"
)

// querier is what reads: the pool, or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// hidden is the one answer for what is not there and for what the member may
// not know of.
func hidden(m forum.Member) error {
	if !m.SignedIn() {
		return errs.New(errs.Unauthenticated, "forum_error_sign_in")
	}
	return errs.New(errs.NotFound, "forum_error_hidden")
}

func denied(m forum.Member) error {
	if !m.SignedIn() {
		return errs.New(errs.Unauthenticated, "forum_error_sign_in")
	}
	return errs.New(errs.Denied, "forum_error_denied")
}

const seatedSQL = `
SELECT count(*) FROM occupancies o
JOIN persons p ON p.id = o.person
JOIN seats s ON s.id = o.seat
WHERE o.person = $1 AND o.seat = $2 AND o.until IS NULL AND p.suspended_at IS NULL
AND s.role = $3 AND s.delegation = $4`

// seated makes sure, inside the transaction, that the rights a request began
// with are still the member's.
func seated(ctx context.Context, q querier, m forum.Member) error {
	if !m.SignedIn() {
		return denied(m)
	}
	var n int
	if err := q.QueryRowContext(ctx, seatedSQL, m.ID, m.Seat, string(m.Role), m.Delegation.Code).Scan(&n); err != nil {
		return fmt.Errorf("check the seat of person %d: %w", m.ID, err)
	}
	if n != 1 {
		return denied(m)
	}
	return nil
}

// place is a topic in its room, read together.
type place struct {
	room    forum.Room
	topic   forum.Topic
	starter int64 // the person, whatever the policy
	seat    int64 // from which it was started
}

// of is the topic as a member sees it. It belongs to the seat as well, so that
// a successor can bring a query to its end.
func (p place) of(m forum.Member) place {
	p.topic.Mine = m.SignedIn() && (p.starter == m.ID || p.seat == m.Seat)
	return p
}

// readable reads a topic and its room, or hides both.
func readable(ctx context.Context, q querier, m forum.Member, topic int64) (place, error) {
	p, err := readPlace(ctx, q, topic)
	p = p.of(m)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !forum.CanReadTopic(m, p.room, p.topic) {
		return place{}, hidden(m)
	}
	return p, err
}

// writable does the same for whoever changes something, in the transaction of
// the change. Transactions follow one another (database.Tx), so what the rules
// were asked about stays true until the commit.
func writable(ctx context.Context, tx querier, m forum.Member, topic int64) (place, error) {
	if err := seated(ctx, tx, m); err != nil {
		return place{}, err
	}
	return readable(ctx, tx, m, topic)
}
