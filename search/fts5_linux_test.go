package search

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // the driver, by name
)

// fullText is the same documents in SQLite's own full text search.
func fullText(tb testing.TB, docs []Document) *sql.DB {
	tb.Helper()
	db, err := sql.Open("sqlite", filepath.Join(tb.TempDir(), "fts.db"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	for _, statement := range []string{
		`CREATE VIRTUAL TABLE text USING fts5(title, body, tokenize = 'porter unicode61')`,
		`CREATE TABLE record(id INTEGER PRIMARY KEY, type TEXT, country TEXT, theme TEXT, year INTEGER, lang TEXT, audience TEXT)`,
	} {
		if _, err := db.Exec(statement); err != nil {
			tb.Fatal(err)
		}
	}
	tx, err := db.Begin()
	if err != nil {
		tb.Fatal(err)
	}
	for i, d := range docs {
		if _, err := tx.Exec(`INSERT INTO text(rowid, title, body) VALUES (?, ?, ?)`, i, d.Title, d.Body); err != nil {
			tb.Fatal(err)
		}
		if _, err := tx.Exec(`INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?)`, i, d.Type, d.Countries[0], d.Themes[0], d.Year, d.Lang, d.Audience[0]); err != nil {
			tb.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		tb.Fatal(err)
	}
	return db
}

// askFullText asks for ten ranked hits with snippets, and for the counts of
// each facet.
func askFullText(tb testing.TB, db *sql.DB, query string) [][]string {
	tb.Helper()
	match := `"` + strings.Join(strings.Fields(query), `" OR "`) + `"`
	const where = ` FROM text JOIN record ON record.id = text.rowid WHERE text MATCH ? AND audience IN ('public', 'members')`
	questions := []string{`SELECT title, snippet(text, 1, '<mark>', '</mark>', '…', 40)` + where + ` ORDER BY bm25(text, 3.0, 1.0) LIMIT 10`}
	for _, facet := range facetNames {
		questions = append(questions, fmt.Sprintf(`SELECT %s, count(*) %s GROUP BY 1`, facet, where))
	}
	var answer [][]string
	for _, question := range questions {
		answer = append(answer, askOne(tb, db, question, match)...)
	}
	return answer
}

func askOne(tb testing.TB, db *sql.DB, question, match string) (answer [][]string) {
	tb.Helper()
	rows, err := db.Query(question, match)
	if err != nil {
		tb.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var a, b string
		if err := rows.Scan(&a, &b); err != nil {
			tb.Fatal(err)
		}
		answer = append(answer, []string{a, b})
	}
	if err := rows.Err(); err != nil {
		tb.Fatal(err)
	}
	return answer
}
