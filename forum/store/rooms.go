package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"cmc/forum"
	"cmc/internal/database"
)

const roomSQL = `SELECT ` + roomColumns + ` FROM rooms r WHERE r.slug = $1`

const upsertRoomSQL = `
INSERT INTO rooms (slug, titles, about, visibility, policy, position, hold, mail, archived)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, false)
ON CONFLICT (slug) DO UPDATE SET titles = excluded.titles, about = excluded.about,
	visibility = excluded.visibility, policy = excluded.policy, position = excluded.position, hold = excluded.hold,
	mail = excluded.mail, archived = false`

const archiveRoomsSQL = `UPDATE rooms SET archived = true`

// SeedRooms makes the rooms of the configuration, or brings their titles,
// descriptions, order and visibility up to date; a room that is no longer
// configured is archived. It may be repeated. It refuses to loosen a policy or
// to open a room that has posts to more readers: what was said in confidence
// stays so.
func (s *Store) SeedRooms(ctx context.Context, rooms []forum.Room) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		if _, err := tx.ExecContext(ctx, archiveRoomsSQL); err != nil {
			return fmt.Errorf("archive the rooms: %w", err)
		}
		for i, r := range rooms {
			r.Position = i + 1
			if err := seedRoom(ctx, tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

func seedRoom(ctx context.Context, tx *database.Tx, r forum.Room) error {
	if r.Hold == "" {
		r.Hold = forum.HoldNone
	}
	if !r.Hold.Valid() {
		return fmt.Errorf("room %q: hold %q is unknown", r.Slug, r.Hold)
	}
	if r.Mail == "" {
		r.Mail = forum.UsualMail(r)
	}
	if !r.Mail.Valid() {
		return fmt.Errorf("room %q: mail %q is unknown", r.Slug, r.Mail)
	}
	if !r.Visibility.Valid() || !r.Policy.Valid() {
		return fmt.Errorf("room %q: visibility %q or policy %q is unknown", r.Slug, r.Visibility, r.Policy)
	}
	was, err := readRoom(ctx, tx, r.Slug)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err == nil {
		if err := keepsFaith(ctx, tx, was, r); err != nil {
			return err
		}
	}
	titles, err := texts(r.Titles).text()
	if err != nil {
		return fmt.Errorf("titles of room %q: %w", r.Slug, err)
	}
	about, err := texts(r.About).text()
	if err != nil {
		return fmt.Errorf("description of room %q: %w", r.Slug, err)
	}
	if _, err := tx.ExecContext(ctx, upsertRoomSQL, r.Slug, titles, about, string(r.Visibility), string(r.Policy), r.Position,
		string(r.Hold), string(r.Mail)); err != nil {
		return fmt.Errorf("keep room %q: %w", r.Slug, err)
	}
	return nil
}

const spokenSQL = `SELECT count(*) FROM topics WHERE room = $1`

// keepsFaith refuses a change that would betray what was already said.
func keepsFaith(ctx context.Context, q querier, was, next forum.Room) error {
	if was.Policy.Tightens(next.Policy) && !was.Visibility.Widens(next.Visibility) {
		return nil
	}
	var topics int
	if err := q.QueryRowContext(ctx, spokenSQL, was.ID).Scan(&topics); err != nil {
		return fmt.Errorf("count the topics of room %q: %w", was.Slug, err)
	}
	if topics == 0 {
		return nil
	}
	return fmt.Errorf("config.toml: room %q holds topics written under visibility %q and policy %q, which may only be tightened, not become %q and %q; make a new room instead",
		was.Slug, was.Visibility, was.Policy, next.Visibility, next.Policy)
}

func readRoom(ctx context.Context, q querier, slug string) (forum.Room, error) {
	var r forum.Room
	if err := q.QueryRowContext(ctx, roomSQL, slug).Scan(roomTargets(&r)...); err != nil {
		return forum.Room{}, fmt.Errorf("read room %q: %w", slug, err)
	}
	return r, nil
}

func readableRoom(ctx context.Context, q querier, m forum.Member, slug string) (forum.Room, error) {
	r, err := readRoom(ctx, q, slug)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !forum.CanRead(m, r) {
		return forum.Room{}, hidden(m)
	}
	return r, err
}

const roomsSQL = `
SELECT ` + roomColumns + `, count(t.id), coalesce(sum(t.posts), 0), coalesce(max(t.last_at), 0)
FROM rooms r LEFT JOIN topics t ON t.room = r.id AND t.held_at IS NULL AND t.merged_into IS NULL
GROUP BY r.id ORDER BY r.archived, r.position, r.slug`

// Rooms lists the rooms a member may read, in their order; archived ones that
// hold something come last.
func (s *Store) Rooms(ctx context.Context, m forum.Member) ([]RoomView, error) {
	rows, err := s.db.Reader().QueryContext(ctx, roomsSQL)
	all, err := collect(rows, err, func(row scanner) (RoomView, error) {
		var v RoomView
		var last int64
		err := row.Scan(append(roomTargets(&v.Room), &v.Topics, &v.Posts, &last)...)
		v.LastAt = database.Time(last)
		return v, err
	})
	if err != nil {
		return nil, fmt.Errorf("list the rooms: %w", err)
	}
	kept := all[:0]
	for _, v := range all {
		if forum.CanRead(m, v.Room) && (!v.Archived || v.Topics > 0) {
			kept = append(kept, v)
		}
	}
	return kept, nil
}

// Room finds a room that the member may read.
func (s *Store) Room(ctx context.Context, m forum.Member, slug string) (forum.Room, error) {
	return readableRoom(ctx, s.db.Reader(), m, slug)
}
