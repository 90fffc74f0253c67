package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

// Reply adds a post to a topic. Sent twice with one client id, even at the
// same moment, it makes one post and returns the first.
func (s *Store) Reply(ctx context.Context, m forum.Member, topic int64, n forum.NewPost) (forum.Post, error) {
	n, err := n.Clean()
	if err != nil {
		return forum.Post{}, err
	}
	var post forum.Post
	err = s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		p, err := writable(ctx, tx, m, topic)
		if err != nil {
			return err
		}
		post, err = s.reply(ctx, tx, m, p, n, forum.TopicPlace(topic))
		return err
	})
	return post, err
}

// reply does the work on a topic that the transaction has locked. from is where
// the files of the form waited; a text that comes without its form has none.
func (s *Store) reply(ctx context.Context, tx *database.Tx, m forum.Member, p place, n forum.NewPost, from forum.DraftPlace) (forum.Post, error) {
	earlier, err := sentBefore(ctx, tx, m, n.ClientID)
	if err != nil {
		return forum.Post{}, err
	}
	if earlier.id != 0 {
		first, err := firstResult(ctx, tx, m, earlier)
		if err != nil {
			return forum.Post{}, err
		}
		if wroteOn(first, n) {
			return forum.Post{}, errs.New(errs.Conflict, "forum_error_sent_before", "Number", first.Number).On("body")
		}
		return first, dropWaiting(ctx, tx, waitingAgainSQL, m.Seat, string(from), earlier.id)
	}
	if err := s.mayPost(m, p, n); err != nil {
		return forum.Post{}, err
	}
	held, err := holds(ctx, tx, m, p.room)
	if err != nil {
		return forum.Post{}, err
	}
	id, err := s.insertPost(ctx, tx, m, p, n, held)
	if err != nil {
		return forum.Post{}, err
	}
	if n.Draft.Place == from {
		if _, err := take(ctx, tx, m, from, id); err != nil {
			return forum.Post{}, err
		}
	}
	if !held { // otherwise told of when it is let through
		if err := s.record(ctx, tx, forum.EventPost, m, p.topic.ID, id); err != nil {
			return forum.Post{}, err
		}
	}
	if err := s.settle(ctx, tx, m, p.topic.ID, n); err != nil {
		return forum.Post{}, err
	}
	if n.Consolidates && !held {
		if err := s.consolidate(ctx, tx, m, p.topic.ID, id); err != nil {
			return forum.Post{}, err
		}
	}
	return readPost(ctx, tx, m, p, id)
}

// mayPost asks the rules and names the one that says no.
func (s *Store) mayPost(m forum.Member, p place, n forum.NewPost) error {
	if !forum.CanPost(m, p.room, p.topic, s.now()) {
		if p.topic.Locked && forum.CanWrite(m, p.room) {
			return errs.New(errs.Denied, "forum_error_locked")
		}
		if p.topic.ClosedBy(s.now()) && forum.CanWrite(m, p.room) {
			return errs.New(errs.Denied, "forum_error_closed")
		}
		return denied(m)
	}
	if !forum.CanSpeakAs(m, n.Capacity) {
		return errs.New(errs.Denied, "forum_error_position").On("capacity")
	}
	if n.Consolidates && !forum.CanConsolidate(m, p.room, p.topic) {
		return errs.New(errs.Denied, "forum_error_consolidate").On("consolidates")
	}
	if n.ReplyTo > p.topic.Posts {
		return errs.New(errs.Invalid, "forum_error_reply_to", "Number", n.ReplyTo).On("reply_to")
	}
	return nil
}

type sent struct{ id, topic int64 }

const sentSQL = `SELECT id, topic FROM posts WHERE author = $1 AND client = $2`

// sentBefore finds the post that this client id made already.
func sentBefore(ctx context.Context, q querier, m forum.Member, client string) (sent, error) {
	if client == "" {
		return sent{}, nil
	}
	var s sent
	err := q.QueryRowContext(ctx, sentSQL, m.ID, client).Scan(&s.id, &s.topic)
	if errors.Is(err, sql.ErrNoRows) {
		return sent{}, nil
	}
	if err != nil {
		return sent{}, fmt.Errorf("look for an earlier sending: %w", err)
	}
	return s, nil
}

// wroteOn reports a text that is not the one its client id was used for: its
// author did not learn that the first had arrived, and went on writing.
func wroteOn(first forum.Post, n forum.NewPost) bool {
	return first.Revision == 1 && first.Body != "" && first.Body != n.Body
}

func firstResult(ctx context.Context, q querier, m forum.Member, s sent) (forum.Post, error) {
	p, err := readable(ctx, q, m, s.topic)
	if err != nil {
		return forum.Post{}, err
	}
	return readPost(ctx, q, m, p, s.id)
}

const (
	nextNumberSQL = `UPDATE topics SET posts = posts + 1, last_at = $2 WHERE id = $1 RETURNING posts`
	insertPostSQL = `
INSERT INTO posts (topic, number, reply_to, author, seat, capacity, lang, body, html, render, client, revision, created_at, held_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13) RETURNING id`
)

func (s *Store) insertPost(ctx context.Context, tx *database.Tx, m forum.Member, p place, n forum.NewPost, held bool) (int64, error) {
	now := database.Millis(s.now())
	text, err := render(ctx, tx, p.room, n.Body)
	if err != nil {
		return 0, err
	}
	var number, id int64
	if err := tx.QueryRowContext(ctx, nextNumberSQL, p.topic.ID, now).Scan(&number); err != nil {
		return 0, fmt.Errorf("number a post in topic %d: %w", p.topic.ID, err)
	}
	client := n.ClientID
	if client == "" {
		client = rand.Text()
	}
	err = tx.QueryRowContext(ctx, insertPostSQL, p.topic.ID, number, n.ReplyTo, m.ID, m.Seat, string(n.Capacity),
		n.BodyLang, n.Body, string(text.html), forum.RenderVersion, client, now, onlyIf(held, now)).Scan(&id)
	if database.IsDuplicate(err) {
		return 0, errors.Join(database.ErrAgain, err) // the same post was sent at the same moment
	}
	if err != nil {
		return 0, fmt.Errorf("write post %d of topic %d: %w", number, p.topic.ID, err)
	}
	return id, keepMentions(ctx, tx, id, text.calls, false)
}
