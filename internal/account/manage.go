package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

const (
	endInvitationSQL = `
UPDATE invitations SET expires_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2
RETURNING address, delegation, role, lang`
	endSeatSQL    = `UPDATE occupancies SET until = $2 WHERE seat = $1 AND until IS NULL RETURNING person`
	seatKindSQL   = `SELECT d.kind, s.role FROM seats s JOIN delegations d ON d.code = s.delegation WHERE s.id = $1`
	changeRoleSQL = `UPDATE seats SET role = $2 WHERE id = $1`
	suspendSQL    = `UPDATE persons SET suspended_at = $2, suspended_why = $3 WHERE id = $1 AND suspended_at IS NULL`
	unsuspendSQL  = `UPDATE persons SET suspended_at = NULL, suspended_why = '' WHERE id = $1 AND suspended_at IS NOT NULL AND name <> ''`
)

// manage does a deed of the secretariat's in a transaction.
func (a *Accounts) manage(ctx context.Context, by forum.Member, do func(context.Context, *database.Tx) error) error {
	if err := mayManage(by); err != nil {
		return err
	}
	return a.db.Tx(ctx, do)
}

// CancelInvitation makes an invitation's link worthless. One that was used or
// has expired is NotFound.
func (a *Accounts) CancelInvitation(ctx context.Context, by forum.Member, id int64) error {
	return a.manage(ctx, by, func(ctx context.Context, tx *database.Tx) error {
		in, err := a.endInvitation(ctx, tx, id)
		if err != nil {
			return err
		}
		return a.note(ctx, tx, by.ID, "invitation.cancel", "delegation:"+in.Delegation, string(in.Role))
	})
}

func (a *Accounts) endInvitation(ctx context.Context, tx *database.Tx, id int64) (Invite, error) {
	var in Invite
	err := tx.QueryRowContext(ctx, endInvitationSQL, id, database.Millis(a.now())).Scan(&in.Address, &in.Delegation, &in.Role, &in.Lang)
	if errors.Is(err, sql.ErrNoRows) {
		return in, errs.New(errs.NotFound, "account_error_invitation")
	}
	if err != nil {
		return in, fmt.Errorf("end an invitation: %w", err)
	}
	return in, nil
}

// ResendInvitation mails an invitation once more, with a new link and a new
// week; the former link stops working.
func (a *Accounts) ResendInvitation(ctx context.Context, by forum.Member, id int64) error {
	var in Invite
	var d forum.Delegation
	var token string
	err := a.manage(ctx, by, func(ctx context.Context, tx *database.Tx) (err error) {
		if in, err = a.endInvitation(ctx, tx, id); err != nil {
			return err
		}
		if d, err = readDelegation(ctx, tx, in.Delegation); err != nil {
			return err
		}
		token, err = a.insertInvitation(ctx, tx, by, in)
		return err
	})
	if err != nil {
		return err
	}
	return a.opt.Outbox.Send(a.invitationLetter(in, d, token))
}

// Vacate ends the occupancy of a seat and signs its person out. The seat keeps
// its drafts and what was read, for whoever takes it next.
func (a *Accounts) Vacate(ctx context.Context, by forum.Member, seat int64) error {
	return a.manage(ctx, by, func(ctx context.Context, tx *database.Tx) error {
		var id int64
		err := tx.QueryRowContext(ctx, endSeatSQL, seat, database.Millis(a.now())).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil // vacant already
		}
		if err != nil {
			return fmt.Errorf("end the occupancy of seat %d: %w", seat, err)
		}
		if err := a.keepsOne(ctx, tx); err != nil {
			return err
		}
		if err := a.signOutPerson(ctx, tx, id); err != nil {
			return err
		}
		return a.note(ctx, tx, by.ID, "seat.leave", seatName(seat), person(id))
	})
}

// ChangeRole makes a seat another kind of seat of the same delegation.
func (a *Accounts) ChangeRole(ctx context.Context, by forum.Member, seat int64, role forum.Role) error {
	return a.manage(ctx, by, func(ctx context.Context, tx *database.Tx) error {
		var kind forum.DelegationKind
		var was forum.Role
		err := tx.QueryRowContext(ctx, seatKindSQL, seat).Scan(&kind, &was)
		if errors.Is(err, sql.ErrNoRows) {
			return errs.New(errs.NotFound, "error_not_found")
		}
		if err != nil {
			return fmt.Errorf("read seat %d: %w", seat, err)
		}
		if !fits(role, kind) {
			return errs.New(errs.Invalid, "account_error_role", "Role", string(role)).On("role")
		}
		if _, err := tx.ExecContext(ctx, changeRoleSQL, seat, string(role)); err != nil {
			return fmt.Errorf("change the role of seat %d: %w", seat, err)
		}
		return a.note(ctx, tx, by.ID, "seat.role", seatName(seat), string(was)+" to "+string(role))
	})
}

// fits reports whether a delegation of that kind has such seats.
func fits(role forum.Role, kind forum.DelegationKind) bool {
	return role.Valid() && (role == forum.RoleSecretariat) == (kind == forum.KindSecretariat)
}

// Suspend keeps a person out until Unsuspend: their sessions end at once.
func (a *Accounts) Suspend(ctx context.Context, by forum.Member, id int64, why string) error {
	if strings.TrimSpace(why) == "" {
		return errs.Fields{errs.New(errs.Invalid, "account_error_reason").On("reason")}
	}
	why, fault := forum.CleanLine("reason", why, forum.MaxReason)
	if fault != nil {
		return errs.Fields{fault}
	}
	return a.manage(ctx, by, func(ctx context.Context, tx *database.Tx) error {
		if id == by.ID {
			return errs.New(errs.Conflict, "account_error_suspend_self")
		}
		done, err := changed(tx.ExecContext(ctx, suspendSQL, id, database.Millis(a.now()), why))
		if err != nil || !done {
			return err
		}
		if err := a.keepsOne(ctx, tx); err != nil {
			return err
		}
		if err := a.signOutPerson(ctx, tx, id); err != nil {
			return err
		}
		return a.note(ctx, tx, by.ID, "person.suspend", person(id), why)
	})
}

// Unsuspend lets a person sign in again.
func (a *Accounts) Unsuspend(ctx context.Context, by forum.Member, id int64) error {
	return a.manage(ctx, by, func(ctx context.Context, tx *database.Tx) error {
		done, err := changed(tx.ExecContext(ctx, unsuspendSQL, id))
		if err != nil || !done {
			return err
		}
		return a.note(ctx, tx, by.ID, "person.unsuspend", person(id), "")
	})
}

// keepsOne refuses a deed after which the secretariat would have nobody to let
// anybody in.
func (a *Accounts) keepsOne(ctx context.Context, tx *database.Tx) error {
	var left int
	if err := tx.QueryRowContext(ctx, secretariatSQL).Scan(&left); err != nil {
		return fmt.Errorf("count the secretariat: %w", err)
	}
	if left == 0 {
		return errs.New(errs.Conflict, "account_error_last_secretary")
	}
	return nil
}

func (a *Accounts) signOutPerson(ctx context.Context, tx *database.Tx, id int64) error {
	if _, err := tx.ExecContext(ctx, revokeAllSQL, id, database.Millis(a.now())); err != nil {
		return fmt.Errorf("end the sessions of person %d: %w", id, err)
	}
	return nil
}
