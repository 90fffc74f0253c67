package account

import (
	"context"
	"fmt"

	"cmc/forum"
	"cmc/internal/database"
)

const recoveryCodes = 10

const (
	dropCodesSQL  = `DELETE FROM recovery_codes WHERE person = $1`
	insertCodeSQL = `INSERT INTO recovery_codes (person, code_hash) VALUES ($1, $2)`
	useCodeSQL    = `UPDATE recovery_codes SET used_at = $3 WHERE person = $1 AND code_hash = $2 AND used_at IS NULL`
)

// RenewCodes gives a member ten new recovery codes, to be shown once; the
// former stop working.
func (a *Accounts) RenewCodes(ctx context.Context, m forum.Member) (codes []string, err error) {
	err = a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		factors, err := a.mayChange(ctx, tx, m)
		if err != nil || factors == 0 {
			return err
		}
		codes, err = a.makeCodes(ctx, tx, m)
		return err
	})
	return codes, err
}

func (a *Accounts) makeCodes(ctx context.Context, tx *database.Tx, m forum.Member) ([]string, error) {
	if _, err := tx.ExecContext(ctx, dropCodesSQL, m.ID); err != nil {
		return nil, fmt.Errorf("drop recovery codes: %w", err)
	}
	codes := make([]string, recoveryCodes)
	for i := range codes {
		code := newCode()
		codes[i] = showCode(code)
		if _, err := tx.ExecContext(ctx, insertCodeSQL, m.ID, a.opt.Key.sign(person(m.ID), code)); err != nil {
			return nil, fmt.Errorf("keep a recovery code: %w", err)
		}
	}
	return codes, a.note(ctx, tx, m.ID, "codes.new", person(m.ID), "")
}

// useCode uses a recovery code up.
func (a *Accounts) useCode(ctx context.Context, tx *database.Tx, id int64, typed string) (bool, error) {
	code := readCode(typed)
	if len(code) != codeLength {
		return false, nil
	}
	right, err := changed(tx.ExecContext(ctx, useCodeSQL, id, a.opt.Key.sign(person(id), code), database.Millis(a.now())))
	if err != nil {
		return false, fmt.Errorf("use a recovery code: %w", err)
	}
	if right {
		err = a.note(ctx, tx, id, "codes.use", person(id), "")
	}
	return right, err
}
