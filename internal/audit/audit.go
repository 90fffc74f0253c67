// Package audit keeps what was done to the house and by whom: an append-only
// chain in which each entry's hash covers the one before it, so that a change
// or a gap anywhere shows.
//
// It promises that an entry is written in the transaction of the deed it tells
// of, and that Verify notices every entry that was changed, added, moved or
// taken out, but for the newest ones taken off together: whoever wants to
// notice that too keeps the Head of an earlier day. It refuses to hold texts of
// posts, addresses and secrets; its callers name things by their numbers.
package audit

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cmc/internal/database"
)

// Who acts when no person does.
const (
	Program  = 0
	Operator = -1
)

// Entry is one deed.
type Entry struct {
	Seq     int64 // 1, 2, 3 … without gaps; given by Add
	At      time.Time
	Actor   int64  // a person, Program or Operator
	Action  string // such as "topic.lock"
	Subject string // such as "topic:9"
	Detail  string // such as a reason that was given
	Hash    string // given by Add
}

// hashOver is the entry's hash after that of the entry before it.
func (e Entry) hashOver(before string) (string, error) {
	text, err := json.Marshal([]any{before, e.Seq, database.Millis(e.At), e.Actor, e.Action, e.Subject, e.Detail})
	if err != nil {
		return "", fmt.Errorf("write entry %d as JSON: %w", e.Seq, err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

const (
	headSQL   = `SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1`
	insertSQL = `INSERT INTO audit (seq, at, actor, action, subject, detail, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)`
)

// Add appends an entry in the deed's own transaction. Transactions that write
// come one after the other (database.Tx), so the entry before is known.
func Add(ctx context.Context, tx *database.Tx, e Entry) error {
	seq, before, err := head(ctx, tx)
	if err != nil {
		return err
	}
	e.Seq = seq + 1
	if e.Hash, err = e.hashOver(before); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, insertSQL, e.Seq, database.Millis(e.At), e.Actor, e.Action, e.Subject, e.Detail, e.Hash); err != nil {
		return fmt.Errorf("write audit entry %d: %w", e.Seq, err)
	}
	return nil
}

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func head(ctx context.Context, q querier) (seq int64, hash string, err error) {
	err = q.QueryRowContext(ctx, headSQL).Scan(&seq, &hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, "", fmt.Errorf("read the audit log's head: %w", err)
	}
	return seq, hash, nil
}
