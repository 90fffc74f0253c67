package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

const putAppSQL = `
INSERT INTO authenticators (person, secret, counter, created_at, confirmed_at) VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (person) DO UPDATE SET secret = excluded.secret, counter = excluded.counter,
	created_at = excluded.created_at, confirmed_at = excluded.confirmed_at`

// AddApp keeps the secret that a member has typed or scanned into an
// authenticator app, once a code shows that it arrived; it replaces a former
// one. With the first factor it returns recovery codes, to be shown once.
func (a *Accounts) AddApp(ctx context.Context, m forum.Member, secret, code string) (codes []string, err error) {
	raw, ok := readAppSecret(secret)
	if !ok {
		return nil, errs.Fields{errs.New(errs.Invalid, "account_error_app_code").On("code")}
	}
	step, ok := matchTOTP(raw, code, a.now(), 0)
	if !ok {
		return nil, errs.Fields{errs.New(errs.Invalid, "account_error_app_code").On("code")}
	}
	sealed, err := a.opt.Key.lock(raw, person(m.ID))
	if err != nil {
		return nil, fmt.Errorf("seal an app's secret: %w", err)
	}
	err = a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		if _, err := a.mayChange(ctx, tx, m); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, putAppSQL, m.ID, sealed, step, database.Millis(a.now())); err != nil {
			return fmt.Errorf("keep an app's secret: %w", err)
		}
		codes, err = a.added(ctx, tx, m, "app")
		return err
	})
	return codes, err
}

// RemoveApp forgets a member's authenticator app.
func (a *Accounts) RemoveApp(ctx context.Context, m forum.Member) error {
	return a.remove(ctx, m, "app", `DELETE FROM authenticators WHERE person = $1`)
}

const (
	appSQL     = `SELECT secret, counter FROM authenticators WHERE person = $1`
	useStepSQL = `UPDATE authenticators SET counter = $2 WHERE person = $1 AND counter < $2`
)

// WithFactor takes the second step of a session that waits for it, with the
// code of an app or a recovery code. A wrong one is Invalid on field "code";
// after ten in an hour it is TooMany.
func (a *Accounts) WithFactor(ctx context.Context, token, code string) error {
	m, err := a.Waiting(ctx, token)
	if err != nil {
		return err
	}
	return a.judged(ctx, func(ctx context.Context, tx *database.Tx) (verdict, err error) {
		if err := a.count(ctx, tx, "factor:"+person(m.ID), limitFactor); err != nil {
			if errs.KindOf(err) == errs.TooMany {
				err = errs.New(errs.TooMany, "account_error_factor_many").On("code")
			}
			return nil, err
		}
		right, err := a.appCode(ctx, tx, m.ID, code)
		if err == nil && !right {
			right, err = a.useCode(ctx, tx, m.ID, code)
		}
		if err != nil {
			return nil, err
		}
		if !right {
			return errs.Fields{errs.New(errs.Invalid, "account_error_factor_wrong").On("code")}, nil
		}
		return nil, a.strengthen(ctx, tx, m)
	})
}

// appCode uses a code of a person's app up.
func (a *Accounts) appCode(ctx context.Context, tx *database.Tx, id int64, code string) (bool, error) {
	var sealed string
	var last int64
	err := tx.QueryRowContext(ctx, appSQL, id).Scan(&sealed, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read an app's secret: %w", err)
	}
	secret, err := a.opt.Key.unlock(sealed, person(id))
	if err != nil {
		return false, err
	}
	step, ok := matchTOTP(secret, code, a.now(), last)
	if !ok {
		return false, nil
	}
	return changed(tx.ExecContext(ctx, useStepSQL, id, step))
}

// changed reports whether a statement changed a row.
func changed(result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}
