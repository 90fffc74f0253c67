package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

// stopLife is how long the link in a letter stops further ones.
const stopLife = 2 * 365 * 24 * time.Hour

const (
	offerStopSQL  = `INSERT INTO unsubscribes (token_hash, seat, room, created_at) VALUES ($1, $2, $3, $4)`
	forgetStopSQL = `DELETE FROM unsubscribes WHERE created_at < $1`
)

// OfferStop makes the token with which a letter's reader stops further letters
// of a room, or all of them where room is 0, without signing in. It opens
// nothing else.
func (m *Mailing) OfferStop(ctx context.Context, seat, room int64) (token string, err error) {
	token = strings.ToLower(rand.Text())
	err = m.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		var which any
		if room != 0 {
			which = room
		}
		if _, err := tx.ExecContext(ctx, offerStopSQL, hashStop(token), seat, which, database.Millis(m.now())); err != nil {
			return fmt.Errorf("offer seat %d to stop its mail: %w", seat, err)
		}
		if _, err := tx.ExecContext(ctx, forgetStopSQL, database.Millis(m.now().Add(-stopLife))); err != nil {
			return fmt.Errorf("forget old offers: %w", err)
		}
		return nil
	})
	return token, err
}

func hashStop(token string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(token)))
	return hex.EncodeToString(sum[:])
}

// Stop is what a token stops.
type Stop struct {
	Room    forum.Room // zero: all
	Stopped bool

	seat int64
	was  forum.Cadence
	all  bool
}

const stopSQL = `SELECT seat, coalesce(room, 0), used_at IS NOT NULL, cadence FROM unsubscribes WHERE token_hash = $1`

// Stop reads what a token stops; NotFound when there is no such token.
func (m *Mailing) Stop(ctx context.Context, token string) (Stop, error) {
	return m.stop(ctx, m.db.Reader(), token)
}

func (m *Mailing) stop(ctx context.Context, q querier, token string) (Stop, error) {
	var s Stop
	var room int64
	err := q.QueryRowContext(ctx, stopSQL, hashStop(token)).Scan(&s.seat, &room, &s.Stopped, &s.was)
	if errors.Is(err, sql.ErrNoRows) {
		return Stop{}, errs.New(errs.NotFound, "forum_mail_error_token")
	}
	if err != nil {
		return Stop{}, fmt.Errorf("read what a token stops: %w", err)
	}
	if s.all = room == 0; s.all {
		return s, nil
	}
	all, err := m.choices(ctx, q, s.seat)
	for _, c := range all {
		if c.room.ID == room {
			s.Room = c.room
		}
	}
	return s, err
}

const usedSQL = `UPDATE unsubscribes SET used_at = $2, cadence = $3 WHERE token_hash = $1`

// SetStopped stops what a token stops, or takes that back. Doing so again
// changes nothing.
func (m *Mailing) SetStopped(ctx context.Context, token string, stop bool) (Stop, error) {
	var s Stop
	err := m.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		var err error
		if s, err = m.stop(ctx, tx, token); err != nil || s.Stopped == stop {
			return err
		}
		was, at := s.was, any(nil)
		if stop {
			at = database.Millis(m.now())
		}
		if s.all {
			err = m.pause(ctx, tx, s.seat, stop)
		} else {
			was, err = m.silence(ctx, tx, s, stop)
		}
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, usedSQL, hashStop(token), at, string(was)); err != nil {
			return fmt.Errorf("note that a token was used: %w", err)
		}
		s.Stopped = stop
		return nil
	})
	return s, err
}

// silence stops a room's letters, or brings back what was chosen before, and
// returns what is to be brought back.
func (m *Mailing) silence(ctx context.Context, tx *database.Tx, s Stop, stop bool) (forum.Cadence, error) {
	all, err := m.choices(ctx, tx, s.seat)
	if err != nil {
		return "", err
	}
	for _, c := range all {
		switch {
		case c.room.ID != s.Room.ID:
		case stop:
			return c.cadence, m.choose(ctx, tx, s.seat, c, forum.Never)
		case c.cadence == forum.Never: // else they chose something since
			return "", m.choose(ctx, tx, s.seat, c, s.was)
		}
	}
	return "", nil
}
