package store

import (
	"context"
	"fmt"
	"time"

	"cmc/internal/database"
)

// maxDigest is how many posts one letter tells of; of more it gives the number.
const maxDigest = 100

// tellFor is how old news may be: whoever takes a seat that was empty for a year
// reads what is new in the rooms.
const tellFor = 30 * 24 * time.Hour

// A held post has one event when it was written and one when it was let
// through: the last counts.
const untoldSQL = `
SELECT e.post, t.room, max(e.seq) FROM events e
JOIN posts p ON p.id = e.post
JOIN topics t ON t.id = p.topic
WHERE e.seq > $1 AND e.seq <= $2 AND e.kind = 'post' AND e.at >= $3
AND NOT EXISTS (SELECT 1 FROM mail_told d WHERE d.seat = $4 AND d.post = e.post)
GROUP BY e.post, t.room ORDER BY max(e.seq)`

const (
	owingSQL = `
SELECT o.post, t.room, 0 FROM mail_owed o
JOIN posts p ON p.id = o.post
JOIN topics t ON t.id = p.topic
WHERE o.seat = $1 ORDER BY o.post`
	paidSQL = `DELETE FROM mail_owed WHERE seat = $1 AND post = $2`
)

// untold is a post that waits to be told; its seq is 0 when it is owed.
type untold struct{ post, room, seq int64 }

func scanUntold(row scanner) (u untold, err error) { return u, row.Scan(&u.post, &u.room, &u.seq) }

// gather lists what is to be told of the rooms behind their cursors.
func (d *digest) gather(ctx context.Context, tx *database.Tx, cursors map[int64]int64) (About, error) {
	from := d.head
	for _, cursor := range cursors {
		from = min(from, cursor)
	}
	since := d.seated
	if oldest := d.now().Add(-tellFor); since.Before(oldest) {
		since = oldest
	}
	rows, err := tx.QueryContext(ctx, untoldSQL, from, d.head, database.Millis(since), d.Seat)
	all, err := collect(rows, err, scanUntold)
	if err != nil {
		return About{}, fmt.Errorf("list what seat %d was not told: %w", d.Seat, err)
	}
	var about About
	owed, err := d.owed(ctx, tx, cursors)
	if err != nil {
		return About{}, err
	}
	for _, u := range append(owed, all...) {
		cursor, due := cursors[u.room]
		if !due || u.seq != 0 && u.seq <= cursor {
			continue
		}
		if len(about.Posts) == maxDigest {
			about.More++
			continue
		}
		news, err := d.tidings(ctx, tx, u.post)
		if err != nil {
			return About{}, err
		}
		if news.to(d.Member) {
			about.Posts = append(about.Posts, u.post)
		}
	}
	return about, nil
}

// owed takes what is owed to the seat of rooms that are due.
func (d *digest) owed(ctx context.Context, tx *database.Tx, cursors map[int64]int64) ([]untold, error) {
	rows, err := tx.QueryContext(ctx, owingSQL, d.Seat)
	all, err := collect(rows, err, scanUntold)
	if err != nil {
		return nil, fmt.Errorf("list what is owed to seat %d: %w", d.Seat, err)
	}
	due := all[:0]
	for _, u := range all {
		if _, ok := cursors[u.room]; !ok {
			continue
		}
		if _, err := tx.ExecContext(ctx, paidSQL, d.Seat, u.post); err != nil {
			return nil, fmt.Errorf("note that post %d is owed no more: %w", u.post, err)
		}
		due = append(due, u)
	}
	return due, nil
}

const (
	advanceSQL = `
INSERT INTO mail_cursors (seat, room, seq) VALUES ($1, $2, $3) ON CONFLICT (seat, room) DO UPDATE SET seq = excluded.seq`
	forgetToldSQL = `DELETE FROM mail_told WHERE seat = $1 AND room = $2 AND seq <= $3`
)

// advance moves a cursor, and forgets what was noted behind it.
func (d *digest) advance(ctx context.Context, tx *database.Tx, room int64) error {
	for _, query := range []string{advanceSQL, forgetToldSQL} {
		if _, err := tx.ExecContext(ctx, query, d.Seat, room, d.head); err != nil {
			return fmt.Errorf("note that seat %d was told of room %d: %w", d.Seat, room, err)
		}
	}
	return nil
}
