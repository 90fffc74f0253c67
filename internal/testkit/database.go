package testkit

import (
	"log/slog"
	"path/filepath"
	"testing"

	"cmc/internal/database"
)

// Databases runs a test on each engine, in a new database with the present
// schema: SQLite in a temporary folder, and PostgreSQL where there is one.
func Databases(t *testing.T, test func(t *testing.T, db *database.DB)) {
	t.Helper()
	Engines(t, func(t *testing.T, where string) { test(t, OpenDatabase(t, where)) })
}

// Engines runs a test with the address of an empty database of each engine,
// for tests that open it more than once.
func Engines(t *testing.T, test func(t *testing.T, where string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// SQLite returns the path of a database file that does not exist yet.
func SQLite(t testing.TB) string { return filepath.Join(t.TempDir(), "cmc.db") }

// OpenDatabase opens a database, brings its schema up to date and closes it
// when the test ends.
func OpenDatabase(t testing.TB, where string) *database.DB {
	t.Helper()
	db, err := database.Open(t.Context(), where, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	if err := db.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}
