package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

const (
	closeSQL = `UPDATE topics SET closed_at = $2 WHERE id = $1`
	// A date that has passed would close it again at once.
	reopenSQL = `UPDATE topics SET closed_at = NULL, closes_at = CASE WHEN closes_at <= $2 THEN NULL ELSE closes_at END WHERE id = $1`
)

// SetClosed closes a topic to further posts, or opens it again. Unlike a lock
// it is not the secretariat's alone, and whoever started the topic keeps the
// last word.
func (s *Store) SetClosed(ctx context.Context, m forum.Member, topic int64, on bool) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		p, err := writable(ctx, tx, m, topic)
		if err != nil {
			return err
		}
		if !forum.CanClose(m, p.room, p.topic) {
			return denied(m)
		}
		if p.topic.ClosedBy(s.now()) == on {
			return nil
		}
		query := reopenSQL
		if on {
			query = closeSQL
		}
		if _, err := tx.ExecContext(ctx, query, topic, database.Millis(s.now())); err != nil {
			return fmt.Errorf("change the state of topic %d: %w", topic, err)
		}
		if err := s.note(ctx, tx, m, "topic.close", topicSubject(topic), strconv.FormatBool(on)); err != nil {
			return err
		}
		return s.record(ctx, tx, forum.EventState, m, topic, 0)
	})
}

const closesAtSQL = `UPDATE topics SET closes_at = $2, closed_at = NULL WHERE id = $1`

// SetClosesAt gives a query or a circular another closing date, and so opens it
// again if it was closed.
func (s *Store) SetClosesAt(ctx context.Context, m forum.Member, topic int64, at time.Time) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		p, err := writable(ctx, tx, m, topic)
		if err != nil {
			return err
		}
		if !forum.CanClose(m, p.room, p.topic) || p.topic.Kind == forum.Discussion {
			return denied(m)
		}
		if err := s.unlessPast(forum.NewTopic{ClosesAt: at}); err != nil || p.topic.ClosesAt.Equal(at) && p.topic.ClosedAt.IsZero() {
			return err
		}
		if _, err := tx.ExecContext(ctx, closesAtSQL, topic, onlyIf(!at.IsZero(), database.Millis(at))); err != nil {
			return fmt.Errorf("change the closing date of topic %d: %w", topic, err)
		}
		if err := s.note(ctx, tx, m, "topic.date", topicSubject(topic), at.UTC().Format(time.DateOnly)); err != nil {
			return err
		}
		return s.record(ctx, tx, forum.EventState, m, topic, 0)
	})
}

// Consolidate makes a post the consolidated reply to its query, which is then
// closed, or takes that back.
func (s *Store) Consolidate(ctx context.Context, m forum.Member, post int64, on bool) error {
	return s.change(ctx, m, post, func(ctx context.Context, tx *database.Tx, p place, was forum.Post) error {
		if !forum.CanConsolidate(m, p.room, p.topic) || on && was.Withheld() {
			return denied(m)
		}
		if (p.topic.Consolidated == post) == on {
			return nil
		}
		if !on {
			return s.unconsolidate(ctx, tx, m, p.topic.ID)
		}
		return s.consolidate(ctx, tx, m, p.topic.ID, post)
	})
}

const consolidateSQL = `UPDATE topics SET consolidated = $2, closed_at = coalesce(closed_at, $3) WHERE id = $1`

func (s *Store) consolidate(ctx context.Context, tx *database.Tx, m forum.Member, topic, post int64) error {
	if _, err := tx.ExecContext(ctx, consolidateSQL, topic, post, database.Millis(s.now())); err != nil {
		return fmt.Errorf("make post %d the consolidated reply: %w", post, err)
	}
	if err := s.note(ctx, tx, m, "topic.answer", topicSubject(topic), postSubject(post)); err != nil {
		return err
	}
	return s.record(ctx, tx, forum.EventState, m, topic, 0)
}

const unconsolidateSQL = `UPDATE topics SET consolidated = NULL WHERE id = $1`

func (s *Store) unconsolidate(ctx context.Context, tx *database.Tx, m forum.Member, topic int64) error {
	if _, err := tx.ExecContext(ctx, unconsolidateSQL, topic); err != nil {
		return fmt.Errorf("take the consolidated reply from topic %d: %w", topic, err)
	}
	if err := s.note(ctx, tx, m, "topic.answer", topicSubject(topic), "false"); err != nil {
		return err
	}
	return s.record(ctx, tx, forum.EventState, m, topic, 0)
}

// consolidated reads the reply that closes the topic's query, as far as the
// member may; nil when there is none.
func (s *Store) consolidated(ctx context.Context, m forum.Member, p place) (*forum.Post, error) {
	if p.topic.Consolidated == 0 {
		return nil, nil
	}
	post, err := readPost(ctx, s.db.Reader(), m, p, p.topic.Consolidated)
	if err != nil || post.Withheld() || post.Topic != p.topic.ID {
		return nil, err
	}
	return &post, nil
}

// unlessPast refuses a closing date that lies behind.
func (s *Store) unlessPast(n forum.NewTopic) error {
	if n.ClosesAt.IsZero() || n.ClosesAt.After(s.now()) {
		return nil
	}
	return errs.New(errs.Invalid, "forum_error_closes_past").On("closes")
}
