package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

// How far a topic was read belongs to the seat, so that whoever takes the seat
// over goes on where the other stopped. It is one number: all posts up to it
// are read. Nobody but the seat ever sees it.

const readSQL = `SELECT number FROM reading WHERE seat = $1 AND topic = $2`

// ReadUpTo returns the number of the highest post of a topic that the member's
// seat has read, 0 when there is none. A visitor reads without a mark.
func (s *Store) ReadUpTo(ctx context.Context, m forum.Member, topic int64) (int, error) {
	if !m.SignedIn() {
		return 0, nil
	}
	var number int
	err := s.db.Reader().QueryRowContext(ctx, readSQL, m.Seat, topic).Scan(&number)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("read how far seat %d read topic %d: %w", m.Seat, topic, err)
	}
	return number, nil
}

const markSQL = `
INSERT INTO reading (seat, topic, number, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (seat, topic) DO UPDATE SET number = excluded.number, at = excluded.at WHERE reading.number < excluded.number`

// MarkRead notes that the member's seat has read a topic up to a post. A mark
// only ever moves forward.
func (s *Store) MarkRead(ctx context.Context, m forum.Member, topic int64, number int) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		p, err := readableSeated(ctx, tx, m, topic)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, markSQL, m.Seat, topic, min(number, p.topic.Posts), database.Millis(s.now())); err != nil {
			return fmt.Errorf("mark topic %d as read: %w", topic, err)
		}
		return nil
	})
}

// readableSeated reads a topic for a member whose rights are asked anew.
func readableSeated(ctx context.Context, tx *database.Tx, m forum.Member, topic int64) (place, error) {
	if err := seated(ctx, tx, m); err != nil {
		return place{}, err
	}
	return readable(ctx, tx, m, topic)
}

const ownPostSQL = `
INSERT INTO reading (seat, topic, number, at)
SELECT $1, t.id, t.posts, $3 FROM topics t WHERE t.id = $2
AND t.posts - 1 = coalesce((SELECT r.number FROM reading r WHERE r.seat = $1 AND r.topic = t.id), 0)
ON CONFLICT (seat, topic) DO UPDATE SET number = excluded.number, at = excluded.at`

// readOwnPost counts the post that was just added as read by its own seat,
// where the seat had read all before it. What others wrote meanwhile stays
// unread.
func (s *Store) readOwnPost(ctx context.Context, tx *database.Tx, m forum.Member, topic int64) error {
	if _, err := tx.ExecContext(ctx, ownPostSQL, m.Seat, topic, database.Millis(s.now())); err != nil {
		return fmt.Errorf("mark an own post of topic %d as read: %w", topic, err)
	}
	return nil
}

// settle brings what a seat keeps of a topic in line with a post that it has
// just added.
func (s *Store) settle(ctx context.Context, tx *database.Tx, m forum.Member, topic int64, n forum.NewPost) error {
	if err := s.readOwnPost(ctx, tx, m, topic); err != nil {
		return err
	}
	return settleDraft(ctx, tx, m, n.Draft, n.ClientID)
}

const unreadAgainSQL = `
UPDATE reading SET number = $2 - 1 WHERE topic = $1 AND number >= $2
AND seat <> (SELECT seat FROM posts WHERE topic = $1 AND number = $2)`

// unreadAgain makes a post, and what follows it, unread to everybody but its
// own seat: its text could not be read when its place was passed.
func unreadAgain(ctx context.Context, tx *database.Tx, topic int64, number int) error {
	if _, err := tx.ExecContext(ctx, unreadAgainSQL, topic, number); err != nil {
		return fmt.Errorf("make post %d of topic %d unread: %w", number, topic, err)
	}
	return nil
}

// markAllSQL leaves unread what came after event $2: it was not yet in sight
// when the reader decided.
const markAllSQL = `
INSERT INTO reading (seat, topic, number, at)
SELECT $1, t.id, t.posts - coalesce(later.posts, 0), $3 FROM topics t
LEFT JOIN (SELECT e.topic, count(*) AS posts FROM events e WHERE e.seq > $2 AND e.kind = 'post' GROUP BY e.topic) later ON later.topic = t.id
LEFT JOIN reading r ON r.topic = t.id AND r.seat = $1
WHERE t.room IN (ROOMS) AND t.merged_into IS NULL AND t.posts - coalesce(later.posts, 0) > coalesce(r.number, 0)
ON CONFLICT (seat, topic) DO UPDATE SET number = excluded.number, at = excluded.at WHERE reading.number < excluded.number`

// MarkAllRead notes that the member's seat has read everything in a room, or
// in all rooms when slug is empty, up to the event seq.
func (s *Store) MarkAllRead(ctx context.Context, m forum.Member, slug string, seq int64) error {
	views, err := s.Rooms(ctx, m)
	if err != nil {
		return err
	}
	if slug != "" {
		views = slices.DeleteFunc(views, func(v RoomView) bool { return v.Slug != slug })
	}
	if len(views) == 0 {
		return hidden(m)
	}
	marks, args := roomMarks(views, []any{m.Seat, seq, database.Millis(s.now())})
	query := strings.Replace(markAllSQL, "ROOMS", marks, 1)
	return s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		if err := seated(ctx, tx, m); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return fmt.Errorf("mark rooms as read: %w", err)
		}
		return nil
	})
}

const unreadOfRoomSQL = `
SELECT t.id, t.posts - coalesce(r.number, 0) FROM topics t
LEFT JOIN reading r ON r.topic = t.id AND r.seat = $1
WHERE t.room = $2 AND t.posts > coalesce(r.number, 0) AND t.merged_into IS NULL`

// Unread returns how many posts of each topic in a room the member's seat has
// not read; topics that it has read to the end are not in it. The caller has
// asked for the room, and so may the member.
func (s *Store) Unread(ctx context.Context, m forum.Member, room forum.Room) (map[int64]int, error) {
	if !m.SignedIn() || !forum.CanRead(m, room) {
		return nil, nil
	}
	rows, err := s.db.Reader().QueryContext(ctx, unreadOfRoomSQL, m.Seat, room.ID)
	type pair struct {
		topic int64
		count int
	}
	all, err := collect(rows, err, func(row scanner) (p pair, err error) { return p, row.Scan(&p.topic, &p.count) })
	if err != nil {
		return nil, fmt.Errorf("count what is unread in room %q: %w", room.Slug, err)
	}
	unread := make(map[int64]int, len(all))
	for _, p := range all {
		unread[p.topic] = p.count
	}
	return unread, nil
}

// isHidden reports the answer for what is not there or may not be known of.
func isHidden(err error) bool {
	return errs.KindOf(err) == errs.NotFound || errs.KindOf(err) == errs.Unauthenticated
}

// UnreadCount is how much of something a seat has not read.
type UnreadCount struct{ Topics, Posts int }

// The rule of forum.CanReadTopic for a held topic, within rooms that were asked
// for.
const unreadByRoomSQL = `
SELECT t.room, count(*), sum(t.posts - coalesce(rd.number, 0)) FROM topics t
LEFT JOIN reading rd ON rd.topic = t.id AND rd.seat = $1
WHERE t.posts > coalesce(rd.number, 0) AND t.merged_into IS NULL
AND (t.held_at IS NULL OR t.author = $2 OR t.seat = $1 OR $3) GROUP BY t.room`

// UnreadByRoom counts, by the id of the room, what the member's seat has not
// read in rooms that the member may read.
func (s *Store) UnreadByRoom(ctx context.Context, m forum.Member, rooms []RoomView) (map[int64]UnreadCount, error) {
	if !m.SignedIn() {
		return nil, nil
	}
	rows, err := s.db.Reader().QueryContext(ctx, unreadByRoomSQL, m.Seat, m.ID, m.Secretariat())
	type line struct {
		room int64
		UnreadCount
	}
	all, err := collect(rows, err, func(row scanner) (l line, err error) { return l, row.Scan(&l.room, &l.Topics, &l.Posts) })
	if err != nil {
		return nil, fmt.Errorf("count what seat %d has not read: %w", m.Seat, err)
	}
	counts := map[int64]UnreadCount{}
	for _, l := range all {
		if slices.ContainsFunc(rooms, func(v RoomView) bool { return v.ID == l.room && forum.CanRead(m, v.Room) }) {
			counts[l.room] = l.UnreadCount
		}
	}
	return counts, nil
}
