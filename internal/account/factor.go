package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"cmc/forum"
	"cmc/internal/audit"
	"cmc/internal/database"
	"cmc/internal/errs"
)

// Factors are what a person can show besides their mailbox.
type Factors struct {
	App      time.Time // since when there is an authenticator app; zero: none
	Passkeys []Passkey
	Codes    int // recovery codes that are left
	Required bool
}

// Any reports whether there is something to show.
func (f Factors) Any() bool { return !f.App.IsZero() || len(f.Passkeys) > 0 }

// Passkey is a key that a device or a token keeps.
type Passkey struct {
	ID        int64
	Name      string
	CreatedAt time.Time
	UsedAt    time.Time // zero: not yet
}

const (
	appSinceSQL = `SELECT created_at FROM authenticators WHERE person = $1`
	codesSQL    = `SELECT count(*) FROM recovery_codes WHERE person = $1 AND used_at IS NULL`
)

// Factors lists a member's.
func (a *Accounts) Factors(ctx context.Context, m forum.Member) (Factors, error) {
	f := Factors{Required: m.Role == forum.RoleSecretariat}
	var since int64
	err := a.db.Reader().QueryRowContext(ctx, appSinceSQL, m.ID).Scan(&since)
	switch {
	case err == nil:
		f.App = database.Time(since)
	case !errors.Is(err, sql.ErrNoRows):
		return f, fmt.Errorf("look for an authenticator app: %w", err)
	}
	if err := a.db.Reader().QueryRowContext(ctx, codesSQL, m.ID).Scan(&f.Codes); err != nil {
		return f, fmt.Errorf("count recovery codes: %w", err)
	}
	f.Passkeys, err = a.passkeys(ctx, m.ID)
	return f, err
}

const (
	strongSQL     = `SELECT strong_at IS NOT NULL FROM sessions WHERE id = $1 AND person = $2 AND revoked_at IS NULL`
	hasFactorsSQL = `
SELECT (SELECT count(*) FROM authenticators WHERE person = $1) + (SELECT count(*) FROM passkeys WHERE person = $1)`
	strengthenSQL = `UPDATE sessions SET strong_at = $2 WHERE id = $1 AND strong_at IS NULL`
)

// mayChange refuses whoever has a second step and has not taken it: a mailbox
// alone changes no factor.
func (a *Accounts) mayChange(ctx context.Context, tx *database.Tx, m forum.Member) (factors int, err error) {
	var strong bool
	err = tx.QueryRowContext(ctx, strongSQL, m.Session, m.ID).Scan(&strong)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errs.New(errs.Unauthenticated, "account_error_session")
	}
	if err != nil {
		return 0, fmt.Errorf("read a session's strength: %w", err)
	}
	if err := tx.QueryRowContext(ctx, hasFactorsSQL, m.ID).Scan(&factors); err != nil {
		return 0, fmt.Errorf("count factors: %w", err)
	}
	if factors > 0 && !strong {
		return 0, ErrFactor
	}
	return factors, nil
}

// added makes the session that added a factor strong, notes the deed, and
// makes recovery codes with the first factor.
func (a *Accounts) added(ctx context.Context, tx *database.Tx, m forum.Member, kind string) (codes []string, err error) {
	if err := a.strengthen(ctx, tx, m); err != nil {
		return nil, err
	}
	if err := a.note(ctx, tx, m.ID, "factor.add", person(m.ID), kind); err != nil {
		return nil, err
	}
	var left int
	if err := tx.QueryRowContext(ctx, codesSQL, m.ID).Scan(&left); err != nil {
		return nil, fmt.Errorf("count recovery codes: %w", err)
	}
	if left > 0 {
		return nil, nil
	}
	return a.makeCodes(ctx, tx, m)
}

func (a *Accounts) strengthen(ctx context.Context, tx *database.Tx, m forum.Member) error {
	if _, err := tx.ExecContext(ctx, strengthenSQL, m.Session, database.Millis(a.now())); err != nil {
		return fmt.Errorf("note a second step: %w", err)
	}
	return nil
}

// remove takes a factor away with del, whose arguments begin with the person.
// The secretariat keeps one; without any the recovery codes go too.
func (a *Accounts) remove(ctx context.Context, m forum.Member, kind, del string, args ...any) error {
	return a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		factors, err := a.mayChange(ctx, tx, m)
		if err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, del, append([]any{m.ID}, args...)...)
		if err != nil {
			return fmt.Errorf("remove a factor: %w", err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err // gone already
		}
		if factors == 1 && m.Role == forum.RoleSecretariat {
			return errs.New(errs.Conflict, "account_error_last_factor")
		}
		if factors == 1 {
			if _, err := tx.ExecContext(ctx, dropCodesSQL, m.ID); err != nil {
				return fmt.Errorf("drop recovery codes: %w", err)
			}
		}
		return a.note(ctx, tx, m.ID, "factor.remove", person(m.ID), kind)
	})
}

// note writes a deed into the audit log.
func (a *Accounts) note(ctx context.Context, tx *database.Tx, actor int64, action, subject, detail string) error {
	return audit.Add(ctx, tx, audit.Entry{At: a.now(), Actor: actor, Action: action, Subject: subject, Detail: detail})
}

// person and seatName are how the audit log names them.
func person(id int64) string   { return "person:" + strconv.FormatInt(id, 10) }
func seatName(id int64) string { return "seat:" + strconv.FormatInt(id, 10) }
