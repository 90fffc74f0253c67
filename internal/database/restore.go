package database

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// maxRow bounds the memory that one row of a backup may take, in bytes.
const maxRow = 4 << 20

var columnForm = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

// ErrNotEmpty says that a restore would mix two forums.
var ErrNotEmpty = errors.New("the database holds a forum already; restore into a new one (another --state or --db)")

// Restore reads a backup into an empty database, in one transaction: all of it
// comes, or nothing does. Sums and counts are proved on the way.
func (d *DB) Restore(ctx context.Context, r io.ReaderAt, size int64) (Manifest, error) {
	archive, m, err := openBackup(r, size)
	if err != nil {
		return m, err
	}
	if err := d.Prepare(ctx); err != nil {
		return m, err
	}
	latest, err := Latest()
	if err != nil {
		return m, err
	}
	if m.Schema != latest {
		return m, fmt.Errorf("the backup has schema %d and this program %d: restore it with the cmc that made it, then run `cmc migrate`", m.Schema, latest)
	}
	return m, d.long(ctx, func(ctx context.Context, tx *Tx) error {
		if err := tx.mustBeEmpty(ctx); err != nil {
			return err
		}
		for _, table := range saved() {
			if err := restoreTable(ctx, tx, archive, table, m.Tables[table]); err != nil {
				return fmt.Errorf("restore %s: %w", table, err)
			}
		}
		return nil
	})
}

func (t *Tx) mustBeEmpty(ctx context.Context) error {
	for _, table := range saved() {
		var n int
		if err := t.QueryRowContext(ctx, `SELECT count(*) FROM `+table).Scan(&n); err != nil {
			return fmt.Errorf("look into %s: %w", table, err)
		}
		if n > 0 {
			return ErrNotEmpty
		}
	}
	return nil
}

// openBackup reads the manifest, which a backup that was cut short lacks.
func openBackup(r io.ReaderAt, size int64) (*zip.Reader, Manifest, error) {
	var m Manifest
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, m, fmt.Errorf("this is not a whole backup: %w", err)
	}
	f, err := archive.Open(manifestName)
	if err != nil {
		return nil, m, fmt.Errorf("this is not a backup of cmc: %w", err)
	}
	defer f.Close()
	if err := json.NewDecoder(io.LimitReader(f, maxRow)).Decode(&m); err != nil {
		return nil, m, fmt.Errorf("the backup's manifest cannot be read: %w", err)
	}
	if m.Format != backupFormat {
		return nil, m, fmt.Errorf("the backup has format %d, which this program does not know", m.Format)
	}
	return archive, m, nil
}

func restoreTable(ctx context.Context, tx *Tx, archive *zip.Reader, table string, want TableProof) error {
	f, err := archive.Open(tableFile(table))
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	lines := bufio.NewScanner(io.TeeReader(f, sum))
	lines.Buffer(nil, maxRow)
	insert, err := insertion(lines, table)
	if err != nil {
		return err
	}
	rows := 0
	for lines.Scan() {
		values, err := rowOf(lines.Bytes())
		if err != nil {
			return fmt.Errorf("row %d: %w", rows+1, err)
		}
		if _, err := tx.ExecContext(ctx, insert, values...); err != nil {
			return fmt.Errorf("row %d: %w", rows+1, err)
		}
		rows++
	}
	if err := lines.Err(); err != nil {
		return err
	}
	if got := (TableProof{rows, sumOf(sum)}); got != want {
		return fmt.Errorf("the backup is damaged: it should hold %d rows with the sum %.12s, and holds %d with %.12s", want.Rows, want.SHA256, got.Rows, got.SHA256)
	}
	return tx.continueNumbers(ctx, table)
}

// insertion makes the statement from the first line, the table's columns.
func insertion(lines *bufio.Scanner, table string) (string, error) {
	if !lines.Scan() {
		return "", errors.New("the list of columns is missing")
	}
	var columns []string
	if err := json.Unmarshal(lines.Bytes(), &columns); err != nil || len(columns) == 0 {
		return "", errors.New("the list of columns cannot be read")
	}
	places := make([]string, len(columns))
	for i, c := range columns {
		if !columnForm.MatchString(c) {
			return "", fmt.Errorf("%q is no column", c)
		}
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	return fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)`, table, strings.Join(columns, ", "), strings.Join(places, ", ")), nil
}

func rowOf(line []byte) ([]any, error) {
	d := json.NewDecoder(strings.NewReader(string(line)))
	d.UseNumber()
	var values []any
	if err := d.Decode(&values); err != nil {
		return nil, err
	}
	for i, v := range values {
		var err error
		if values[i], err = valueOf(v); err != nil {
			return nil, fmt.Errorf("value %d: %w", i+1, err)
		}
	}
	return values, nil
}

// valueOf is what portable was given.
func valueOf(v any) (any, error) {
	switch v := v.(type) {
	case json.Number:
		return v.Int64()
	case map[string]any:
		text, ok := v["bytes"].(string)
		if !ok || len(v) != 1 {
			return nil, errors.New("neither text, number nor bytes")
		}
		return base64.StdEncoding.DecodeString(text)
	}
	return v, nil
}

// continueNumbers makes PostgreSQL give out numbers above those restored.
// SQLite does so by itself.
func (t *Tx) continueNumbers(ctx context.Context, table string) error {
	if t.db.engine != Postgres {
		return nil
	}
	for _, column := range []string{"id", "seq"} {
		var numbered bool
		err := t.QueryRowContext(ctx, `SELECT count(*) > 0 FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = $1 AND column_name = $2 AND is_identity = 'YES'`, table, column).Scan(&numbered)
		if err != nil {
			return err
		}
		if !numbered {
			continue
		}
		set := fmt.Sprintf(`SELECT setval(pg_get_serial_sequence('%s', '%s'), coalesce(max(%[2]s), 0) + 1, false) FROM %[1]s`, table, column)
		if _, err := t.ExecContext(ctx, set); err != nil {
			return fmt.Errorf("continue the numbers: %w", err)
		}
	}
	return nil
}
