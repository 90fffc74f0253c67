package store

import (
	"context"
	"fmt"
	"strings"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

const (
	// The posts keep their order, after those that are there; no number is given
	// twice.
	takePostsSQL = `
UPDATE posts SET topic = $2, number = number + $3, reply_to = CASE WHEN reply_to = 0 THEN 0 ELSE reply_to + $3 END
WHERE topic = $1`
	receiveSQL = `
UPDATE topics SET posts = posts + $2, last_at = CASE WHEN last_at < $3 THEN $3 ELSE last_at END,
	questions = $4, record = $5, record_stamp = $6 WHERE id = $1`
	giveAwaySQL = `
UPDATE topics SET room = $2, merged_into = $3, merged_number = $4, record = '', closes_at = NULL, pinned = false, consolidated = NULL
WHERE id = $1`
	// What led here before leads on.
	leadOnSQL = `UPDATE topics SET merged_into = $2, merged_number = merged_number + $3 WHERE merged_into = $1`
	// Who has read both to the end has read the whole.
	readBothSQL = `
UPDATE reading SET number = $3 WHERE topic = $2 AND number >= $4
AND seat IN (SELECT seat FROM reading WHERE topic = $1 AND number >= $5)`
)

// What somebody has begun to answer there is answered here.
func carriedSQL() []string {
	return []string{
		`UPDATE drafts SET place = $2 WHERE place = $1 AND NOT EXISTS (SELECT 1 FROM drafts o WHERE o.seat = drafts.seat AND o.place = $2)`,
		`UPDATE attachments SET place = $2 WHERE place = $1 AND post IS NULL`,
	}
}

// Merge gives the posts of one topic to another. The addresses of posts stay,
// and that of the topic leads to the first of them.
func (s *Store) Merge(ctx context.Context, m forum.Member, from, into int64) error {
	asked, err := s.MayMerge(ctx, m, from, into)
	if err != nil {
		return err
	}
	if err := s.tightenFiles(ctx, from, asked.IntoRoom); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		a, err := writable(ctx, tx, m, from)
		if err != nil {
			return err
		}
		b, err := writable(ctx, tx, m, into)
		if err != nil {
			return err
		}
		if !forum.CanMerge(m, a.room, a.topic, b.room, b.topic) {
			return errs.New(errs.Denied, "forum_error_merge").On("into")
		}
		return s.merge(ctx, tx, m, a, b)
	})
}

func (s *Store) merge(ctx context.Context, tx *database.Tx, m forum.Member, a, b place) error {
	from, into, offset := a.topic.ID, b.topic.ID, b.topic.Posts
	record, stamp := b.topic.Record, b.topic.RecordStamp
	if record == "" {
		record, stamp = a.topic.Record, a.topic.RecordStamp
	}
	questions := strings.TrimSpace(b.topic.Questions + "\n\n" + a.topic.Questions)
	steps := []struct {
		query string
		args  []any
	}{
		{takePostsSQL, []any{from, into, offset}},
		{giveAwaySQL, []any{from, b.room.ID, into, offset + 1}},
		{leadOnSQL, []any{from, into, offset}},
		{receiveSQL, []any{into, a.topic.Posts, database.Millis(a.topic.LastAt), questions, record, stamp}},
		{readBothSQL, []any{from, into, offset + a.topic.Posts, offset, a.topic.Posts}},
	}
	for _, query := range carriedSQL() {
		steps = append(steps, struct {
			query string
			args  []any
		}{query, []any{string(forum.TopicPlace(from)), string(forum.TopicPlace(into))}})
	}
	if b.room.Policy != forum.Attributed {
		steps = append(steps, struct {
			query string
			args  []any
		}{forgetNamesSQL, []any{into}})
	}
	if err := carryMail(ctx, tx, from, a.room.ID, b.room.ID); err != nil {
		return err
	}
	for _, step := range steps {
		if _, err := tx.ExecContext(ctx, step.query, step.args...); err != nil {
			return fmt.Errorf("merge topic %d into %d: %w", from, into, err)
		}
	}
	if err := s.note(ctx, tx, m, "topic.merge", topicSubject(from), topicSubject(into)); err != nil {
		return err
	}
	if err := s.record(ctx, tx, forum.EventState, m, from, 0); err != nil {
		return err
	}
	return s.record(ctx, tx, forum.EventMove, m, into, 0)
}

// Merging is a topic, and the one that its posts would go to.
type Merging struct {
	FromRoom forum.Room
	From     forum.Topic
	IntoRoom forum.Room
	Into     forum.Topic
}

// MayMerge finds two topics that a member may merge, to be asked about before
// it is done.
func (s *Store) MayMerge(ctx context.Context, m forum.Member, from, into int64) (Merging, error) {
	a, err := readable(ctx, s.db.Reader(), m, from)
	if err != nil {
		return Merging{}, err
	}
	b, err := readable(ctx, s.db.Reader(), m, into)
	if errs.KindOf(err) == errs.NotFound || err == nil && !forum.CanMerge(m, a.room, a.topic, b.room, b.topic) {
		err = errs.New(errs.Denied, "forum_error_merge").On("into")
	}
	return Merging{a.room, a.topic, b.room, b.topic}, err
}

const topicPostsSQL = `SELECT id FROM posts WHERE topic = $1 ORDER BY number`

// PostsOf lists the posts of a topic, for an index that follows a move.
func (s *Store) PostsOf(ctx context.Context, topic int64) ([]int64, error) {
	rows, err := s.db.Reader().QueryContext(ctx, topicPostsSQL, topic)
	ids, err := collect(rows, err, func(row scanner) (id int64, err error) { return id, row.Scan(&id) })
	if err != nil {
		return nil, fmt.Errorf("list the posts of topic %d: %w", topic, err)
	}
	return ids, nil
}

const mergedSQL = `SELECT coalesce(merged_into, 0), merged_number FROM topics WHERE id = $1`

// Merged tells where the posts of a topic went: to which one, and as which
// number the first of them; 0 when they are still there.
func (s *Store) Merged(ctx context.Context, m forum.Member, topic int64) (into int64, number int, err error) {
	if _, err := readable(ctx, s.db.Reader(), m, topic); err != nil {
		return 0, 0, err
	}
	if err := s.db.Reader().QueryRowContext(ctx, mergedSQL, topic).Scan(&into, &number); err != nil {
		return 0, 0, fmt.Errorf("find where topic %d went: %w", topic, err)
	}
	return into, number, nil
}
