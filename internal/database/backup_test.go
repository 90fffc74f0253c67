package database_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cmc/internal/database"
	"cmc/internal/testkit"
)

// planted fills an empty database with a row of every type there is.
var planted = []string{
	`INSERT INTO delegations (code, kind, names) VALUES ('BHS', 'member', '{"en":"The Bahamas"}')`,
	`INSERT INTO persons (id, address, name, lang, created_at) VALUES (7, 'a@example.org', 'Ana “Q” Ñ', 'es', 1512345678901)`,
	`INSERT INTO seats (id, delegation, role, created_at) VALUES (3, 'BHS', 'expert', 1)`,
	`INSERT INTO rooms (id, slug, titles, about, visibility, policy, position, archived) VALUES (1, 'r', '{}', '{}', 'members', 'attributed', 0, true)`,
	`INSERT INTO topics (id, room, kind, title, lang, record, author, seat, locked, pinned, posts, created_at, last_at)
	 VALUES (9, 1, 'discussion', 'T', 'en', '', 7, 3, false, true, 0, 1, 1)`,
	`INSERT INTO events (seq, kind, topic, person, at) VALUES (41, 'topic', 9, 7, 1)`,
	`INSERT INTO sessions (id, token_hash, person, agent, created_at, seen_at, expires_at) VALUES (1, 'h', 7, 'x', 1, 1, 1)`,
}

func fill(t *testing.T, db *database.DB) {
	t.Helper()
	err := db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error {
		for _, statement := range planted {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO uploads (sha256, piece, data) VALUES ('s', 0, $1)`, []byte("\x00\xff\n\x80"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func backup(t *testing.T, db *database.DB) ([]byte, database.Manifest) {
	t.Helper()
	var file bytes.Buffer
	m, err := db.Backup(t.Context(), &file, time.Unix(1700000000, 0))
	if err != nil {
		t.Fatal(err)
	}
	return file.Bytes(), m
}

func TestABackupGoesFromEitherEngineIntoEither(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, from *database.DB) {
		fill(t, from)
		file, made := backup(t, from)
		testkit.Databases(t, func(t *testing.T, to *database.DB) {
			if _, err := to.Restore(t.Context(), bytes.NewReader(file), int64(len(file))); err != nil {
				t.Fatal(err)
			}
			_, again := backup(t, to)
			if diff := cmp.Diff(made, again); diff != "" {
				t.Errorf("a backup of what was restored differs (-made +again):\n%s", diff)
			}
			var file []byte
			if err := to.Reader().QueryRowContext(t.Context(), `SELECT data FROM uploads`).Scan(&file); err != nil || string(file) != "\x00\xff\n\x80" {
				t.Errorf("a file after a restore = %q, %v", file, err)
			}
			var sessions, next int
			if err := to.Reader().QueryRowContext(t.Context(), `SELECT count(*) FROM sessions`).Scan(&sessions); err != nil || sessions != 0 {
				t.Errorf("sessions after a restore = %d, %v; want none", sessions, err)
			}
			err := to.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error {
				return tx.QueryRowContext(ctx, `INSERT INTO events (kind, topic, person, at) VALUES ('post', 9, 7, 2) RETURNING seq`).Scan(&next)
			})
			if err != nil || next != 42 {
				t.Errorf("the next event has seq %d, %v; want 42", next, err)
			}
		})
	})
}

func TestRestoreRefuses(t *testing.T) {
	from := testkit.OpenDatabase(t, testkit.SQLite(t))
	fill(t, from)
	sound, _ := backup(t, from)
	for _, test := range []struct {
		name string
		file []byte
		want string
	}{
		{"a file that is no zip", []byte("hello"), "not a whole backup"},
		{"a backup that was cut short", sound[:len(sound)-40], "not a whole backup"},
		{"a zip of something else", rewritten(t, sound, "manifest.json", nil), "not a backup of cmc"},
		{"a changed row", rewritten(t, sound, "tables/persons.jsonl", func(s string) string { return strings.Replace(s, "Ana", "Eva", 1) }), "damaged"},
		{"a missing row", rewritten(t, sound, "tables/events.jsonl", func(s string) string { return s[:strings.Index(s, "\n")+1] }), "damaged"},
		{"a column that is a statement", rewritten(t, sound, "tables/persons.jsonl", func(s string) string {
			return strings.Replace(s, `"id"`, `"id) SELECT 1; DROP TABLE posts; --"`, 1)
		}), "is no column"},
	} {
		t.Run(test.name, func(t *testing.T) {
			to := testkit.OpenDatabase(t, testkit.SQLite(t))
			_, err := to.Restore(t.Context(), bytes.NewReader(test.file), int64(len(test.file)))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("Restore = %v, want an error with %q", err, test.want)
			}
			var n int
			if err := to.Reader().QueryRowContext(t.Context(), `SELECT count(*) FROM delegations`).Scan(&n); err != nil || n != 0 {
				t.Errorf("%d delegations came all the same (%v), want none", n, err)
			}
		})
	}
	if _, err := from.Restore(t.Context(), bytes.NewReader(sound), int64(len(sound))); !errors.Is(err, database.ErrNotEmpty) {
		t.Errorf("Restore over a forum = %v, want ErrNotEmpty", err)
	}
}

// TestABackupKnowsEveryTable fails when a migration adds a table that nobody
// has decided about.
func TestABackupKnowsEveryTable(t *testing.T) {
	db := testkit.OpenDatabase(t, testkit.SQLite(t))
	_, m := backup(t, db)
	leftOut := map[string]bool{
		"schema_migrations": true, "sessions": true, "challenges": true, "attempts": true,
		"feed_tokens": true, "unsubscribes": true, "recoveries": true, "ceremonies": true,
	}
	rows, err := db.Reader().QueryContext(t.Context(), `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		if _, in := m.Tables[name]; !in && !leftOut[name] {
			t.Errorf("the table %s is neither backed up nor left out on purpose", name)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

func TestBackupOfAnEmptyDatabaseIsRefused(t *testing.T) {
	db, err := database.Open(t.Context(), testkit.SQLite(t), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Backup(t.Context(), io.Discard, time.Now()); err == nil {
		t.Error("Backup of a database without a schema succeeded")
	}
}

// rewritten copies a backup with one file changed, or left out.
func rewritten(t *testing.T, file []byte, name string, change func(string) string) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	for _, f := range from.File {
		if f.Name == name && change == nil {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == name {
			text = []byte(change(string(text)))
		}
		w, err := to.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
