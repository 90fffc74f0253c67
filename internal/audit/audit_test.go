package audit_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"cmc/internal/audit"
	"cmc/internal/database"
	"cmc/internal/testkit"
)

func add(t *testing.T, db *database.DB, actions ...string) {
	t.Helper()
	for _, action := range actions {
		err := db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error {
			return audit.Add(ctx, tx, audit.Entry{At: time.UnixMilli(1_800_000_000_000), Actor: 7, Action: action, Subject: "topic:9", Detail: "why"})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheChainTellsEveryChange(t *testing.T) {
	for name, tamper := range map[string]string{
		"a reason was changed":       `UPDATE audit SET detail = 'nothing' WHERE seq = 2`,
		"a time was changed":         `UPDATE audit SET at = at + 1 WHERE seq = 3`,
		"an entry was taken out":     `DELETE FROM audit WHERE seq = 2`,
		"the first was taken out":    `DELETE FROM audit WHERE seq = 1`,
		"two changed places":         `UPDATE audit SET action = CASE seq WHEN 1 THEN 'two' ELSE 'one' END WHERE seq < 3`,
		"one was put at the end":     `INSERT INTO audit SELECT seq + 1, at, actor, action, subject, detail, hash FROM audit WHERE seq = 4`,
		"an actor was cleared":       `UPDATE audit SET actor = 0 WHERE seq = 4`,
		"a hash was copied upwards":  `UPDATE audit SET hash = (SELECT hash FROM audit WHERE seq = 1) WHERE seq = 2`,
		"the numbers begin too late": `UPDATE audit SET seq = seq + 10`,
	} {
		t.Run(name, func(t *testing.T) {
			testkit.Databases(t, func(t *testing.T, db *database.DB) {
				add(t, db, "one", "two", "three", "four")
				if head, err := audit.Verify(t.Context(), db); err != nil || head.Seq != 4 || len(head.Hash) != 64 {
					t.Fatalf("Verify of a whole chain = %+v, %v", head, err)
				}
				err := db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error {
					_, err := tx.ExecContext(ctx, tamper)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := audit.Verify(t.Context(), db); !errors.Is(err, audit.ErrBroken) {
					t.Errorf("Verify = %v, want ErrBroken", err)
				}
			})
		})
	}
}

func TestEntriesAreReadFromTheNewest(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		add(t, db, "one", "two", "three")
		all, err := audit.Before(t.Context(), db, 3, 5)
		if err != nil || len(all) != 2 || all[0].Action != "two" || all[1].Action != "one" {
			t.Errorf("Before(3) = %+v, %v, want two and one", all, err)
		}
	})
}

func TestADeedThatFailsLeavesNoEntry(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		add(t, db, "one")
		failed := errors.New("failed")
		err := db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error {
			if err := audit.Add(ctx, tx, audit.Entry{Action: "two"}); err != nil {
				return err
			}
			return failed
		})
		if !errors.Is(err, failed) {
			t.Fatalf("the transaction = %v", err)
		}
		add(t, db, "three")
		if head, err := audit.Verify(t.Context(), db); err != nil || head.Seq != 2 {
			t.Errorf("Verify = %+v, %v, want two entries", head, err)
		}
	})
}
