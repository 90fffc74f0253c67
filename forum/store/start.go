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

// Start starts a topic with its first post. Sent twice with one client id it
// makes one topic. With Record set there is at most one such topic in the
// room: whoever comes second adds a post to it, and gets that topic; an empty
// body then adds nothing.
func (s *Store) Start(ctx context.Context, m forum.Member, n forum.NewTopic) (forum.Topic, error) {
	n, err := n.Clean()
	if err != nil {
		return forum.Topic{}, err
	}
	var topic forum.Topic
	err = s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		topic, err = s.start(ctx, tx, m, n)
		return err
	})
	return topic, err
}

func (s *Store) start(ctx context.Context, tx *database.Tx, m forum.Member, n forum.NewTopic) (forum.Topic, error) {
	if err := seated(ctx, tx, m); err != nil {
		return forum.Topic{}, err
	}
	earlier, err := sentBefore(ctx, tx, m, n.ClientID)
	if err != nil {
		return forum.Topic{}, err
	}
	if earlier.id != 0 {
		at := startedAt(forum.Room{Slug: n.Room}, n)
		if err := dropWaiting(ctx, tx, waitingAgainSQL, m.Seat, string(at), earlier.id); err != nil {
			return forum.Topic{}, err
		}
		p, err := readable(ctx, tx, m, earlier.topic)
		return p.topic, err
	}
	room, err := readableRoom(ctx, tx, m, n.Room)
	if err != nil {
		return forum.Topic{}, err
	}
	topic, err := recordTopic(ctx, tx, room, n.Record)
	if err != nil {
		return forum.Topic{}, err
	}
	if topic == 0 {
		if topic, err = s.open(ctx, tx, m, room, n); err != nil {
			return forum.Topic{}, err
		}
	}
	if n.Body != "" {
		p, err := writable(ctx, tx, m, topic)
		if err != nil {
			return forum.Topic{}, err
		}
		if _, err := s.reply(ctx, tx, m, p, n.NewPost, startedAt(room, n)); err != nil {
			return forum.Topic{}, err
		}
	}
	p, err := readPlace(ctx, tx, topic)
	return p.topic, err
}

// startedAt is where the form of a new topic stood.
func startedAt(room forum.Room, n forum.NewTopic) forum.DraftPlace {
	if n.Record != "" {
		return forum.RecordPlace(n.Record)
	}
	return forum.RoomPlace(room.Slug)
}

const recordTopicSQL = `SELECT id FROM topics WHERE room = $1 AND record = $2 AND record <> ''`

// recordTopic finds the topic of a record in a room, or 0.
func recordTopic(ctx context.Context, q querier, room forum.Room, record string) (int64, error) {
	var id int64
	err := q.QueryRowContext(ctx, recordTopicSQL, room.ID, record).Scan(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("look for the topic of record %q: %w", record, err)
	}
	return id, nil
}

const insertTopicSQL = `
INSERT INTO topics (room, kind, title, lang, record, author, seat, locked, pinned, posts, created_at, last_at, closes_at, held_at, questions, record_stamp)
VALUES ($1, $2, $3, $4, $5, $6, $7, false, false, 0, $8, $8, $9, $10, $11, $12) RETURNING id`

// open makes the topic itself. It waits with its first post where that will be
// held.
func (s *Store) open(ctx context.Context, tx *database.Tx, m forum.Member, room forum.Room, n forum.NewTopic) (int64, error) {
	if !forum.CanStart(m, room, n.Kind) {
		return 0, denied(m)
	}
	if !forum.CanSpeakAs(m, n.Capacity) {
		return 0, errs.New(errs.Denied, "forum_error_position").On("capacity")
	}
	if err := s.unlessPast(n); err != nil {
		return 0, err
	}
	held, err := holds(ctx, tx, m, room)
	if err != nil {
		return 0, err
	}
	held = held && n.Body != ""
	now := database.Millis(s.now())
	var id int64
	err = tx.QueryRowContext(ctx, insertTopicSQL, room.ID, string(n.Kind), n.Title, n.Lang, n.Record, m.ID, m.Seat,
		now, onlyIf(!n.ClosesAt.IsZero(), database.Millis(n.ClosesAt)), onlyIf(held, now),
		n.Questions, n.Stamp).Scan(&id)
	if database.IsDuplicate(err) {
		return 0, errors.Join(database.ErrAgain, err) // two started the topic of one record at once
	}
	if err != nil {
		return 0, fmt.Errorf("start a topic in room %q: %w", room.Slug, err)
	}
	if held {
		return id, nil // told of when it is let through
	}
	return id, s.record(ctx, tx, forum.EventTopic, m, id, 0)
}
