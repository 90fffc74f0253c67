package audit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"cmc/internal/database"
)

// ErrBroken says that the chain was tampered with or damaged.
var ErrBroken = errors.New("the audit log is broken")

// Head is the newest entry's number and hash. Whoever keeps it can tell later
// that nothing up to there was changed or taken off.
type Head struct {
	Seq  int64
	Hash string
}

const rowsSQL = `SELECT seq, at, actor, action, subject, detail, hash FROM audit ORDER BY seq`

// Verify walks the whole chain and returns its head. ErrBroken names the first
// entry that does not fit.
func Verify(ctx context.Context, db *database.DB) (Head, error) {
	rows, err := db.Reader().QueryContext(ctx, rowsSQL)
	if err != nil {
		return Head{}, fmt.Errorf("read the audit log: %w", err)
	}
	defer rows.Close()
	var at Head
	for rows.Next() {
		e, err := scan(rows)
		if err != nil {
			return at, err
		}
		want, err := e.hashOver(at.Hash)
		if err != nil {
			return at, err
		}
		if e.Seq != at.Seq+1 || e.Hash != want {
			return at, fmt.Errorf("%w after entry %d: entry %d does not follow from it; compare with a backup", ErrBroken, at.Seq, e.Seq)
		}
		at = Head{e.Seq, e.Hash}
	}
	return at, rows.Err()
}

func scan(rows *sql.Rows) (Entry, error) {
	var e Entry
	var at int64
	if err := rows.Scan(&e.Seq, &at, &e.Actor, &e.Action, &e.Subject, &e.Detail, &e.Hash); err != nil {
		return Entry{}, fmt.Errorf("read an audit entry: %w", err)
	}
	e.At = database.Time(at)
	return e, nil
}

const latestSQL = `
SELECT seq, at, actor, action, subject, detail, hash FROM audit WHERE seq < $1 ORDER BY seq DESC LIMIT $2`

// Before returns up to limit entries with a number below seq, the newest first.
func Before(ctx context.Context, db *database.DB, seq int64, limit int) ([]Entry, error) {
	rows, err := db.Reader().QueryContext(ctx, latestSQL, seq, limit)
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	defer rows.Close()
	var all []Entry
	for rows.Next() {
		e, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, rows.Err()
}
