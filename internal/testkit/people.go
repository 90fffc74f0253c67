package testkit

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"cmc/forum"
	"cmc/internal/database"
)

// Seat puts a new person into a new seat, without the ceremony of invitations,
// and returns them as a member. The delegation is made when it is missing; its
// kind follows from the role.
func Seat(t testing.TB, db *database.DB, name string, role forum.Role, delegation string) forum.Member {
	t.Helper()
	kind := forum.KindMember
	switch role {
	case forum.RoleSecretariat:
		kind = forum.KindSecretariat
	case forum.RoleObserver:
		kind = forum.KindObserver
	}
	m := forum.Member{Name: name, Lang: "en", Role: role, Delegation: forum.Delegation{
		Code: delegation, Kind: kind, Names: map[string]string{"en": "Delegation " + delegation},
	}}
	names, err := json.Marshal(m.Delegation.Names)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO delegations (code, kind, names) VALUES ($1, $2, $3) ON CONFLICT (code) DO NOTHING`,
			delegation, string(kind), string(names)); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `INSERT INTO persons (address, name, lang, created_at) VALUES ($1, $2, 'en', 1) RETURNING id`,
			fmt.Sprintf("%s.%s@example.org", name, delegation), name).Scan(&m.ID); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `INSERT INTO seats (delegation, role, created_at) VALUES ($1, $2, 1) RETURNING id`,
			delegation, string(role)).Scan(&m.Seat); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO occupancies (seat, person, since) VALUES ($1, $2, 1)`, m.Seat, m.ID)
		return err
	})
	if err != nil {
		t.Fatalf("seat %s: %v", name, err)
	}
	return m
}
