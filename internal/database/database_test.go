package database_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"cmc/internal/database"
	"cmc/internal/testkit"
)

func TestPrepare(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, where string) {
		db := testkit.OpenDatabase(t, where)
		latest, err := database.Latest()
		if err != nil {
			t.Fatal(err)
		}
		if v, err := db.Version(t.Context()); err != nil || v != latest {
			t.Fatalf("Version of a new database = %d, %v, want %d", v, err, latest)
		}
		if err := db.Prepare(t.Context()); err != nil {
			t.Errorf("Prepare a second time = %v, want nil", err)
		}
		set := func(version int) {
			t.Helper()
			err := db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error {
				_, err := tx.ExecContext(ctx, `INSERT INTO schema_migrations (version, name, applied_at) VALUES ($1, 'x', 0)`, version)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		set(latest + 1)
		if err := db.Prepare(t.Context()); err == nil || !strings.Contains(err.Error(), "newer cmc") {
			t.Errorf("Prepare of a newer schema = %v, want a refusal that says so", err)
		}
		if _, _, err := db.Migrate(t.Context()); err == nil {
			t.Error("Migrate of a newer schema succeeded")
		}
	})
}

func TestManyNodesMigrateAtOnce(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, where string) {
		var wg sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			wg.Go(func() {
				db, err := database.Open(t.Context(), where, slog.New(slog.DiscardHandler))
				if err == nil {
					err = errors.Join(db.Prepare(t.Context()), db.Close())
				}
				errs[i] = err
			})
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
	})
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, where, want string }{
		{"a state directory that cannot be made", filepath.Join(file, "var", "cmc.db"), "--state"},
		{"a state directory that cannot be written to", "/proc/cmc.db", "--state"},
		{"a database that is a directory", filepath.Dir(file), "--state"},
		{"a PostgreSQL that is not there", "postgres://u@127.0.0.1:1/x?connect_timeout=1", `reach PostgreSQL at 127.0.0.1, database "x"`},
		{"an address that makes no sense", "postgres://%%%", "read the PostgreSQL address"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := database.Open(t.Context(), test.where, slog.New(slog.DiscardHandler))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Open(%q) = %v, want an error with %q", test.where, err, test.want)
			}
		})
	}
}

func TestPasswordIsNotInErrors(t *testing.T) {
	_, err := database.Open(t.Context(), "postgres://u:hunter2@127.0.0.1:1/x?connect_timeout=1", slog.New(slog.DiscardHandler))
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("Open = %v, want an error without the password", err)
	}
}

func TestSQLiteHasItsPragmasOnEveryConnection(t *testing.T) {
	db := testkit.OpenDatabase(t, filepath.Join(t.TempDir(), "a folder", "100% ä?.db"))
	for name, want := range map[string]string{"foreign_keys": "1", "journal_mode": "wal", "synchronous": "2", "busy_timeout": "10000", "query_only": "0"} {
		var got string
		err := db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error {
			return tx.QueryRowContext(ctx, "PRAGMA "+name).Scan(&got)
		})
		if err != nil || got != want {
			t.Errorf("PRAGMA %s of the writer = %q, %v, want %q", name, got, err, want)
		}
	}
	if _, err := db.Reader().ExecContext(t.Context(), `DELETE FROM rooms`); err == nil {
		t.Error("the reading pool could write")
	}
}

func TestTx(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		insert := func(ctx context.Context, tx *database.Tx, bucket string) {
			if _, err := tx.ExecContext(ctx, `INSERT INTO attempts (bucket, at) VALUES ($1, 1)`, bucket); err != nil {
				t.Fatal(err)
			}
		}
		count := func() (n int) {
			if err := db.Reader().QueryRowContext(t.Context(), `SELECT count(*) FROM attempts`).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		refused := errors.New("refused")
		if err := db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error { insert(ctx, tx, "a"); return refused }); !errors.Is(err, refused) {
			t.Errorf("Tx = %v, want what its function returned", err)
		}
		func() {
			defer func() { _ = recover() }()
			_ = db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error { insert(ctx, tx, "b"); panic("x") })
		}()
		if n := count(); n != 0 {
			t.Errorf("%d rows are left of transactions that failed, want 0", n)
		}
		tries := 0
		err := db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error {
			insert(ctx, tx, "c")
			if tries++; tries < 3 {
				return database.ErrAgain
			}
			return nil
		})
		if err != nil || tries != 3 || count() != 1 {
			t.Errorf("Tx = %v after %d tries with %d rows, want nil, 3, 1", err, tries, count())
		}
	})
}

func TestListenHearsEveryCommit(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		wakes, ended := make(chan struct{}, 100), make(chan struct{})
		go func() { db.Listen(ctx, func() { wakes <- struct{}{} }); close(ended) }()
		if db.Engine() == database.Postgres {
			<-wakes // listening has begun
		}
		announce := func() error {
			return db.Tx(ctx, func(_ context.Context, tx *database.Tx) error { tx.Announce(7); return nil })
		}
		for heard := false; !heard; { // SQLite tells nobody that it has begun
			if err := announce(); err != nil {
				t.Fatal(err)
			}
			select {
			case <-wakes:
				heard = true
			case <-t.Context().Done():
				t.Fatal("no wake-up")
			default:
				heard = db.Engine() == database.Postgres && func() bool { <-wakes; return true }()
			}
		}
		cancel()
		<-ended
	})
}

func TestChangedRightsAreHeardByThoseWhoListenForThem(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		var listeners sync.WaitGroup
		rights, events := make(chan struct{}, 1), make(chan struct{}, 100)
		listeners.Go(func() {
			db.ListenRights(ctx, func() {
				select {
				case rights <- struct{}{}:
				default:
				}
			})
		})
		listeners.Go(func() { db.Listen(ctx, func() { events <- struct{}{} }) })
		defer listeners.Wait()
		defer cancel()
		if db.Engine() == database.Postgres { // one sign each that listening has begun
			<-rights
			<-events
		}
		for heard := false; !heard; { // SQLite tells nobody that it has begun
			if err := db.TellRights(ctx); err != nil {
				t.Fatal(err)
			}
			select {
			case <-rights:
				heard = true
			default:
				if db.Engine() == database.Postgres {
					<-rights
					heard = true
				}
			}
		}
		if len(events) != 0 {
			t.Error("who listens for events was woken by changed rights")
		}
	})
}
