package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"cmc/forum"
	"cmc/internal/mail"
)

// Told is what a letter tells at the moment when it leaves.
type Told struct {
	Recipient
	Posts []ToldPost
	More  int // posts that are too many for one letter
}

// ToldPost is one post of a letter, attributed for channels outside the room.
type ToldPost struct {
	Found
	First    int64 // the topic's first post
	Answered int64 // the post that it answers, or 0
}

// Told reads what a letter that waits may tell now, and to whom: to nobody of
// what was taken back, or of a room that they cannot read any more or want no
// mail of. mail.ErrNothing when nothing is left.
func (m *Mailing) Told(ctx context.Context, w mail.Waiting) (Told, error) {
	q := m.db.Reader()
	r, ok, err := m.recipient(ctx, q, w.Seat)
	if err != nil {
		return Told{}, err
	}
	if !ok || r.paused && w.Kind != LetterTest {
		return Told{}, mail.ErrNothing
	}
	t := Told{Recipient: r}
	if w.Kind == LetterTest {
		return t, nil
	}
	var about About
	if err := json.Unmarshal(w.About, &about); err != nil {
		return Told{}, fmt.Errorf("read what letter %d tells of: %w", w.ID, err)
	}
	silent, err := m.silent(ctx, q, w.Seat)
	if err != nil {
		return Told{}, err
	}
	t.More = about.More
	for _, id := range about.Posts {
		news, err := m.tidings(ctx, q, id)
		if err != nil {
			return Told{}, err
		}
		if !news.to(r.Member) || silent[news.Room.ID] {
			continue
		}
		post := ToldPost{Found: news.Found}
		if post.First, post.Answered, err = conversation(ctx, q, news.Post); err != nil {
			return Told{}, err
		}
		t.Posts = append(t.Posts, post)
	}
	if len(t.Posts) == 0 {
		return Told{}, mail.ErrNothing
	}
	return t, nil
}

// silent lists the rooms of which a seat wants no mail.
func (m *Mailing) silent(ctx context.Context, q querier, seat int64) (map[int64]bool, error) {
	all, err := m.choices(ctx, q, seat)
	silent := map[int64]bool{}
	for _, c := range all {
		silent[c.room.ID] = m.of(c.cadence) == forum.Never
	}
	return silent, err
}

const numberedSQL = `SELECT id FROM posts WHERE topic = $1 AND number = $2`

// conversation finds the post with which a post's topic began and the one that
// it answers, so that a mail program shows them together.
func conversation(ctx context.Context, q querier, p forum.Post) (first, answered int64, err error) {
	for _, one := range []struct {
		number int
		id     *int64
	}{{1, &first}, {p.ReplyTo, &answered}} {
		err := q.QueryRowContext(ctx, numberedSQL, p.Topic, one.number).Scan(one.id)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return 0, 0, fmt.Errorf("find post %d of topic %d: %w", one.number, p.Topic, err)
		}
	}
	return first, answered, nil
}
