package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cmc/internal/database"
	"cmc/internal/errs"
)

// How often something may be asked for or tried, counted in the database so
// that several nodes count together. The limit for one address is the same
// whether somebody has it or not.
const (
	limitWindow     = time.Hour
	limitPerAddress = 10
	limitForAll     = 600
	limitFactor     = 10 // tries at a person's second step
)

const (
	forgetAttemptsSQL = `DELETE FROM attempts WHERE at <= $1`
	countAttemptsSQL  = `SELECT count(*) FROM attempts WHERE bucket = $1 AND at > $2`
	insertAttemptSQL  = `INSERT INTO attempts (bucket, at) VALUES ($1, $2)`
)

// limited runs do in a transaction unless too many have asked for a code lately.
func (a *Accounts) limited(ctx context.Context, address string, do func(context.Context, *database.Tx) error) error {
	return a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		err := errors.Join(a.count(ctx, tx, "code:"+hash(address), limitPerAddress), a.count(ctx, tx, "code", limitForAll))
		if err != nil {
			return err
		}
		return do(ctx, tx)
	})
}

// count notes an attempt, and is TooMany when there were as many as limit in
// the last hour.
func (a *Accounts) count(ctx context.Context, tx *database.Tx, bucket string, limit int) error {
	now := a.now()
	since := database.Millis(now.Add(-limitWindow))
	if _, err := tx.ExecContext(ctx, forgetAttemptsSQL, since); err != nil {
		return fmt.Errorf("forget old attempts: %w", err)
	}
	var n int
	if err := tx.QueryRowContext(ctx, countAttemptsSQL, bucket, since).Scan(&n); err != nil {
		return fmt.Errorf("count attempts: %w", err)
	}
	if n >= limit {
		return errs.New(errs.TooMany, "account_error_too_many")
	}
	if _, err := tx.ExecContext(ctx, insertAttemptSQL, bucket, database.Millis(now)); err != nil {
		return fmt.Errorf("note an attempt: %w", err)
	}
	return nil
}

// judged runs do in a transaction that is kept even when the verdict is no: a
// failed try must be counted.
func (a *Accounts) judged(ctx context.Context, do func(context.Context, *database.Tx) (verdict, err error)) error {
	var verdict error
	err := a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) (err error) {
		verdict, err = do(ctx, tx)
		return err
	})
	return errors.Join(err, verdict)
}
