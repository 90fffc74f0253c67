package account

import (
	"context"
	"fmt"
	"time"

	"cmc/internal/database"
	"cmc/internal/errs"
)

// How often codes may be asked for, counted in the database so that several
// nodes count together. The limit for one address is the same whether
// somebody has it or not.
const (
	limitWindow     = time.Hour
	limitPerAddress = 10
	limitForAll     = 600
)

const (
	forgetAttemptsSQL = `DELETE FROM attempts WHERE at <= $1`
	countAttemptsSQL  = `SELECT count(*) FROM attempts WHERE bucket = $1 AND at > $2`
	insertAttemptSQL  = `INSERT INTO attempts (bucket, at) VALUES ($1, $2)`
)

// limited runs do in a transaction unless too many have asked lately.
func (a *Accounts) limited(ctx context.Context, address string, do func(context.Context, *database.Tx) error) error {
	return a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		now := a.now()
		since := database.Millis(now.Add(-limitWindow))
		if _, err := tx.ExecContext(ctx, forgetAttemptsSQL, since); err != nil {
			return fmt.Errorf("forget old attempts: %w", err)
		}
		for bucket, limit := range map[string]int{"code:" + hash(address): limitPerAddress, "code": limitForAll} {
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
		}
		return do(ctx, tx)
	})
}
