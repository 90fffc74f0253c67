package database

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"
)

// A backup is a zip of one file per table, tables/NAME.jsonl: its columns as
// the first line, then a line for each row. It is the same whichever engine it
// came from, and can be restored into either. manifest.json comes last and
// holds the number of rows and the SHA-256 of each.

// saved are the tables that a backup holds, in an order in which rows may
// refer to earlier ones. Sessions, sign-ins under way, their counters and every
// token that reads without a sign-in stay out on purpose: a backup in the wrong
// hands opens no door, and after a restore everybody signs in again.
func saved() []string {
	return []string{
		"delegations", "persons", "seats", "occupancies", "invitations",
		"rooms", "topics", "posts", "revisions", "events",
		"reading", "subscriptions", "drafts", "acknowledgements", "mentions",
		"uploads", "attachments", "reports", "audit", "letters", "mail_positions", "mail_cursors", "mail_told", "mail_owed", "mail_seats", "bounces",
		"passkeys", "authenticators", "recovery_codes", "identities",
	}
}

const (
	backupFormat = 1
	manifestName = "manifest.json"
)

// Manifest says what a backup holds.
type Manifest struct {
	Format int                   `json:"format"`
	Schema int                   `json:"schema"`
	MadeAt time.Time             `json:"made_at"`
	Tables map[string]TableProof `json:"tables"`
}

// TableProof is what one table must have when it is read back.
type TableProof struct {
	Rows   int    `json:"rows"`
	SHA256 string `json:"sha256"`
}

// Backup writes all that members have made to w, as of one moment, while the
// program may go on serving.
func (d *DB) Backup(ctx context.Context, w io.Writer, now time.Time) (Manifest, error) {
	m := Manifest{Format: backupFormat, MadeAt: now.UTC().Truncate(time.Second), Tables: map[string]TableProof{}}
	var err error
	if m.Schema, err = d.Version(ctx); err != nil {
		return m, err
	}
	if m.Schema == 0 {
		return m, errors.New("the database is empty: there is nothing to back up")
	}
	// One snapshot for all tables.
	tx, err := d.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: d.snapshot()})
	if err != nil {
		return m, fmt.Errorf("begin the backup: %w", err)
	}
	defer tx.Rollback()
	archive := zip.NewWriter(w)
	for _, table := range saved() {
		if m.Tables[table], err = saveTable(ctx, tx, archive, table); err != nil {
			return m, fmt.Errorf("back up %s: %w", table, err)
		}
	}
	f, err := archive.Create(manifestName)
	if err != nil {
		return m, fmt.Errorf("write the backup's manifest: %w", err)
	}
	if err := json.NewEncoder(f).Encode(m); err != nil {
		return m, fmt.Errorf("write the backup's manifest: %w", err)
	}
	if err := archive.Close(); err != nil {
		return m, fmt.Errorf("finish the backup: %w", err)
	}
	return m, nil
}

// snapshot is the isolation in which all statements see one state. In SQLite
// every transaction does, and the driver knows no other name for it.
func (d *DB) snapshot() sql.IsolationLevel {
	if d.engine == Postgres {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

func saveTable(ctx context.Context, tx *sql.Tx, archive *zip.Writer, table string) (TableProof, error) {
	f, err := archive.Create(tableFile(table))
	if err != nil {
		return TableProof{}, err
	}
	sum := sha256.New()
	out := bufio.NewWriter(io.MultiWriter(f, sum))
	rows, err := tx.QueryContext(ctx, `SELECT * FROM `+table+` ORDER BY 1, 2`)
	if err != nil {
		return TableProof{}, err
	}
	defer rows.Close()
	n, err := writeRows(rows, json.NewEncoder(out))
	if err != nil {
		return TableProof{}, err
	}
	if err := errors.Join(out.Flush(), rows.Err()); err != nil {
		return TableProof{}, err
	}
	return TableProof{n, sumOf(sum)}, nil
}

func writeRows(rows *sql.Rows, e *json.Encoder) (n int, err error) {
	types, err := rows.ColumnTypes()
	if err != nil {
		return 0, err
	}
	names, values, targets := make([]string, len(types)), make([]any, len(types)), make([]any, len(types))
	for i, t := range types {
		names[i], targets[i] = t.Name(), &values[i]
	}
	if err := e.Encode(names); err != nil {
		return 0, err
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return n, err
		}
		for i, t := range types {
			values[i] = portable(values[i], t.DatabaseTypeName())
		}
		if err := e.Encode(values); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// bytes are a value that is no text, in base64 as JSON has it.
type bytes struct {
	Bytes []byte `json:"bytes"`
}

// portable makes the engines' values alike: SQLite keeps a boolean as 0 or 1.
func portable(value any, kind string) any {
	switch v := value.(type) {
	case []byte:
		if strings.EqualFold(kind, "bytea") {
			return bytes{v}
		}
		return string(v)
	case int64:
		if strings.HasPrefix(strings.ToUpper(kind), "BOOL") {
			return v != 0
		}
	}
	return value
}

func tableFile(table string) string { return "tables/" + table + ".jsonl" }

func sumOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }
