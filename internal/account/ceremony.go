package account

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cmc/internal/database"
	"cmc/internal/errs"
)

// CeremonyLife is how long a passkey or another house may take to answer.
const CeremonyLife = 10 * time.Minute

const (
	forgetCeremoniesSQL = `DELETE FROM ceremonies WHERE expires_at <= $1`
	insertCeremonySQL   = `
INSERT INTO ceremonies (device_hash, kind, person, data, expires_at) VALUES ($1, $2, $3, $4, $5)`
	takeCeremonySQL = `
DELETE FROM ceremonies WHERE device_hash = $1 AND kind = $2 AND expires_at > $3 RETURNING coalesce(person, 0), data`
)

// begin keeps what was asked until the answer comes, and returns the secret for
// the cookie of the browser that must give it. person is 0 while nobody is known.
func (a *Accounts) begin(ctx context.Context, kind string, person int64, data any) (device string, err error) {
	text, err := json.Marshal(data)
	if err != nil {
		return "", fmt.Errorf("write what was asked as JSON: %w", err)
	}
	device = newSecret()
	err = a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		now := a.now()
		if _, err := tx.ExecContext(ctx, forgetCeremoniesSQL, database.Millis(now)); err != nil {
			return fmt.Errorf("forget what was asked long ago: %w", err)
		}
		var owner any
		if person != 0 {
			owner = person
		}
		_, err := tx.ExecContext(ctx, insertCeremonySQL, hash(device), kind, owner, string(text), database.Millis(now.Add(CeremonyLife)))
		if err != nil {
			return fmt.Errorf("keep what was asked: %w", err)
		}
		return nil
	})
	return device, err
}

// take reads what was asked into data and forgets it, so that an answer counts
// once, whatever becomes of it. Without one it is Denied.
func (a *Accounts) take(ctx context.Context, device, kind string, data any) (person int64, err error) {
	var text string
	err = a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		return tx.QueryRowContext(ctx, takeCeremonySQL, hash(device), kind, database.Millis(a.now())).Scan(&person, &text)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errs.New(errs.Denied, "account_error_ceremony")
	}
	if err != nil {
		return 0, fmt.Errorf("read what was asked: %w", err)
	}
	if err := json.Unmarshal([]byte(text), data); err != nil {
		return 0, fmt.Errorf("read what was asked as JSON: %w", err)
	}
	return person, nil
}
