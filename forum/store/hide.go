package store

import (
	"context"
	"fmt"

	"cmc/forum"
	"cmc/internal/audit"
	"cmc/internal/database"
	"cmc/internal/errs"
)

const (
	hideSQL = `UPDATE posts SET hidden_at = $2, hidden_by = $3, hidden_why = $4 WHERE id = $1`
	showSQL = `UPDATE posts SET hidden_at = NULL, hidden_by = NULL, hidden_why = '' WHERE id = $1`
)

// Hide takes a post out of everybody's sight but the secretariat's. A reason is
// required: readers see it in the post's place, and members in the log.
func (s *Store) Hide(ctx context.Context, m forum.Member, id int64, reason string) error {
	reason, fault := forum.CleanLine("reason", reason, forum.MaxReason)
	if fault != nil {
		return errs.Fields{fault}
	}
	return s.change(ctx, m, id, func(ctx context.Context, tx *database.Tx, p place, post forum.Post) error {
		if !forum.CanHide(m, p.room, post) {
			return denied(m)
		}
		if post.Hidden != nil && post.Hidden.Reason == reason {
			return nil
		}
		if _, err := tx.ExecContext(ctx, hideSQL, id, database.Millis(s.now()), m.ID, reason); err != nil {
			return fmt.Errorf("hide post %d: %w", id, err)
		}
		if err := s.note(ctx, tx, m, "post.hide", postSubject(id), reason); err != nil {
			return err
		}
		return s.record(ctx, tx, forum.EventRemove, m, p.topic.ID, id)
	})
}

// Show brings a hidden post back.
func (s *Store) Show(ctx context.Context, m forum.Member, id int64) error {
	return s.change(ctx, m, id, func(ctx context.Context, tx *database.Tx, p place, post forum.Post) error {
		if !forum.CanHide(m, p.room, post) {
			return denied(m)
		}
		if post.Hidden == nil {
			return nil
		}
		if _, err := tx.ExecContext(ctx, showSQL, id); err != nil {
			return fmt.Errorf("show post %d: %w", id, err)
		}
		if err := s.note(ctx, tx, m, "post.show", postSubject(id), ""); err != nil {
			return err
		}
		return s.record(ctx, tx, forum.EventEdit, m, p.topic.ID, id)
	})
}

func postSubject(id int64) string  { return fmt.Sprintf("post:%d", id) }
func topicSubject(id int64) string { return fmt.Sprintf("topic:%d", id) }

// note keeps a deed of the secretariat in the audit log.
func (s *Store) note(ctx context.Context, tx *database.Tx, m forum.Member, action, subject, detail string) error {
	return audit.Add(ctx, tx, audit.Entry{At: s.now(), Actor: m.ID, Action: action, Subject: subject, Detail: detail})
}
