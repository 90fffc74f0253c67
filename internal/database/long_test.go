package database

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
)

func TestLongWorkIsBoundByItsCallerOnly(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "db"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.long(t.Context(), func(ctx context.Context, tx *Tx) error {
		if deadline, bound := ctx.Deadline(); bound {
			t.Errorf("long work must end by %v, want no deadline of ours", deadline)
		}
		_, err := tx.ExecContext(ctx, `CREATE TABLE kept (n integer)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken off")
	err = db.long(t.Context(), func(ctx context.Context, tx *Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO kept VALUES ($1)`, 1)
		return errors.Join(broken, err)
	})
	if !errors.Is(err, broken) {
		t.Errorf("long(broken) = %v, want %v", err, broken)
	}
	left, leave := context.WithCancel(t.Context())
	err = db.long(left, func(ctx context.Context, tx *Tx) error {
		leave()
		_, err := tx.ExecContext(context.WithoutCancel(ctx), `INSERT INTO kept VALUES ($1)`, 2)
		return err
	})
	if err == nil {
		t.Error("long work of a caller who left was committed")
	}
	var rows int
	if err := db.Reader().QueryRowContext(t.Context(), `SELECT count(*) FROM kept`).Scan(&rows); err != nil || rows != 0 {
		t.Errorf("rows of work that failed = %d, %v, want 0", rows, err)
	}
	// The writer is free again.
	if err := db.Tx(t.Context(), func(context.Context, *Tx) error { return nil }); err != nil {
		t.Error(err)
	}
}
