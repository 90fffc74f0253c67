package account

import (
	"context"
	"errors"
	"fmt"

	"cmc/internal/database"
)

const passkeysSQL = `
SELECT id, name, created_at, coalesce(used_at, 0) FROM passkeys WHERE person = $1 ORDER BY created_at, id`

func (a *Accounts) passkeys(ctx context.Context, person int64) (_ []Passkey, err error) {
	rows, err := a.db.Reader().QueryContext(ctx, passkeysSQL, person)
	if err != nil {
		return nil, fmt.Errorf("list the passkeys of person %d: %w", person, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var all []Passkey
	for rows.Next() {
		var k Passkey
		var created, used int64
		if err := rows.Scan(&k.ID, &k.Name, &created, &used); err != nil {
			return nil, fmt.Errorf("read a passkey: %w", err)
		}
		k.CreatedAt = database.Time(created)
		if used != 0 {
			k.UsedAt = database.Time(used)
		}
		all = append(all, k)
	}
	return all, rows.Err()
}
