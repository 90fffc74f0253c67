package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/mail"
)

// The kinds of letter.
const (
	LetterInstant = "instant"
	LetterDigest  = "digest"
	LetterTest    = mail.KindTest
)

// About is what a letter tells of, as it is kept until it leaves.
type About struct {
	Posts []int64 `json:"posts"`
	More  int     `json:"more,omitempty"` // posts that are too many for one letter
}

const (
	positionSQL    = `SELECT seq FROM mail_positions WHERE name = 'instant'`
	setPositionSQL = `
INSERT INTO mail_positions (name, seq) VALUES ('instant', $1) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq`
)

// Position is the seq of the last event that letters were written of at once.
func (m *Mailing) Position(ctx context.Context) (int64, error) { return position(ctx, m.db.Reader()) }

func position(ctx context.Context, q querier) (int64, error) {
	var seq int64
	err := q.QueryRowContext(ctx, positionSQL).Scan(&seq)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("read how far letters were written: %w", err)
	}
	return seq, nil
}

// Tell writes the letters that an event asks for at once, and returns how many.
// Events come in order; one that was dealt with already, here or on another
// node, asks for none.
func (m *Mailing) Tell(ctx context.Context, e forum.Event) (letters int, err error) {
	if e.Kind != forum.EventPost || e.Post == 0 || e.At.Before(m.now().Add(-mail.KeepTrying)) {
		return 0, nil // what is that old is left to the digest
	}
	err = m.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		letters = 0
		at, err := position(ctx, tx)
		if err != nil || at >= e.Seq {
			return err
		}
		if _, err := tx.ExecContext(ctx, setPositionSQL, e.Seq); err != nil {
			return fmt.Errorf("note that event %d was told: %w", e.Seq, err)
		}
		letters, err = m.tell(ctx, tx, e)
		return err
	})
	return letters, err
}

func (m *Mailing) tell(ctx context.Context, tx *database.Tx, e forum.Event) (letters int, err error) {
	news, err := m.tidings(ctx, tx, e.Post)
	if err != nil {
		return 0, err
	}
	called, err := m.named(ctx, tx, news)
	if err != nil {
		return 0, err
	}
	room := news.Room.ID // the topic may have been moved since
	all, err := m.recipients(ctx, tx, room)
	if err != nil {
		return 0, err
	}
	for _, r := range all {
		wanted := !r.paused && (r.cadence == forum.Instant || r.cadence != forum.Never && called.urgent(r.Member))
		if !wanted || r.cursor >= e.Seq || e.At.Before(r.seated) || !news.to(r.Member) {
			continue
		}
		wrote, err := m.tellAtOnce(ctx, tx, r, e, room)
		if err != nil {
			return 0, err
		}
		letters += wrote
	}
	return letters, nil
}

const toldSQL = `INSERT INTO mail_told (seat, post, room, seq) VALUES ($1, $2, $3, $4) ON CONFLICT (seat, post) DO NOTHING`

func (m *Mailing) tellAtOnce(ctx context.Context, tx *database.Tx, r Recipient, e forum.Event, room int64) (int, error) {
	result, err := tx.ExecContext(ctx, toldSQL, r.Seat, e.Post, room, e.Seq)
	if err != nil {
		return 0, fmt.Errorf("note that seat %d was told of post %d: %w", r.Seat, e.Post, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return 0, err
	}
	about, err := json.Marshal(About{Posts: []int64{e.Post}})
	if err != nil {
		return 0, fmt.Errorf("write down what a letter tells of: %w", err)
	}
	return 1, m.opt.Put(ctx, tx, mail.Waiting{
		Message: m.MessageOf(e.Post), Seat: r.Seat, Person: r.ID, Kind: LetterInstant,
		About: about, Room: room, CreatedAt: m.now(),
	})
}

// MessageOf is the Message-ID of the letter that tells of one post: the same
// for everybody, as on a mailing list, so that answers join the conversation.
func (m *Mailing) MessageOf(post int64) string { return fmt.Sprintf("post-%d@%s", post, m.opt.Domain) }

// naming is whom a post calls: everybody when it begins a circular.
type naming struct {
	everybody   bool
	persons     map[int64]bool
	delegations map[string]bool
}

func (n naming) urgent(m forum.Member) bool {
	return n.everybody || n.persons[m.ID] || n.delegations[m.Delegation.Code]
}

const namedSQL = `SELECT coalesce(person, 0), coalesce(delegation, '') FROM mentions WHERE post = $1`

func (m *Mailing) named(ctx context.Context, q querier, news tidings) (naming, error) {
	n := naming{
		everybody: news.Topic.Kind == forum.Circular && news.Post.Number == 1,
		persons:   map[int64]bool{}, delegations: map[string]bool{},
	}
	rows, err := q.QueryContext(ctx, namedSQL, news.Post.ID)
	_, err = collect(rows, err, func(row scanner) (struct{}, error) {
		var person int64
		var delegation string
		err := row.Scan(&person, &delegation)
		n.persons[person], n.delegations[delegation] = person != 0, delegation != ""
		return struct{}{}, err
	})
	if err != nil {
		return n, fmt.Errorf("read whom post %d names: %w", news.Post.ID, err)
	}
	return n, nil
}
