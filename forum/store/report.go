package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

const (
	repeatReportSQL = `UPDATE reports SET why = $3 WHERE post = $1 AND person = $2 AND settled_at IS NULL`
	insertReportSQL = `INSERT INTO reports (post, person, seat, why, at) VALUES ($1, $2, $3, $4, $5)`
)

// Report points a post out to the secretariat. Who has an open report on it
// already changes its words.
func (s *Store) Report(ctx context.Context, m forum.Member, id int64, why string) error {
	why, fault := forum.CleanLine("reason", why, forum.MaxReason)
	if fault != nil {
		return errs.Fields{fault}
	}
	return s.change(ctx, m, id, func(ctx context.Context, tx *database.Tx, p place, post forum.Post) error {
		if !forum.CanReport(m, p.room, post) {
			return denied(m)
		}
		repeated, err := tx.ExecContext(ctx, repeatReportSQL, id, m.ID, why)
		if err != nil {
			return fmt.Errorf("repeat a report on post %d: %w", id, err)
		}
		if n, err := repeated.RowsAffected(); err != nil || n > 0 {
			return err
		}
		if _, err := tx.ExecContext(ctx, insertReportSQL, id, m.ID, m.Seat, why, database.Millis(s.now())); err != nil {
			return fmt.Errorf("keep a report on post %d: %w", id, err)
		}
		return nil
	})
}

// ToModerate is what waits for the secretariat, the oldest first.
type ToModerate struct {
	Held    []PostView
	Reports []ReportView
}

// ReportView is an open report with what it is about.
type ReportView struct {
	forum.Report
	PostView
}

const (
	heldSQL    = `SELECT id FROM posts WHERE held_at IS NOT NULL AND removed_at IS NULL ORDER BY held_at, id LIMIT $1`
	reportsSQL = `
SELECT o.id, o.post, o.why, o.at, pa.id, pa.name, ps.role, pd.code, pd.kind, pd.names
FROM reports o
JOIN persons pa ON pa.id = o.person
JOIN seats ps ON ps.id = o.seat
JOIN delegations pd ON pd.code = ps.delegation
WHERE o.settled_at IS NULL ORDER BY o.at, o.id LIMIT $1`
)

// MaxToModerate bounds a list of what waits.
const MaxToModerate = 100

// ToModerate lists held posts and open reports, for the secretariat only.
func (s *Store) ToModerate(ctx context.Context, m forum.Member) (ToModerate, error) {
	if !m.Secretariat() {
		return ToModerate{}, denied(m)
	}
	q := s.db.Reader()
	var w ToModerate
	rows, err := q.QueryContext(ctx, heldSQL, MaxToModerate)
	held, err := collect(rows, err, func(row scanner) (id int64, err error) { return id, row.Scan(&id) })
	if err != nil {
		return w, fmt.Errorf("list the held posts: %w", err)
	}
	for _, id := range held {
		v, err := s.Post(ctx, m, id)
		if err != nil {
			return w, err
		}
		w.Held = append(w.Held, v)
	}
	rows, err = q.QueryContext(ctx, reportsSQL, MaxToModerate)
	reports, err := collect(rows, err, scanReport)
	if err != nil {
		return w, fmt.Errorf("list the reports: %w", err)
	}
	for _, r := range reports {
		v, err := s.Post(ctx, m, r.Post)
		if err != nil {
			return w, err
		}
		w.Reports = append(w.Reports, ReportView{r, v})
	}
	return w, nil
}

func scanReport(row scanner) (forum.Report, error) {
	var r forum.Report
	var at int64
	a := &r.By
	err := row.Scan(&r.ID, &r.Post, &r.Why, &at, &a.Person, &a.Name, &a.Role, &a.Delegation.Code, &a.Delegation.Kind,
		(*texts)(&a.Delegation.Names))
	r.At = database.Time(at)
	return r, err
}

const settleSQL = `UPDATE reports SET settled_at = $2, settled_by = $3, outcome = $4 WHERE id = $1 AND settled_at IS NULL RETURNING post`

// Settle closes a report with a word on what was done. Doing it again does
// nothing.
func (s *Store) Settle(ctx context.Context, m forum.Member, report int64, outcome string) error {
	if outcome != "" {
		line, fault := forum.CleanLine("reason", outcome, forum.MaxReason)
		if fault != nil {
			return errs.Fields{fault}
		}
		outcome = line
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		if err := seated(ctx, tx, m); err != nil {
			return err
		}
		if !m.Secretariat() {
			return denied(m)
		}
		var post int64
		err := tx.QueryRowContext(ctx, settleSQL, report, database.Millis(s.now()), m.ID, outcome).Scan(&post)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("settle report %d: %w", report, err)
		}
		return s.note(ctx, tx, m, "report.settle", postSubject(post), outcome)
	})
}
