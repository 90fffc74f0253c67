package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/mail"
)

// Hours are when the last digests were due.
type Hours struct{ Daily, Weekly time.Time }

const digestSeatsSQL = `
SELECT s.id FROM occupancies o
JOIN seats s ON s.id = o.seat
JOIN persons p ON p.id = o.person
LEFT JOIN mail_seats m ON m.seat = s.id
WHERE o.until IS NULL AND p.suspended_at IS NULL AND s.created_at < $1 AND coalesce(m.daily_at, 0) < $1 ORDER BY s.id`

// Undigested lists the seats whose digest of this hour is still to be written.
func (m *Mailing) Undigested(ctx context.Context, due Hours) ([]int64, error) {
	rows, err := m.db.Reader().QueryContext(ctx, digestSeatsSQL, database.Millis(due.Daily))
	seats, err := collect(rows, err, func(row scanner) (id int64, err error) { return id, row.Scan(&id) })
	if err != nil {
		return nil, fmt.Errorf("list the seats that wait for a digest: %w", err)
	}
	return seats, nil
}

// Digest writes a seat's digest of this hour, if it is still to be written and
// there is anything to tell, and reports whether there was.
func (m *Mailing) Digest(ctx context.Context, seat int64, due Hours) (wrote bool, err error) {
	err = m.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		wrote = false
		r, ok, err := m.recipient(ctx, tx, seat)
		if err != nil || !ok || !r.daily.Before(due.Daily) || !r.seated.Before(due.Daily) {
			return err
		}
		d := digest{Mailing: m, Recipient: r, weekly: r.weekly.Before(due.Weekly) && r.seated.Before(due.Weekly)}
		if err := d.noteHour(ctx, tx); err != nil || r.paused {
			return err
		}
		wrote, err = d.write(ctx, tx)
		return err
	})
	return wrote, err
}

// digest is the work on one seat's.
type digest struct {
	*Mailing
	Recipient
	weekly bool  // the weekly rooms are due too
	head   int64 // up to where the log is told
}

const hourSQL = `
INSERT INTO mail_seats (seat, daily_at, weekly_at) VALUES ($1, $2, $3)
ON CONFLICT (seat) DO UPDATE SET daily_at = excluded.daily_at, weekly_at = excluded.weekly_at`

func (d *digest) noteHour(ctx context.Context, tx *database.Tx) error {
	now := d.now()
	weekly := d.Recipient.weekly
	if d.weekly {
		weekly = now
	}
	if _, err := tx.ExecContext(ctx, hourSQL, d.Seat, database.Millis(now), database.Millis(weekly)); err != nil {
		return fmt.Errorf("note the digest of seat %d: %w", d.Seat, err)
	}
	return nil
}

func (d *digest) write(ctx context.Context, tx *database.Tx) (bool, error) {
	if err := tx.QueryRowContext(ctx, headSQL).Scan(&d.head); err != nil {
		return false, fmt.Errorf("read the head of the event log: %w", err)
	}
	cursors, err := d.dueRooms(ctx, tx)
	if err != nil || len(cursors) == 0 {
		return false, err
	}
	about, err := d.gather(ctx, tx, cursors)
	if err != nil {
		return false, err
	}
	for room, cursor := range cursors {
		if cursor == d.head {
			continue
		}
		if err := d.advance(ctx, tx, room); err != nil {
			return false, err
		}
	}
	if len(about.Posts) == 0 {
		return false, nil
	}
	text, err := json.Marshal(about)
	if err != nil {
		return false, fmt.Errorf("write down what a digest tells of: %w", err)
	}
	return true, d.opt.Put(ctx, tx, mail.Waiting{
		Message: fmt.Sprintf("digest-%d-%d@%s", d.Seat, d.head, d.opt.Domain), Seat: d.Seat, Person: d.ID,
		Kind: LetterDigest, About: text, CreatedAt: d.now(),
	})
}

const choicesSQL = `SELECT ` + roomColumns + `, coalesce(c.cadence, ''), coalesce(k.seq, 0) FROM rooms r
LEFT JOIN subscriptions c ON c.room = r.id AND c.seat = $1
LEFT JOIN mail_cursors k ON k.room = r.id AND k.seat = $1
ORDER BY r.archived, r.position, r.slug`

// choice is what a seat chose for a room, and how far it was told.
type choice struct {
	room    forum.Room
	cadence forum.Cadence // empty: the default
	cursor  int64
}

func (m *Mailing) choices(ctx context.Context, q querier, seat int64) ([]choice, error) {
	rows, err := q.QueryContext(ctx, choicesSQL, seat)
	all, err := collect(rows, err, func(row scanner) (c choice, err error) {
		return c, row.Scan(append(roomTargets(&c.room), &c.cadence, &c.cursor)...)
	})
	if err != nil {
		return nil, fmt.Errorf("read what seat %d chose: %w", seat, err)
	}
	return all, nil
}

// of is what applies: a choice, or the default.
func (m *Mailing) of(c forum.Cadence) forum.Cadence {
	if c == "" {
		return m.opt.Default
	}
	return c
}

// dueRooms returns the cursors of the rooms that this digest tells of. What is
// told at once is among them: all was told already but what was written before
// that was chosen.
func (d *digest) dueRooms(ctx context.Context, tx *database.Tx) (map[int64]int64, error) {
	all, err := d.choices(ctx, tx, d.Seat)
	if err != nil {
		return nil, err
	}
	due := map[int64]int64{}
	for _, c := range all {
		switch cadence := d.of(c.cadence); {
		case !forum.CanRead(d.Member, c.room), cadence == forum.Never, cadence == forum.Weekly && !d.weekly:
		default:
			due[c.room.ID] = c.cursor
		}
	}
	return due, nil
}
