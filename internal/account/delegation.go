package account

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"cmc/forum"
	"cmc/internal/database"
)

const upsertDelegationSQL = `
INSERT INTO delegations (code, kind, names) VALUES ($1, $2, $3)
ON CONFLICT (code) DO UPDATE SET kind = excluded.kind, names = excluded.names`

// SeedDelegations makes the delegations, or brings their kinds and names up to
// date. It may be repeated. None is ever taken away: what it said stays said.
func (a *Accounts) SeedDelegations(ctx context.Context, list []forum.Delegation) error {
	return a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		for _, d := range list {
			names, err := json.Marshal(d.Names)
			if err != nil {
				return fmt.Errorf("names of delegation %q: %w", d.Code, err)
			}
			if d.Code == "" || !d.Kind.Valid() {
				return fmt.Errorf("delegation %q: kind %q is unknown; write member, observer, agency or secretariat", d.Code, d.Kind)
			}
			if _, err := tx.ExecContext(ctx, upsertDelegationSQL, d.Code, string(d.Kind), string(names)); err != nil {
				return fmt.Errorf("keep delegation %q: %w", d.Code, err)
			}
		}
		return nil
	})
}

const delegationSQL = `SELECT code, kind, names FROM delegations WHERE code = $1`

func readDelegation(ctx context.Context, q rowQuerier, code string) (forum.Delegation, error) {
	var d forum.Delegation
	if err := scanDelegation(q.QueryRowContext(ctx, delegationSQL, code), &d); err != nil {
		return forum.Delegation{}, fmt.Errorf("read delegation %q: %w", code, err)
	}
	return d, nil
}

type rowQuerier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// scanDelegation reads code, kind and names, after whatever more asks for.
func scanDelegation(row interface{ Scan(...any) error }, d *forum.Delegation, more ...any) error {
	var names string
	if err := row.Scan(append(more, &d.Code, &d.Kind, &names)...); err != nil {
		return err
	}
	return json.Unmarshal([]byte(names), &d.Names)
}
