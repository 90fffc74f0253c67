package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"cmc/internal/audit"
	"cmc/internal/database"
	"cmc/internal/errs"
)

const (
	useInvitationSQL = `
UPDATE invitations SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2
RETURNING delegation, role, invited_by IS NULL`
	upsertPersonSQL = `
INSERT INTO persons (address, name, lang, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (address) DO UPDATE SET name = excluded.name, lang = excluded.lang RETURNING id, coalesce(suspended_at, 0)`
	leaveSeatSQL  = `UPDATE occupancies SET until = $2 WHERE person = $1 AND until IS NULL`
	vacantSeatSQL = `
SELECT s.id FROM seats s WHERE s.delegation = $1 AND s.role = $2
AND NOT EXISTS (SELECT 1 FROM occupancies o WHERE o.seat = s.id AND o.until IS NULL) ORDER BY s.id LIMIT 1`
	insertSeatSQL = `INSERT INTO seats (delegation, role, created_at) VALUES ($1, $2, $3) RETURNING id`
	takeSeatSQL   = `INSERT INTO occupancies (seat, person, since) VALUES ($1, $2, $3)`
)

// enrol uses an invitation up and puts the person into a seat: a vacant one of
// that delegation and role, or a new one. A person has one seat at a time, and
// leaves the former.
func (a *Accounts) enrol(ctx context.Context, tx *database.Tx, in asked) (id int64, err error) {
	now := database.Millis(a.now())
	var delegation, role string
	var byOperator bool
	err = tx.QueryRowContext(ctx, useInvitationSQL, in.invitation, now).Scan(&delegation, &role, &byOperator)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errs.New(errs.NotFound, "account_error_invitation")
	}
	if err != nil {
		return 0, fmt.Errorf("use an invitation up: %w", err)
	}
	var suspended int64
	if err := tx.QueryRowContext(ctx, upsertPersonSQL, in.address, in.name, in.lang, now).Scan(&id, &suspended); err != nil {
		return 0, fmt.Errorf("keep a person: %w", err)
	}
	if suspended != 0 {
		return 0, errs.New(errs.Denied, "account_error_suspended")
	}
	if byOperator {
		if err := a.letBackIn(ctx, tx, id); err != nil {
			return 0, err
		}
	}
	if _, err := tx.ExecContext(ctx, leaveSeatSQL, id, now); err != nil {
		return 0, fmt.Errorf("leave the former seat: %w", err)
	}
	var seat int64
	err = tx.QueryRowContext(ctx, vacantSeatSQL, delegation, role).Scan(&seat)
	if errors.Is(err, sql.ErrNoRows) {
		err = tx.QueryRowContext(ctx, insertSeatSQL, delegation, role, now).Scan(&seat)
	}
	if err != nil {
		return 0, fmt.Errorf("find a seat for %s in %s: %w", role, delegation, err)
	}
	_, err = tx.ExecContext(ctx, takeSeatSQL, seat, id, now)
	if database.IsDuplicate(err) {
		return 0, errors.Join(database.ErrAgain, err) // somebody took the seat at the same moment
	}
	if err != nil {
		return 0, fmt.Errorf("take seat %d: %w", seat, err)
	}
	return id, a.note(ctx, tx, id, "seat.take", seatName(seat), role)
}

// letBackIn frees somebody whom the operator invites anew from a second step
// that was lost: the way for a secretariat of one.
func (a *Accounts) letBackIn(ctx context.Context, tx *database.Tx, id int64) error {
	var factors int
	if err := tx.QueryRowContext(ctx, hasFactorsSQL, id).Scan(&factors); err != nil {
		return fmt.Errorf("count factors: %w", err)
	}
	if factors == 0 {
		return nil
	}
	return errors.Join(a.dropFactors(ctx, tx, id), a.note(ctx, tx, audit.Operator, "factor.reset", person(id), ""))
}
