package database_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"cmc/internal/database"
	"cmc/internal/testkit"
)

const countSQL = `SELECT count(*) FROM delegations`

func insertDelegation(ctx context.Context, tx *database.Tx, code string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO delegations (code, kind, names) VALUES ($1, 'member', '{}')`, code)
	return err
}

// TestAFailingPartTakesNothingOfTheOthers runs many transactions at once, of
// which a third fail after they wrote, a third break the engine's own rule,
// and each must end as if it had been alone.
func TestAFailingPartTakesNothingOfTheOthers(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		const each = 40
		refused := errors.New("refused")
		if err := db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error { return insertDelegation(ctx, tx, "TAKEN") }); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		run := func(what string, n int, do func(context.Context, *database.Tx) error, ok func(error) bool) {
			wg.Go(func() {
				if err := db.Tx(t.Context(), do); !ok(err) {
					t.Errorf("%s %d: %v", what, n, err)
				}
			})
		}
		for n := range each {
			run("sound", n, func(ctx context.Context, tx *database.Tx) error {
				return insertDelegation(ctx, tx, fmt.Sprintf("A%02d", n))
			}, func(err error) bool { return err == nil })
			run("refused", n, func(ctx context.Context, tx *database.Tx) error {
				if err := insertDelegation(ctx, tx, fmt.Sprintf("B%02d", n)); err != nil {
					return err
				}
				return refused
			}, func(err error) bool { return errors.Is(err, refused) })
			run("duplicate", n, func(ctx context.Context, tx *database.Tx) error {
				return insertDelegation(ctx, tx, "TAKEN")
			}, database.IsDuplicate)
		}
		wg.Wait()
		var got int
		if err := db.Reader().QueryRowContext(t.Context(), countSQL).Scan(&got); err != nil || got != each+1 {
			t.Errorf("delegations = %d, %v; want the %d sound ones and the first", got, err, each)
		}
	})
}

func TestAPanicReachesItsOwnCallerOnly(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		var wg sync.WaitGroup
		for n := range 20 {
			wg.Go(func() {
				defer func() {
					if got := recover(); (got != nil) != (n%2 == 0) {
						t.Errorf("caller %d recovered %v", n, got)
					}
				}()
				err := db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error {
					if err := insertDelegation(ctx, tx, fmt.Sprintf("C%02d", n)); err != nil {
						return err
					}
					if n%2 == 0 {
						panic("a fault of the program")
					}
					return nil
				})
				if err != nil {
					t.Errorf("caller %d: %v", n, err)
				}
			})
		}
		wg.Wait()
		var got int
		if err := db.Reader().QueryRowContext(t.Context(), countSQL).Scan(&got); err != nil || got != 10 {
			t.Errorf("delegations = %d, %v; want 10", got, err)
		}
	})
}

func TestOneWhoLeftWritesNothing(t *testing.T) {
	db := testkit.OpenDatabase(t, testkit.SQLite(t))
	gone, leave := context.WithCancel(t.Context())
	leave()
	ran := false
	err := db.Tx(gone, func(context.Context, *database.Tx) error { ran = true; return nil })
	if !errors.Is(err, context.Canceled) || ran {
		t.Errorf("Tx of one who left = %v, ran = %t; want context.Canceled and false", err, ran)
	}
}
