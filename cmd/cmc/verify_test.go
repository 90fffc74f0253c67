package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cmc/internal/audit"
	"cmc/internal/database"
	"cmc/internal/testkit"
)

func write(t *testing.T, d *database.DB, statement string, entries ...audit.Entry) {
	t.Helper()
	err := d.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error {
		if statement != "" {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		for _, e := range entries {
			if err := audit.Add(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestVerifyProvesTheAuditLogHereAndInABackup(t *testing.T) {
	d := testkit.OpenDatabase(t, testkit.SQLite(t))
	at := time.UnixMilli(1_800_000_000_000)
	write(t, d, "", audit.Entry{At: at, Action: "one", Subject: "post:1"}, audit.Entry{At: at, Action: "two", Subject: "post:2"})
	var out bytes.Buffer
	if err := verifyAudit(t.Context(), &out, d, audit.Head{}); err != nil {
		t.Fatal(err)
	}
	printed := strings.TrimSpace(strings.TrimPrefix(out.String(), "The audit log is whole: "))
	earlier, err := parseHead(printed)
	if err != nil || earlier.Seq != 2 {
		t.Fatalf("what was printed, %q, reads as %+v, %v", printed, earlier, err)
	}
	write(t, d, "", audit.Entry{At: at, Action: "three", Subject: "post:3"})
	if err := verifyAudit(t.Context(), &out, d, earlier); err != nil {
		t.Errorf("verify after one more entry = %v", err)
	}
	file := filepath.Join(t.TempDir(), "backup.zip")
	if _, err := writeBackup(t.Context(), d, file); err != nil {
		t.Fatal(err)
	}
	if err := verifyBackup(t.Context(), &out, file, earlier); err != nil {
		t.Errorf("verify of a backup = %v", err)
	}
	// The whole chain is written anew, without its second entry: only who kept
	// an earlier head can tell.
	write(t, d, `DELETE FROM audit`, audit.Entry{At: at, Action: "one", Subject: "post:1"}, audit.Entry{At: at, Action: "three", Subject: "post:3"})
	if err := verifyAudit(t.Context(), &out, d, audit.Head{}); err != nil {
		t.Errorf("verify of a new chain = %v", err)
	}
	if err := verifyAudit(t.Context(), &out, d, earlier); !errors.Is(err, errRewritten) {
		t.Errorf("verify --since of a rewritten chain = %v, want errRewritten", err)
	}
	write(t, d, `UPDATE audit SET detail = 'x' WHERE seq = 1`)
	if err := verifyAudit(t.Context(), &out, d, audit.Head{}); !errors.Is(err, audit.ErrBroken) {
		t.Errorf("verify of a changed entry = %v, want ErrBroken", err)
	}
}

func TestSinceIsWhatVerifyPrints(t *testing.T) {
	for _, text := range []string{"12", "x:" + strings.Repeat("a", 64), "0:" + strings.Repeat("a", 64), "3:abc"} {
		var wrong usageError
		if _, err := parseHead(text); !errors.As(err, &wrong) {
			t.Errorf("parseHead(%q) = %v, want wrong usage", text, err)
		}
	}
	if h, err := parseHead(fmt.Sprintf("3:%064d", 7)); err != nil || h.Seq != 3 {
		t.Errorf("parseHead = %+v, %v", h, err)
	}
}
