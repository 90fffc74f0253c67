package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

// Delegates are a delegation with its seats and the invitations to it that
// wait, as the secretariat sees them.
type Delegates struct {
	Delegation  forum.Delegation
	Seats       []Seat
	Invitations []Pending
}

// Taken counts the seats that somebody occupies.
func (d Delegates) Taken() int {
	n := 0
	for _, s := range d.Seats {
		if s.Now.Person != 0 {
			n++
		}
	}
	return n
}

// Seat is a place of a delegation, whoever occupies it.
type Seat struct {
	ID     int64
	Role   forum.Role
	Now    Occupant   // Person 0: vacant
	Before []Occupant // the latest first
}

// Occupant is a person in a seat.
type Occupant struct {
	Person        int64
	Name, Address string // no name once erased
	Since, Until  time.Time
	Suspended     time.Time // zero: not
	Why           string    // the reason that was given
}

// Pending is an invitation that nobody has accepted yet.
type Pending struct {
	ID        int64
	Address   string
	Role      forum.Role
	ExpiresAt time.Time
}

// mayManage refuses everybody but the secretariat and the Operator.
func mayManage(by forum.Member) error {
	if !by.Secretariat() {
		return errs.New(errs.Denied, "account_error_members")
	}
	return nil
}

const (
	delegationsSQL = `SELECT code, kind, names FROM delegations ORDER BY code`
	seatsSQL       = `
SELECT s.delegation, s.id, s.role, coalesce(o.person, 0), coalesce(p.name, ''), coalesce(p.address, ''),
	coalesce(o.since, 0), coalesce(o.until, 0), coalesce(p.suspended_at, 0), coalesce(p.suspended_why, '')
FROM seats s LEFT JOIN occupancies o ON o.seat = s.id LEFT JOIN persons p ON p.id = o.person
ORDER BY s.id, o.since DESC, o.id DESC`
	pendingSQL = `
SELECT delegation, id, address, role, expires_at FROM invitations
WHERE used_at IS NULL AND expires_at > $1 AND address <> '' ORDER BY id`
)

// Members lists all delegations for the secretariat, itself first.
func (a *Accounts) Members(ctx context.Context, by forum.Member) ([]Delegates, error) {
	if err := mayManage(by); err != nil {
		return nil, err
	}
	all := map[string]*Delegates{}
	err := errors.Join(
		a.each(ctx, "list delegations", delegationsSQL, nil, func(row scanner) error {
			d := &Delegates{}
			err := scanDelegation(row, &d.Delegation)
			all[d.Delegation.Code] = d
			return err
		}),
		a.each(ctx, "list seats", seatsSQL, nil, func(row scanner) error { return scanSeat(row, all) }),
		a.each(ctx, "list invitations", pendingSQL, []any{database.Millis(a.now())}, func(row scanner) error {
			var code string
			var p Pending
			var expires int64
			if err := row.Scan(&code, &p.ID, &p.Address, &p.Role, &expires); err != nil {
				return err
			}
			p.ExpiresAt = database.Time(expires)
			all[code].Invitations = append(all[code].Invitations, p)
			return nil
		}))
	if err != nil {
		return nil, err
	}
	list := make([]Delegates, 0, len(all))
	for _, d := range all {
		list = append(list, *d)
	}
	kinds := []forum.DelegationKind{forum.KindSecretariat, forum.KindMember, forum.KindObserver, forum.KindAgency}
	slices.SortFunc(list, func(a, b Delegates) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.Delegation.Kind), slices.Index(kinds, b.Delegation.Kind)),
			strings.Compare(a.Delegation.Code, b.Delegation.Code))
	})
	return list, nil
}

// scanSeat adds one occupancy of a seat, or a seat that nobody ever had.
func scanSeat(row scanner, all map[string]*Delegates) error {
	var code string
	var s Seat
	var o Occupant
	var since, until, suspended int64
	if err := row.Scan(&code, &s.ID, &s.Role, &o.Person, &o.Name, &o.Address, &since, &until, &suspended, &o.Why); err != nil {
		return err
	}
	d := all[code]
	if n := len(d.Seats); n == 0 || d.Seats[n-1].ID != s.ID {
		d.Seats = append(d.Seats, s)
	}
	seat := &d.Seats[len(d.Seats)-1]
	if o.Person == 0 {
		return nil
	}
	o.Since = database.Time(since)
	if suspended != 0 {
		o.Suspended = database.Time(suspended)
	}
	if until == 0 {
		seat.Now = o
		return nil
	}
	o.Until = database.Time(until)
	seat.Before = append(seat.Before, o)
	return nil
}

type scanner interface{ Scan(targets ...any) error }

// each reads every row of a query.
func (a *Accounts) each(ctx context.Context, doing, query string, args []any, read func(scanner) error) (err error) {
	rows, err := a.db.Reader().QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := read(rows); err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
	}
	return rows.Err()
}

// Colleague is another person of one's own delegation.
type Colleague struct {
	ID   int64
	Name string
	Role forum.Role
}

const colleaguesSQL = `
SELECT p.id, p.name, s.role FROM persons p JOIN occupancies o ON o.person = p.id AND o.until IS NULL JOIN seats s ON s.id = o.seat
WHERE s.delegation = $1 AND p.id <> $2 AND p.suspended_at IS NULL ORDER BY s.id`

// Colleagues lists them; a visitor has none.
func (a *Accounts) Colleagues(ctx context.Context, m forum.Member) ([]Colleague, error) {
	if !m.SignedIn() {
		return nil, nil
	}
	var list []Colleague
	err := a.each(ctx, "list colleagues", colleaguesSQL, []any{m.Delegation.Code, m.ID}, func(row scanner) error {
		var c Colleague
		err := row.Scan(&c.ID, &c.Name, &c.Role)
		list = append(list, c)
		return err
	})
	return list, err
}
