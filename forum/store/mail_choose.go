package store

import (
	"context"
	"fmt"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

// Choice is what a seat asked for in a room.
type Choice struct {
	Room    forum.Room
	Cadence forum.Cadence // empty: whatever is usual
}

// Choices are what a seat asked for.
type Choices struct {
	Rooms  []Choice // that the member may read
	Usual  forum.Cadence
	Paused bool
}

const pausedSQL = `SELECT count(*) > 0 FROM mail_seats WHERE seat = $1 AND paused_at IS NOT NULL`

// Choices reads what a member's seat asked for.
func (m *Mailing) Choices(ctx context.Context, who forum.Member) (Choices, error) {
	if !who.SignedIn() {
		return Choices{}, denied(who)
	}
	c := Choices{Usual: m.opt.Default}
	if err := m.db.Reader().QueryRowContext(ctx, pausedSQL, who.Seat).Scan(&c.Paused); err != nil {
		return Choices{}, fmt.Errorf("ask whether the mail of seat %d is paused: %w", who.Seat, err)
	}
	all, err := m.choices(ctx, m.db.Reader(), who.Seat)
	for _, one := range all {
		if forum.CanRead(who, one.room) && !one.room.Archived {
			c.Rooms = append(c.Rooms, Choice{one.room, one.cadence})
		}
	}
	return c, err
}

// Choose keeps what a member asks for in some rooms, by slug; an empty cadence
// takes a choice back.
func (m *Mailing) Choose(ctx context.Context, who forum.Member, wanted map[string]forum.Cadence) error {
	return m.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		if err := seated(ctx, tx, who); err != nil {
			return err
		}
		all, err := m.choices(ctx, tx, who.Seat)
		if err != nil {
			return err
		}
		for _, c := range all {
			cadence, asked := wanted[c.room.Slug]
			if !asked || !forum.CanRead(who, c.room) || cadence == c.cadence {
				continue
			}
			if cadence != "" && !cadence.Valid() {
				return errs.Fields{errs.New(errs.Invalid, "forum_mail_error_cadence").On("room-" + c.room.Slug)}
			}
			if err := m.choose(ctx, tx, who.Seat, c, cadence); err != nil {
				return err
			}
		}
		return nil
	})
}

const (
	chooseSQL = `
INSERT INTO subscriptions (seat, room, cadence) VALUES ($1, $2, $3) ON CONFLICT (seat, room) DO UPDATE SET cadence = excluded.cadence`
	unchooseSQL = `DELETE FROM subscriptions WHERE seat = $1 AND room = $2`
	fromNowSQL  = `
INSERT INTO mail_cursors (seat, room, seq) SELECT $1, r.id, (` + headSQL + `) FROM rooms r WHERE r.id = $2 OR $2 = 0
ON CONFLICT (seat, room) DO UPDATE SET seq = excluded.seq`
)

// choose keeps one choice. Whoever wanted no mail is not sent later what they
// did not want then.
func (m *Mailing) choose(ctx context.Context, tx *database.Tx, seat int64, was choice, cadence forum.Cadence) error {
	query, args := chooseSQL, []any{seat, was.room.ID, string(cadence)}
	if cadence == "" {
		query, args = unchooseSQL, args[:2]
	}
	if _, err := tx.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("keep what seat %d chose for room %q: %w", seat, was.room.Slug, err)
	}
	if m.of(was.cadence) == forum.Never {
		return fromNow(ctx, tx, seat, was.room.ID)
	}
	return nil
}

// fromNow makes mail of a room, or of all where room is 0, begin at this
// moment.
func fromNow(ctx context.Context, tx *database.Tx, seat, room int64) error {
	if _, err := tx.ExecContext(ctx, fromNowSQL, seat, room); err != nil {
		return fmt.Errorf("begin the mail of seat %d now: %w", seat, err)
	}
	return nil
}

const pauseSQL = `
INSERT INTO mail_seats (seat, paused_at) VALUES ($1, $2) ON CONFLICT (seat) DO UPDATE SET paused_at = excluded.paused_at`

// Pause stops all letters to the member's seat, or lets them go on: from then
// on, for a pause is for days when nobody wants to come back to a heap.
func (m *Mailing) Pause(ctx context.Context, who forum.Member, pause bool) error {
	return m.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		if err := seated(ctx, tx, who); err != nil {
			return err
		}
		return m.pause(ctx, tx, who.Seat, pause)
	})
}

func (m *Mailing) pause(ctx context.Context, tx *database.Tx, seat int64, pause bool) error {
	var was bool
	if err := tx.QueryRowContext(ctx, pausedSQL, seat).Scan(&was); err != nil {
		return fmt.Errorf("ask whether the mail of seat %d is paused: %w", seat, err)
	}
	if was == pause {
		return nil
	}
	var at any
	if pause {
		at = database.Millis(m.now())
	}
	if _, err := tx.ExecContext(ctx, pauseSQL, seat, at); err != nil {
		return fmt.Errorf("pause the mail of seat %d, or let it go on: %w", seat, err)
	}
	if pause {
		return nil
	}
	return fromNow(ctx, tx, seat, 0)
}
