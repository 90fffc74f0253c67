package store

import (
	"context"
	"fmt"
	"time"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/mail"
)

// MailingOptions say how the log becomes letters.
type MailingOptions struct {
	Default forum.Cadence       // of who has not chosen
	Groups  map[string][]string // group's name → codes of its delegations
	Domain  string              // of the letters' Message-IDs
	// Put keeps a letter, in the transaction that it is given.
	Put func(context.Context, *database.Tx, mail.Waiting) error
}

// Mailing decides which seat is told of which post, and by which letter. What
// is decided and what is written down of it are one transaction, so that no
// post is told twice or never, whatever ends in between, and however many
// nodes do the same work.
//
// Two hands write letters. One follows the log and tells at once, noting in
// mail_told what it told. The other comes at the hour of digests and tells, of
// each room, what is after the seat's cursor and was not told yet; it then
// moves the cursor, and with it goes what was noted. So a room that changes
// from one cadence to another loses and repeats nothing.
type Mailing struct {
	*Store
	opt MailingOptions
}

// Mailing returns what turns this store's log into letters.
func (s *Store) Mailing(opt MailingOptions) *Mailing { return &Mailing{s, opt} }

// Recipient is who occupies a seat at this moment, and where they get mail.
type Recipient struct {
	forum.Member
	Address string

	seated  time.Time // since when there is the seat
	paused  bool
	daily   time.Time // the last digest
	weekly  time.Time
	cadence forum.Cadence // for one room
	cursor  int64         // in that room
}

const recipientsSQL = `
SELECT s.id, s.created_at, s.role, d.code, d.kind, d.names, p.id, p.name, p.lang, p.address,
	m.paused_at IS NOT NULL, coalesce(m.daily_at, 0), coalesce(m.weekly_at, 0), coalesce(c.cadence, ''), coalesce(k.seq, 0)
FROM occupancies o
JOIN seats s ON s.id = o.seat
JOIN persons p ON p.id = o.person
JOIN delegations d ON d.code = s.delegation
LEFT JOIN mail_seats m ON m.seat = s.id
LEFT JOIN subscriptions c ON c.seat = s.id AND c.room = $1
LEFT JOIN mail_cursors k ON k.seat = s.id AND k.room = $1
WHERE o.until IS NULL AND p.suspended_at IS NULL`

func (m *Mailing) scanRecipient(row scanner) (Recipient, error) {
	var r Recipient
	var seated, daily, weekly int64
	err := row.Scan(&r.Seat, &seated, &r.Role, &r.Delegation.Code, &r.Delegation.Kind, (*texts)(&r.Delegation.Names),
		&r.ID, &r.Name, &r.Lang, &r.Address, &r.paused, &daily, &weekly, &r.cadence, &r.cursor)
	r.Groups = forum.GroupsOf(r.Delegation.Code, m.opt.Groups)
	r.seated, r.daily, r.weekly = database.Time(seated), database.Time(daily), database.Time(weekly)
	if r.cadence == "" {
		r.cadence = m.opt.Default
	}
	return r, err
}

// recipients lists everybody who occupies a seat, with what they chose for a
// room.
func (m *Mailing) recipients(ctx context.Context, q querier, room int64) ([]Recipient, error) {
	rows, err := q.QueryContext(ctx, recipientsSQL+` ORDER BY s.id`, room)
	all, err := collect(rows, err, m.scanRecipient)
	if err != nil {
		return nil, fmt.Errorf("list who is told of room %d: %w", room, err)
	}
	return all, nil
}

// recipient finds who occupies a seat; false when nobody does.
func (m *Mailing) recipient(ctx context.Context, q querier, seat int64) (Recipient, bool, error) {
	rows, err := q.QueryContext(ctx, recipientsSQL+` AND s.id = $2`, 0, seat)
	found, err := collect(rows, err, m.scanRecipient)
	if err != nil {
		return Recipient{}, false, fmt.Errorf("find who occupies seat %d: %w", seat, err)
	}
	if len(found) == 0 {
		return Recipient{}, false, nil
	}
	return found[0], true, nil
}

const toldPostSQL = `SELECT topic, author FROM posts WHERE id = $1`

// tidings is a post as letters may tell of it: attributed for channels outside
// the room. Whether somebody may be told is for to to say.
type tidings struct {
	Found
	author int64
}

func (s *Store) tidings(ctx context.Context, q querier, id int64) (tidings, error) {
	var topic int64
	var n tidings
	if err := q.QueryRowContext(ctx, toldPostSQL, id).Scan(&topic, &n.author); err != nil {
		return n, fmt.Errorf("find post %d for a letter: %w", id, err)
	}
	p, err := readPlace(ctx, q, topic)
	if err != nil {
		return n, err
	}
	if n.Post, err = scanPost(q.QueryRowContext(ctx, postSQL, id), forum.Member{}, p.room, forum.Elsewhere); err != nil {
		return n, fmt.Errorf("read post %d for a letter: %w", id, err)
	}
	p.topic.Author = forum.Attribute(p.room.Policy, forum.Elsewhere, p.topic.Author)
	n.Room, n.Topic = p.room, p.topic
	return n, nil
}

// to reports whether a member may be told: not when they may not read it, when
// nobody may at present, or when they wrote it.
func (n tidings) to(m forum.Member) bool {
	return n.author != m.ID && !n.Topic.Held && !n.Post.Withheld() &&
		forum.CanReadTopic(m, n.Room, n.Topic) && forum.CanReadPost(m, n.Room, n.Post)
}
