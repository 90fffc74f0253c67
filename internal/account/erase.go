package account

import (
	"context"
	"fmt"
	"strings"

	"cmc/forum"
	"cmc/internal/audit"
	"cmc/internal/database"
	"cmc/internal/errs"
)

// forgotten are the statements that take a person out of the register, each
// with the person's number as $1. What they said stays under their delegation's
// name; the row stays too, without a name, because posts refer to it.
func forgotten() []string {
	return []string{
		`DELETE FROM challenges WHERE person = $1 OR address = (SELECT address FROM persons WHERE id = $1)`,
		`UPDATE invitations SET address = 'erased@invalid', expires_at = 0 WHERE address = (SELECT address FROM persons WHERE id = $1)`,
		`DELETE FROM sessions WHERE person = $1`,
		`DELETE FROM passkeys WHERE person = $1`,
		`DELETE FROM authenticators WHERE person = $1`,
		`DELETE FROM recovery_codes WHERE person = $1`,
		`DELETE FROM identities WHERE person = $1`,
		`DELETE FROM recoveries WHERE person = $1`,
		`DELETE FROM feed_tokens WHERE person = $1`,
		`DELETE FROM letters WHERE person = $1`,
		`DELETE FROM bounces WHERE person = $1`,
	}
}

const (
	eraseNameSQL   = `UPDATE persons SET name = '', address = $2, suspended_at = $3 WHERE id = $1 AND address = $4`
	othersOfSQL    = secretariatSQL + ` AND o.person <> $1`
	erasedAtDomain = "@erased.invalid"
)

// Erase takes the name and address of the member who asks out of everything,
// ends their sessions and empties their seat. address is typed again to be sure.
// The last of the secretariat is refused: nobody could let a successor in.
func (a *Accounts) Erase(ctx context.Context, m forum.Member, address string) error {
	if !m.SignedIn() {
		return errs.New(errs.Unauthenticated, "account_error_session")
	}
	now := database.Millis(a.now())
	return a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		if m.Role == forum.RoleSecretariat {
			var others int
			if err := tx.QueryRowContext(ctx, othersOfSQL, m.ID).Scan(&others); err != nil {
				return fmt.Errorf("look for others of the secretariat: %w", err)
			}
			if others == 0 {
				return errs.Fields{errs.New(errs.Conflict, "account_error_erase_last").On("address")}
			}
		}
		for _, statement := range forgotten() {
			if _, err := tx.ExecContext(ctx, statement, m.ID); err != nil {
				return fmt.Errorf("forget person %d: %w", m.ID, err)
			}
		}
		done, err := tx.ExecContext(ctx, eraseNameSQL, m.ID, fmt.Sprintf("%d%s", m.ID, erasedAtDomain), now,
			strings.ToLower(strings.TrimSpace(address)))
		if err != nil {
			return fmt.Errorf("erase the name of person %d: %w", m.ID, err)
		}
		if n, err := done.RowsAffected(); err != nil {
			return fmt.Errorf("erase the name of person %d: %w", m.ID, err)
		} else if n != 1 {
			return errs.Fields{errs.New(errs.Invalid, "account_error_erase_address").On("address")}
		}
		if _, err := tx.ExecContext(ctx, leaveSeatSQL, m.ID, now); err != nil {
			return fmt.Errorf("leave the seat: %w", err)
		}
		return audit.Add(ctx, tx, audit.Entry{At: a.now(), Actor: m.ID, Action: "person.erase", Subject: fmt.Sprintf("person:%d", m.ID)})
	})
}
