package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

// DelegationSeats is a delegation with its seats, as far as a reader may see
// them: to a visitor it has none.
type DelegationSeats struct {
	forum.Delegation
	Seats []Seat
}

// Seat is one seat and who occupies it. Of a vacant one Name is empty, and
// Since says since when it has been vacant.
type Seat struct {
	Role  forum.Role
	Name  string
	Since time.Time
}

const delegationsSQL = `SELECT d.code, d.kind, d.names FROM delegations d ORDER BY d.code`

// Delegations lists all that take part, by kind and code.
func (s *Store) Delegations(ctx context.Context) ([]forum.Delegation, error) {
	rows, err := s.db.Reader().QueryContext(ctx, delegationsSQL)
	all, err := collect(rows, err, func(row scanner) (forum.Delegation, error) {
		var d forum.Delegation
		err := row.Scan(&d.Code, &d.Kind, (*texts)(&d.Names))
		return d, err
	})
	if err != nil {
		return nil, fmt.Errorf("list the delegations: %w", err)
	}
	return all, nil
}

const (
	delegationSQL = `SELECT d.code, d.kind, d.names FROM delegations d WHERE d.code = $1`
	seatsSQL      = `
SELECT s.role, coalesce(p.name, ''), coalesce(o.since, (SELECT max(v.until) FROM occupancies v WHERE v.seat = s.id), s.created_at)
FROM seats s
LEFT JOIN occupancies o ON o.seat = s.id AND o.until IS NULL
LEFT JOIN persons p ON p.id = o.person
WHERE s.delegation = $1 ORDER BY s.id`
)

// Delegation finds a delegation and its seats, by role. Only members learn who
// sits where.
func (s *Store) Delegation(ctx context.Context, m forum.Member, code string) (DelegationSeats, error) {
	var v DelegationSeats
	err := s.db.Reader().QueryRowContext(ctx, delegationSQL, code).Scan(&v.Code, &v.Kind, (*texts)(&v.Names))
	if errors.Is(err, sql.ErrNoRows) {
		return DelegationSeats{}, errs.New(errs.NotFound, "error_not_found")
	}
	if err != nil {
		return DelegationSeats{}, fmt.Errorf("read delegation %q: %w", code, err)
	}
	if !forum.CanSeeSeats(m) {
		return v, nil
	}
	rows, err := s.db.Reader().QueryContext(ctx, seatsSQL, code)
	v.Seats, err = collect(rows, err, func(row scanner) (Seat, error) {
		var seat Seat
		var since int64
		err := row.Scan(&seat.Role, &seat.Name, &since)
		seat.Since = database.Time(since)
		return seat, err
	})
	if err != nil {
		return DelegationSeats{}, fmt.Errorf("list the seats of delegation %q: %w", code, err)
	}
	slices.SortStableFunc(v.Seats, func(a, b Seat) int {
		return slices.Index(forum.Roles(), a.Role) - slices.Index(forum.Roles(), b.Role)
	})
	return v, nil
}
