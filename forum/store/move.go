package store

import (
	"context"
	"fmt"
	"io"

	"cmc/forum"
	"cmc/forum/attach"
	"cmc/internal/database"
	"cmc/internal/errs"
)

const (
	moveSQL = `UPDATE topics SET room = $2 WHERE id = $1`
	// Where persons are not named, nobody is called by name.
	forgetNamesSQL = `DELETE FROM mentions WHERE person IS NOT NULL AND post IN (SELECT id FROM posts WHERE topic = $1)`
)

// Move takes a topic to another room. Its address and its posts' stay.
func (s *Store) Move(ctx context.Context, m forum.Member, topic int64, slug string) error {
	to, err := s.mayMove(ctx, m, topic, slug)
	if err != nil {
		return err
	}
	// Documents first: a file that names persons must not arrive.
	if err := s.tightenFiles(ctx, topic, to); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		p, err := writable(ctx, tx, m, topic)
		if err != nil {
			return err
		}
		if to, err = readableRoom(ctx, tx, m, slug); err != nil {
			return err
		}
		if !forum.CanMove(m, p.room, to) || p.topic.MergedInto != 0 {
			return errs.New(errs.Denied, "forum_error_move").On("room")
		}
		if other, err := recordTopic(ctx, tx, to, p.topic.Record); err != nil || other != 0 {
			if err == nil {
				err = errs.New(errs.Conflict, "forum_error_move_record").On("room")
			}
			return err
		}
		return s.move(ctx, tx, m, p, to)
	})
}

func (s *Store) move(ctx context.Context, tx *database.Tx, m forum.Member, p place, to forum.Room) error {
	if err := carryMail(ctx, tx, p.topic.ID, p.room.ID, to.ID); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, moveSQL, p.topic.ID, to.ID); err != nil {
		return fmt.Errorf("move topic %d to room %q: %w", p.topic.ID, to.Slug, err)
	}
	if to.Policy != forum.Attributed {
		if _, err := tx.ExecContext(ctx, forgetNamesSQL, p.topic.ID); err != nil {
			return fmt.Errorf("forget whom topic %d calls by name: %w", p.topic.ID, err)
		}
	}
	if err := s.note(ctx, tx, m, "topic.move", topicSubject(p.topic.ID), p.room.Slug+" → "+to.Slug); err != nil {
		return err
	}
	return s.record(ctx, tx, forum.EventMove, m, p.topic.ID, 0)
}

func (s *Store) mayMove(ctx context.Context, m forum.Member, topic int64, slug string) (forum.Room, error) {
	p, err := readable(ctx, s.db.Reader(), m, topic)
	if err != nil {
		return forum.Room{}, err
	}
	to, err := readableRoom(ctx, s.db.Reader(), m, slug)
	if err == nil && !forum.CanMove(m, p.room, to) {
		err = errs.New(errs.Denied, "forum_error_move").On("room")
	}
	return to, err
}

const (
	topicFilesSQL = `SELECT a.id, a.name, a.size, a.sha256 FROM attachments a JOIN posts p ON p.id = a.post
WHERE p.topic = $1 AND a.removed_at IS NULL AND a.width = 0 ORDER BY a.id`
	replaceFileSQL = `UPDATE attachments SET sha256 = $2, size = $3 WHERE id = $1 AND sha256 = $4`
)

// tightenFiles takes out of a topic's documents who worked on them, where the
// room that they go to names no persons.
func (s *Store) tightenFiles(ctx context.Context, topic int64, to forum.Room) error {
	if to.Policy == forum.Attributed {
		return nil
	}
	rows, err := s.db.Reader().QueryContext(ctx, topicFilesSQL, topic)
	all, err := collect(rows, err, func(row scanner) (v FileView, err error) {
		return v, row.Scan(&v.ID, &v.Name, &v.Size, &v.SHA256)
	})
	if err != nil {
		return fmt.Errorf("list the files of topic %d: %w", topic, err)
	}
	for _, v := range all {
		data, err := io.ReadAll(s.Content(ctx, v))
		if err != nil {
			return fmt.Errorf("read file %d: %w", v.ID, err)
		}
		clean, err := attach.Accept(v.Name, data, true)
		if err != nil {
			return fmt.Errorf("clean file %d: %w", v.ID, err)
		}
		if clean.SHA256 == v.SHA256 {
			continue
		}
		if err := s.replaceFile(ctx, v, clean); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) replaceFile(ctx context.Context, v FileView, clean attach.File) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		if err := keepPieces(ctx, tx, clean); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, replaceFileSQL, v.ID, clean.SHA256, len(clean.Data), v.SHA256); err != nil {
			return fmt.Errorf("replace file %d: %w", v.ID, err)
		}
		return sweepPieces(ctx, tx, v.SHA256)
	})
}
