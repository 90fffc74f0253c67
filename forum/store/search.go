package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"cmc/forum"
)

// Found is a post as search may know it: attributed for channels outside the
// room, with the audience that may find it. Nothing of a removed post is left
// but Post.Removed, and nothing of one that is withheld.
type Found struct {
	Room  forum.Room
	Topic forum.Topic
	Post  forum.Post
	Files []FoundFile
}

// FoundFile is a post's file with what search may read of it.
type FoundFile struct {
	ID         int64
	Name, Text string
}

const foundSQL = `SELECT id FROM posts WHERE id > $1 ORDER BY id LIMIT $2`

// EachPost calls do with every post, by id, for an index that is built anew.
func (s *Store) EachPost(ctx context.Context, do func(Found) error) error {
	const batch = 500
	var last int64
	for {
		rows, err := s.db.Reader().QueryContext(ctx, foundSQL, last, batch)
		ids, err := collect(rows, err, func(row scanner) (id int64, err error) { return id, row.Scan(&id) })
		if err != nil {
			return fmt.Errorf("list the posts after %d: %w", last, err)
		}
		for _, id := range ids {
			found, ok, err := s.Find(ctx, id)
			if err != nil {
				return err
			}
			if ok {
				if err := do(found); err != nil {
					return err
				}
			}
			last = id
		}
		if len(ids) < batch {
			return nil
		}
	}
}

// Find returns one post for search, and false if there is none.
func (s *Store) Find(ctx context.Context, id int64) (Found, bool, error) {
	var nobody forum.Member
	q := s.db.Reader()
	var topic int64
	err := q.QueryRowContext(ctx, topicOfPostSQL, id).Scan(&topic)
	if errors.Is(err, sql.ErrNoRows) {
		return Found{}, false, nil
	}
	if err != nil {
		return Found{}, false, fmt.Errorf("find post %d: %w", id, err)
	}
	p, err := readPlace(ctx, q, topic)
	if err != nil {
		return Found{}, false, err
	}
	post, err := scanPost(q.QueryRowContext(ctx, postSQL, id), nobody, p.room, forum.Elsewhere)
	if err != nil {
		return Found{}, false, fmt.Errorf("read post %d: %w", id, err)
	}
	p.topic.Author = forum.Attribute(p.room.Policy, forum.Elsewhere, p.topic.Author)
	found := Found{Room: p.room, Topic: p.topic, Post: post}
	if !post.Withheld() {
		found.Files, err = foundFiles(ctx, q, id)
	}
	return found, true, err
}
