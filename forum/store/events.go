package store

import (
	"context"
	"fmt"
	"strings"

	"cmc/forum"
	"cmc/internal/database"
)

const insertEventSQL = `INSERT INTO events (kind, topic, post, person, at) VALUES ($1, $2, $3, $4, $5) RETURNING seq`

// record writes the event of a change, in the change's own transaction. post
// is 0 when the event is about a topic.
func (s *Store) record(ctx context.Context, tx *database.Tx, kind forum.EventKind, m forum.Member, topic, post int64) error {
	var which any
	if post != 0 {
		which = post
	}
	var seq int64
	err := tx.QueryRowContext(ctx, insertEventSQL, string(kind), topic, which, m.ID, database.Millis(s.now())).Scan(&seq)
	if err != nil {
		return fmt.Errorf("write the event %q of topic %d: %w", kind, topic, err)
	}
	tx.Announce(seq)
	return nil
}

const headSQL = `SELECT coalesce(max(seq), 0) FROM events`

// Head returns the seq of the newest event, 0 when there is none.
func (s *Store) Head(ctx context.Context) (int64, error) {
	var seq int64
	if err := s.db.Reader().QueryRowContext(ctx, headSQL).Scan(&seq); err != nil {
		return 0, fmt.Errorf("read the head of the event log: %w", err)
	}
	return seq, nil
}

const (
	eventColumns = `SELECT e.seq, e.kind, e.topic, coalesce(e.post, 0), e.at, ` + roomColumns + `
FROM events e JOIN topics t ON t.id = e.topic JOIN rooms r ON r.id = t.room`
	logSQL = eventColumns + ` WHERE e.seq > $1 ORDER BY e.seq LIMIT $2`
)

// Log returns up to limit events above after, for every room: it is what a
// Tail reads. Whoever passes an event on asks forum.CanRead about its Room.
func (s *Store) Log(ctx context.Context, after int64, limit int) ([]forum.Event, error) {
	rows, err := s.db.Reader().QueryContext(ctx, logSQL, after, limit)
	events, err := collect(rows, err, scanEvent)
	if err != nil {
		return nil, fmt.Errorf("read the event log after %d: %w", after, err)
	}
	return events, nil
}

func scanEvent(row scanner) (forum.Event, error) {
	var e forum.Event
	var at int64
	err := row.Scan(append([]any{&e.Seq, &e.Kind, &e.Topic, &e.Post, &at}, roomTargets(&e.Room)...)...)
	e.At = database.Time(at)
	return e, err
}

// MaxEvents is the most events that one call returns.
const MaxEvents = 500

// EventsAfter returns up to limit events with a seq above after that the
// member may read, in order, and the seq from which to ask next: the last
// event's, or where nothing came after itself, or the newest event they may read
// if that is less. What they may not read shows in neither.
func (s *Store) EventsAfter(ctx context.Context, m forum.Member, after int64, limit int) ([]forum.Event, int64, error) {
	head, rooms, err := s.headAndRooms(ctx, m)
	if err != nil {
		return nil, 0, err
	}
	limit = min(max(1, limit), MaxEvents)
	known := s.reach.of(rooms, head)
	events, err := s.eventsIn(ctx, rooms, known.skip(after), head, limit)
	if err != nil {
		return nil, 0, fmt.Errorf("read the events of member %d after %d: %w", m.ID, after, err)
	}
	if len(events) > 0 {
		last := events[len(events)-1].Seq
		if len(events) < limit {
			s.reach.note(rooms, reached{last, head})
		}
		return events, last, nil
	}
	seen, err := s.Seen(ctx, m)
	return nil, min(after, seen), err
}

// Replay is EventsAfter for whoever keeps to itself from where it asks next:
// that is the log's head where less than limit events came.
func (s *Store) Replay(ctx context.Context, m forum.Member, after int64, limit int) ([]forum.Event, int64, error) {
	head, rooms, err := s.headAndRooms(ctx, m)
	if err != nil {
		return nil, 0, err
	}
	events, err := s.eventsIn(ctx, rooms, s.reach.of(rooms, head).skip(after), head, limit)
	if err != nil {
		return nil, 0, fmt.Errorf("replay to member %d after %d: %w", m.ID, after, err)
	}
	if len(events) == limit {
		head = events[len(events)-1].Seq
	}
	return events, head, nil
}

// eventsIn reads what happened in some rooms after a seq and up to another.
func (s *Store) eventsIn(ctx context.Context, rooms []int64, after, upTo int64, limit int) ([]forum.Event, error) {
	if len(rooms) == 0 || after >= upTo {
		return nil, nil
	}
	args := []any{after, upTo, limit}
	query := eventColumns + ` WHERE e.seq > $1 AND e.seq <= $2 AND ` + inRooms(rooms, &args) + ` ORDER BY e.seq LIMIT $3`
	rows, err := s.db.Reader().QueryContext(ctx, query, args...)
	return collect(rows, err, scanEvent)
}

func inRooms(rooms []int64, args *[]any) string {
	marks := make([]string, len(rooms))
	for i, id := range rooms {
		*args = append(*args, id)
		marks[i] = fmt.Sprintf("$%d", len(*args))
	}
	return "t.room IN (" + strings.Join(marks, ", ") + ")"
}
