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

// FeedKey is a key by which a feed reader or a calendar reads in the place of
// a member, as far as the list of keys shows it: the key itself is kept only
// as a hash.
type FeedKey struct {
	ID        int64
	Name      string // what its maker uses it for
	By        string // its maker
	Reads     bool   // its maker still occupies the seat
	CreatedAt time.Time
	UsedAt    time.Time // to the hour; zero: never
}

// MaxFeedKeys is how many keys a seat has at most.
const MaxFeedKeys = 20

// usedEvery is how exactly the last use of a key is known.
const usedEvery = time.Hour

const (
	countFeedKeysSQL = `SELECT count(*) FROM feed_tokens WHERE seat = $1 AND revoked_at IS NULL`
	insertFeedKeySQL = `INSERT INTO feed_tokens (token_hash, seat, person, name, created_at) VALUES ($1, $2, $3, $4, $5)`
)

// NewFeedKey makes a key and returns it, this once. It reads what its maker may
// read, for as long as they occupy the seat: who leaves takes the key along
// without its power.
func (s *Store) NewFeedKey(ctx context.Context, m forum.Member, name string) (string, error) {
	name, fault := forum.CleanLine("name", name, forum.MaxName)
	if fault != nil {
		return "", errs.Fields{fault}
	}
	key := rand.Text()
	err := s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		if err := seated(ctx, tx, m); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRowContext(ctx, countFeedKeysSQL, m.Seat).Scan(&n); err != nil {
			return fmt.Errorf("count the feed keys of seat %d: %w", m.Seat, err)
		}
		if n >= MaxFeedKeys {
			return errs.New(errs.TooMany, "feed_error_many", "Count", MaxFeedKeys)
		}
		if _, err := tx.ExecContext(ctx, insertFeedKeySQL, hashKey(key), m.Seat, m.ID, name, database.Millis(s.now())); err != nil {
			return fmt.Errorf("keep a feed key of seat %d: %w", m.Seat, err)
		}
		return nil
	})
	return key, err
}

func hashKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

const feedKeysSQL = `
SELECT k.id, k.name, p.name, k.created_at, coalesce(k.used_at, 0), EXISTS (
	SELECT 1 FROM occupancies o WHERE o.seat = k.seat AND o.person = k.person AND o.until IS NULL)
FROM feed_tokens k JOIN persons p ON p.id = k.person
WHERE k.seat = $1 AND k.revoked_at IS NULL ORDER BY k.id`

// FeedKeys lists the keys of the member's seat.
func (s *Store) FeedKeys(ctx context.Context, m forum.Member) ([]FeedKey, error) {
	if !m.SignedIn() {
		return nil, denied(m)
	}
	rows, err := s.db.Reader().QueryContext(ctx, feedKeysSQL, m.Seat)
	all, err := collect(rows, err, func(row scanner) (FeedKey, error) {
		var k FeedKey
		var created, used int64
		err := row.Scan(&k.ID, &k.Name, &k.By, &created, &used, &k.Reads)
		k.CreatedAt, k.UsedAt = database.Time(created), database.Time(used)
		return k, err
	})
	if err != nil {
		return nil, fmt.Errorf("list the feed keys of seat %d: %w", m.Seat, err)
	}
	return all, nil
}

const revokeFeedKeySQL = `UPDATE feed_tokens SET revoked_at = $3 WHERE id = $1 AND seat = $2 AND revoked_at IS NULL`

// RevokeFeedKey ends a key of the member's seat. Doing it again does nothing.
func (s *Store) RevokeFeedKey(ctx context.Context, m forum.Member, id int64) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		if err := seated(ctx, tx, m); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, revokeFeedKeySQL, id, m.Seat, database.Millis(s.now())); err != nil {
			return fmt.Errorf("revoke feed key %d: %w", id, err)
		}
		return nil
	})
}

const (
	feedReaderSQL = `
SELECT k.id, coalesce(k.used_at, 0), p.id, p.name, p.lang, s.id, s.role, d.code, d.kind, d.names
FROM feed_tokens k
JOIN occupancies o ON o.seat = k.seat AND o.person = k.person AND o.until IS NULL
JOIN persons p ON p.id = k.person
JOIN seats s ON s.id = k.seat
JOIN delegations d ON d.code = s.delegation
WHERE k.token_hash = $1 AND k.revoked_at IS NULL AND p.suspended_at IS NULL`
	usedFeedKeySQL = `UPDATE feed_tokens SET used_at = $2 WHERE id = $1`
)

// FeedReader returns the member in whose place a key reads, with the rights of
// this moment. A key that is unknown, revoked, or whose maker has left the seat
// or was suspended, is the same NotFound.
func (s *Store) FeedReader(ctx context.Context, key string, groups map[string][]string) (forum.Member, error) {
	var m forum.Member
	var id, used int64
	err := s.db.Reader().QueryRowContext(ctx, feedReaderSQL, hashKey(key)).Scan(&id, &used, &m.ID, &m.Name, &m.Lang, &m.Seat,
		&m.Role, &m.Delegation.Code, &m.Delegation.Kind, (*texts)(&m.Delegation.Names))
	if errors.Is(err, sql.ErrNoRows) {
		return forum.Member{}, errs.New(errs.NotFound, "feed_error_key")
	}
	if err != nil {
		return forum.Member{}, fmt.Errorf("look up a feed key: %w", err)
	}
	m.Groups = forum.GroupsOf(m.Delegation.Code, groups)
	if now := s.now(); now.Sub(database.Time(used)) > usedEvery {
		err = s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
			_, err := tx.ExecContext(ctx, usedFeedKeySQL, id, database.Millis(now))
			return err
		})
	}
	return m, err
}

// FeedLength is how many posts a feed holds.
const FeedLength = 30

const latestSQL = `SELECT p.id FROM posts p JOIN topics t ON t.id = p.topic
WHERE t.room IN (ROOMS) AND p.removed_at IS NULL AND p.hidden_at IS NULL AND p.held_at IS NULL AND t.held_at IS NULL
AND ($1 = 0 OR t.id = $1) AND ($2 = '' OR EXISTS (SELECT 1 FROM seats s WHERE s.id = p.seat AND s.delegation = $2))
ORDER BY p.id DESC LIMIT $3`

// Scope narrows what Latest lists. Empty fields leave it open.
type Scope struct {
	Room       string
	Topic      int64
	Delegation string // whose statements, where the room lets them be told
}

// Latest lists the newest posts that a member may read, attributed for channels
// outside the room. NotFound (or Unauthenticated) when the scope names a room
// or topic that they may not read.
func (s *Store) Latest(ctx context.Context, m forum.Member, in Scope, limit int) ([]Found, error) {
	views, err := s.roomsOf(ctx, m, in)
	if err != nil {
		return nil, err
	}
	marks, args := roomMarks(views, []any{in.Topic, in.Delegation, limit})
	rows, err := s.db.Reader().QueryContext(ctx, strings.Replace(latestSQL, "ROOMS", marks, 1), args...)
	ids, err := collect(rows, err, func(row scanner) (id int64, err error) { return id, row.Scan(&id) })
	if err != nil {
		return nil, fmt.Errorf("list the newest posts for person %d: %w", m.ID, err)
	}
	var all []Found
	for _, id := range ids {
		found, ok, err := s.Find(ctx, id)
		if err != nil {
			return nil, err
		}
		if ok && !found.Post.Withheld() && forum.CanReadTopic(m, found.Room, found.Topic) {
			all = append(all, found)
		}
	}
	return all, nil
}

// roomsOf are the rooms of a scope that a member may read. A room that names
// nobody's delegation outside itself is in no delegation's scope.
func (s *Store) roomsOf(ctx context.Context, m forum.Member, in Scope) ([]RoomView, error) {
	views, err := s.Rooms(ctx, m)
	if err != nil {
		return nil, err
	}
	wanted := in.Room
	if in.Topic != 0 {
		p, err := readable(ctx, s.db.Reader(), m, in.Topic)
		if err != nil {
			return nil, err
		}
		wanted = p.room.Slug
	}
	var kept []RoomView
	for _, v := range views {
		told := in.Delegation == "" || forum.Attribute(v.Policy, forum.Elsewhere, forum.Author{Delegation: forum.Delegation{Code: in.Delegation}}).Delegation.Code != ""
		if told && (wanted == "" || v.Slug == wanted) {
			kept = append(kept, v)
		}
	}
	if wanted != "" && len(kept) == 0 {
		return nil, hidden(m)
	}
	return kept, nil
}

const changedSQL = `SELECT coalesce(max(e.at), 0) FROM events e JOIN topics t ON t.id = e.topic WHERE t.room IN (ROOMS) AND ($1 = 0 OR t.id = $1)`

// Changed tells when something in a scope was last written, changed or taken
// away, as far as the member may know of it; the zero time when nothing was.
func (s *Store) Changed(ctx context.Context, m forum.Member, in Scope) (time.Time, error) {
	views, err := s.roomsOf(ctx, m, in)
	if err != nil {
		return time.Time{}, err
	}
	marks, args := roomMarks(views, []any{in.Topic})
	var at int64
	if err := s.db.Reader().QueryRowContext(ctx, strings.Replace(changedSQL, "ROOMS", marks, 1), args...).Scan(&at); err != nil {
		return time.Time{}, fmt.Errorf("look for the last change for person %d: %w", m.ID, err)
	}
	if at == 0 {
		return time.Time{}, nil
	}
	return database.Time(at), nil
}
