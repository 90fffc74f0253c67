package database

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
)

// statements keeps prepared what the writer of SQLite repeats: preparing took
// a third of a post's time. PostgreSQL's driver does the same by itself.
type statements struct {
	pool *sql.DB
	mu   sync.Mutex
	made map[string]*sql.Stmt
}

// maxStatements bounds the cache; the program has fewer, since none is glued
// together from what visitors send.
const maxStatements = 200

func (s *statements) get(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if made, ok := s.made[query]; ok {
		return made, nil
	}
	if len(s.made) >= maxStatements {
		return nil, nil
	}
	made, err := s.pool.PrepareContext(ctx, query) //nolint:sqlclosecheck // closed with the pool
	if err != nil {
		return nil, fmt.Errorf("prepare a statement: %w", err)
	}
	s.made[query] = made
	return made, nil
}

// prepared returns the statement for this transaction, or nil where it is
// better sent as it is.
func (t *Tx) prepared(ctx context.Context, query string, args []any) *sql.Stmt {
	if t.db.engine != SQLite || len(args) == 0 {
		return nil
	}
	made, err := t.db.statements.get(ctx, query)
	if err != nil || made == nil {
		return nil // executing it will tell what is wrong
	}
	return t.Tx.StmtContext(ctx, made)
}

// ExecContext executes a statement without rows.
func (t *Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if p := t.prepared(ctx, query, args); p != nil { //nolint:sqlclosecheck // closed with the transaction
		return p.ExecContext(ctx, args...)
	}
	return t.Tx.ExecContext(ctx, query, args...)
}

// QueryContext executes a statement with rows.
func (t *Tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if p := t.prepared(ctx, query, args); p != nil { //nolint:sqlclosecheck // closed with the transaction
		return p.QueryContext(ctx, args...)
	}
	return t.Tx.QueryContext(ctx, query, args...)
}

// QueryRowContext executes a statement with one row.
func (t *Tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if p := t.prepared(ctx, query, args); p != nil { //nolint:sqlclosecheck // closed with the transaction
		return p.QueryRowContext(ctx, args...)
	}
	return t.Tx.QueryRowContext(ctx, query, args...)
}
