package account_test

import (
	"testing"

	"cmc/forum"
	"cmc/internal/audit"
	"cmc/internal/database"
	"cmc/internal/errs"
	"cmc/internal/testkit"
)

func TestErasedIsGoneFromTheRegister(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		o := newOffice(t, db)
		m, token := o.member("ana@example.org", forum.RoleExpert, "AAA")
		if err := o.Erase(t.Context(), m, "other@example.org"); errs.KindOf(err) != errs.Invalid {
			t.Fatalf("Erase with another address = %v, want Invalid", err)
		}
		if _, err := o.Lookup(t.Context(), token); err != nil {
			t.Fatalf("after a refusal Lookup = %v", err)
		}
		if err := o.Erase(t.Context(), m, " Ana@Example.org "); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Lookup(t.Context(), token); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("Lookup after Erase = %v, want Unauthenticated", err)
		}
		for what, query := range map[string]string{
			"persons":     `SELECT count(*) FROM persons WHERE address LIKE '%ana@%' OR name <> '' AND id = $1`,
			"invitations": `SELECT count(*) FROM invitations WHERE address LIKE '%ana@%' AND $1 > 0`,
			"challenges":  `SELECT count(*) FROM challenges WHERE address LIKE '%ana@%' AND $1 > 0`,
			"occupancies": `SELECT count(*) FROM occupancies WHERE person = $1 AND until IS NULL`,
		} {
			var n int
			if err := db.Reader().QueryRowContext(t.Context(), query, m.ID).Scan(&n); err != nil || n != 0 {
				t.Errorf("%s still hold %d rows, %v", what, n, err)
			}
		}
		if head, err := audit.Verify(t.Context(), db); err != nil || head.Seq == 0 {
			t.Errorf("the audit log = %+v, %v", head, err)
		}
		again, _ := o.member("ana@example.org", forum.RoleExpert, "AAA")
		if again.ID == m.ID || again.Seat != m.Seat {
			t.Errorf("invited again: person %d in seat %d; want a new person in the vacant seat %d", again.ID, again.Seat, m.Seat)
		}
	})
}

func TestTheLastOfTheSecretariatStays(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		o := newOffice(t, db)
		m := testkit.Seat(t, db, "Sam", forum.RoleSecretariat, "SEC")
		if err := o.Erase(t.Context(), m, "whatever"); errs.KindOf(err) != errs.Invalid {
			t.Errorf("Erase = %v, want a fault on the form", err)
		}
	})
}
