package store

import (
	"context"
	"fmt"

	"cmc/forum"
	"cmc/internal/database"
)

const letThroughSQL = `SELECT count(*) FROM posts WHERE author = $1 AND held_at IS NULL AND removed_at IS NULL AND hidden_at IS NULL`

// holds reports whether what a member writes in a room waits for the
// secretariat: until a post of theirs was let through.
func holds(ctx context.Context, q querier, m forum.Member, r forum.Room) (bool, error) {
	if r.Hold != forum.HoldFirst || m.Secretariat() {
		return false, nil
	}
	var n int
	if err := q.QueryRowContext(ctx, letThroughSQL, m.ID).Scan(&n); err != nil {
		return false, fmt.Errorf("look for earlier posts of person %d: %w", m.ID, err)
	}
	return n == 0, nil
}

// onlyIf is a value for a column that is NULL unless something is so.
func onlyIf(so bool, value any) any {
	if so {
		return value
	}
	return nil
}

const (
	releasePostSQL  = `UPDATE posts SET held_at = NULL WHERE id = $1`
	releaseTopicSQL = `UPDATE topics SET held_at = NULL, last_at = $2 WHERE id = $1`
)

// Release lets a held post through, and its topic where that waited with it:
// only now is anybody told. Doing it again does nothing.
func (s *Store) Release(ctx context.Context, m forum.Member, id int64) error {
	return s.change(ctx, m, id, func(ctx context.Context, tx *database.Tx, p place, post forum.Post) error {
		if !forum.CanHide(m, p.room, post) {
			return denied(m)
		}
		if !post.Held {
			return nil
		}
		if _, err := tx.ExecContext(ctx, releasePostSQL, id); err != nil {
			return fmt.Errorf("let post %d through: %w", id, err)
		}
		if err := unreadAgain(ctx, tx, p.topic.ID, post.Number); err != nil {
			return err
		}
		if p.topic.Held && post.Number == 1 {
			if _, err := tx.ExecContext(ctx, releaseTopicSQL, p.topic.ID, database.Millis(s.now())); err != nil {
				return fmt.Errorf("let topic %d through: %w", p.topic.ID, err)
			}
			if err := s.record(ctx, tx, forum.EventTopic, m, p.topic.ID, 0); err != nil {
				return err
			}
		}
		if err := s.note(ctx, tx, m, "post.release", postSubject(id), ""); err != nil {
			return err
		}
		return s.record(ctx, tx, forum.EventPost, m, p.topic.ID, id)
	})
}
