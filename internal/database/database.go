// Package database opens SQLite or PostgreSQL and hides how they differ: one
// SQL text ($1, RETURNING) serves both.
//
// It promises durable commits (a commit that was answered survives a power
// cut), transactions that are repeated only where the engine says that a
// repetition helps, and migrations that go forward in one transaction. It
// refuses to open a directory it cannot write to, and to serve a schema that
// is not its own. Times are stored as milliseconds since 1970, UTC.
package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Engine is the kind of database.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

const (
	openTimeout   = 10 * time.Second
	busyTimeoutMS = 10_000
	maxPostgres   = 16 // connections
	maxReaders    = 8  // of SQLite, beside its one writer
)

// DB is an open database. It is safe for concurrent use.
type DB struct {
	engine   Engine
	log      *slog.Logger
	write    *sql.DB // SQLite: one connection for transactions, one to prepare
	read     *sql.DB // SQLite: connections that cannot write
	postgres *pgx.ConnConfig

	waiting    chan *part    // transactions for the next group
	turn       chan struct{} // held by whoever commits a group
	statements statements    // SQLite: of the writer

	mu      sync.Mutex
	wakers  map[int]waker // SQLite: who listens in this process
	nextKey int
}

// IsPostgres reports whether Open would take where for PostgreSQL's address.
func IsPostgres(where string) bool {
	return strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://")
}

// Open opens postgres://… or, for anything else, the SQLite file of that
// path, which is made when it is missing.
func Open(ctx context.Context, where string, log *slog.Logger) (*DB, error) {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	if IsPostgres(where) {
		return openPostgres(ctx, where, log)
	}
	return openSQLite(ctx, where, log)
}

func openPostgres(ctx context.Context, where string, log *slog.Logger) (*DB, error) {
	config, err := pgx.ParseConfig(where)
	if err != nil {
		return nil, fmt.Errorf("read the PostgreSQL address: %w", err)
	}
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(maxPostgres)
	pool.SetMaxIdleConns(maxPostgres)
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("reach PostgreSQL at %s, database %q: %w", config.Host, config.Database, err), pool.Close())
	}
	return &DB{
		engine: Postgres, log: log, write: pool, read: pool, postgres: config,
		waiting: make(chan *part, queueLength), turn: make(chan struct{}, 1),
	}, nil
}

func openSQLite(ctx context.Context, path string, log *slog.Logger) (*DB, error) {
	if err := writable(path); err != nil {
		return nil, err
	}
	write, err := sql.Open("sqlite", sqliteName(path, false))
	if err != nil {
		return nil, fmt.Errorf("open the database %s: %w", path, err)
	}
	write.SetMaxOpenConns(2)
	write.SetMaxIdleConns(2)
	if err := firstPing(ctx, write); err != nil {
		return nil, errors.Join(fmt.Errorf("open the database %s: %w", path, err), write.Close())
	}
	read, err := sql.Open("sqlite", sqliteName(path, true))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the database %s: %w", path, err), write.Close())
	}
	read.SetMaxOpenConns(maxReaders)
	read.SetMaxIdleConns(maxReaders)
	return &DB{
		engine: SQLite, log: log, write: write, read: read, wakers: map[int]waker{},
		waiting: make(chan *part, queueLength), turn: make(chan struct{}, 1), statements: statements{pool: write, made: map[string]*sql.Stmt{}},
	}, nil
}

// firstPing is patient where two processes open a new file at once: the change
// to WAL does not wait for the other as other statements do.
func firstPing(ctx context.Context, pool *sql.DB) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := pool.PingContext(ctx)
		if err == nil || !again(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-tick.C:
		}
	}
}

// sqliteName puts the pragmas into the name: a pragma that is executed on a
// pool reaches one connection only.
func sqliteName(path string, readOnly bool) string {
	pragmas := []string{
		fmt.Sprintf("busy_timeout(%d)", busyTimeoutMS),
		"foreign_keys(1)", "journal_mode(wal)", "synchronous(full)", "temp_store(memory)",
	}
	if readOnly {
		pragmas = append(pragmas, "query_only(1)")
	}
	q := url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
}

// writable makes the folder and the file, readable by nobody else, so that a
// wrong state directory is told in words and not by the engine.
func writable(path string) error {
	dir := filepath.Dir(path)
	hint := "choose a folder this user can write to with --state"
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the state directory %s: %w; %s", dir, err, hint)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("write to the state directory %s: %w; %s", dir, err, hint)
	}
	return f.Close()
}

// Engine tells which kind of database it is.
func (d *DB) Engine() Engine { return d.engine }

// Reader returns the pool for statements outside a transaction. On SQLite it
// cannot write.
func (d *DB) Reader() *sql.DB { return d.read }

// Ping reports whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.read.PingContext(ctx); err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	return nil
}

// Close closes all connections.
func (d *DB) Close() error {
	if d.read == d.write {
		return d.write.Close()
	}
	return errors.Join(d.read.Close(), d.write.Close())
}

// Millis is how a time is stored.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Time is how a stored time is read; 0 is the zero time.
func Time(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
