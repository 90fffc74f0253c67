package store

import (
	"context"
	"fmt"

	"cmc/internal/database"
)

// A seat may be told of two rooms at different times, so a topic that goes from
// one to the other takes along what each seat was told of it: what was told
// stays told, and what was not told yet is owed where the other room's cursor
// is past it.
const (
	carryToldSQL = `UPDATE mail_told SET room = $3 WHERE room = $2 AND post IN (SELECT id FROM posts WHERE topic = $1)`
	staysToldSQL = `
INSERT INTO mail_told (seat, post, room, seq)
SELECT a.seat, e.post, $3, max(e.seq) FROM events e
JOIN posts p ON p.id = e.post
JOIN mail_cursors a ON a.room = $2
LEFT JOIN mail_cursors b ON b.room = $3 AND b.seat = a.seat
WHERE p.topic = $1 AND e.kind = 'post'
GROUP BY a.seat, e.post, a.seq, b.seq HAVING max(e.seq) <= a.seq AND max(e.seq) > coalesce(b.seq, 0)
ON CONFLICT (seat, post) DO NOTHING`
	owedSQL = `
INSERT INTO mail_owed (seat, post)
SELECT b.seat, e.post FROM events e
JOIN posts p ON p.id = e.post
JOIN mail_cursors b ON b.room = $3
JOIN seats s ON s.id = b.seat AND s.created_at <= e.at
LEFT JOIN mail_cursors a ON a.room = $2 AND a.seat = b.seat
WHERE p.topic = $1 AND e.kind = 'post'
AND NOT EXISTS (SELECT 1 FROM mail_told d WHERE d.seat = b.seat AND d.post = e.post)
AND NOT EXISTS (SELECT 1 FROM subscriptions c WHERE c.seat = b.seat AND c.room = $2 AND c.cadence = 'none')
GROUP BY b.seat, e.post, a.seq, b.seq HAVING max(e.seq) > coalesce(a.seq, 0) AND max(e.seq) <= b.seq
ON CONFLICT (seat, post) DO NOTHING`
)

// carryMail notes that the posts of a topic go from one room to another; they
// are still in the first one.
func carryMail(ctx context.Context, tx *database.Tx, topic, from, to int64) error {
	if from == to {
		return nil
	}
	for _, query := range []string{carryToldSQL, staysToldSQL, owedSQL} {
		if _, err := tx.ExecContext(ctx, query, topic, from, to); err != nil {
			return fmt.Errorf("carry over whom topic %d was told: %w", topic, err)
		}
	}
	return nil
}
