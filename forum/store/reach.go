package store

import (
	"context"
	"fmt"
	"sync"

	"cmc/forum"
)

// reached says of some rooms: their newest event is last, and there is none up
// to scanned. A reader of quiet rooms would otherwise make the same busy
// stretch of the log be looked through each time.
type reached struct{ last, scanned int64 }

// skip returns from where events after a seq need to be looked for.
func (r reached) skip(after int64) int64 {
	if after >= r.last {
		return max(after, r.scanned)
	}
	return after
}

// maxReaches bounds the memory; there is one for each set of rooms that
// somebody may read.
const maxReaches = 1000

// reaches remembers how far the log was looked through, by rooms. It only
// saves work: forgetting is always right.
type reaches struct {
	mu sync.Mutex
	by map[string]reached
}

// of returns what is known of some rooms while the log ends at head; a head
// below what was seen means that another log was restored.
func (r *reaches) of(rooms []int64, head int64) reached {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := r.by[fmt.Sprint(rooms)]
	if known.scanned > head {
		clear(r.by)
		return reached{}
	}
	return known
}

func (r *reaches) note(rooms []int64, now reached) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := fmt.Sprint(rooms)
	if r.by == nil || len(r.by) >= maxReaches {
		r.by = map[string]reached{}
	}
	if now.scanned > r.by[key].scanned {
		r.by[key] = now
	}
}

const newestSQL = `SELECT coalesce((
	SELECT e.seq FROM events e JOIN topics t ON t.id = e.topic WHERE e.seq > $1 AND e.seq <= $2 AND `

// Seen returns the seq of the newest event that the member may read: the
// place in the log that they may know of.
func (s *Store) Seen(ctx context.Context, m forum.Member) (int64, error) {
	head, rooms, err := s.headAndRooms(ctx, m)
	if err != nil || len(rooms) == 0 {
		return 0, err
	}
	known := s.reach.of(rooms, head)
	if known.scanned == head {
		return known.last, nil
	}
	var newest int64
	args := []any{known.scanned, head}
	query := newestSQL + inRooms(rooms, &args) + ` ORDER BY e.seq DESC LIMIT 1), 0)`
	if err := s.db.Reader().QueryRowContext(ctx, query, args...).Scan(&newest); err != nil {
		return 0, fmt.Errorf("find the newest event for member %d: %w", m.ID, err)
	}
	newest = max(newest, known.last)
	s.reach.note(rooms, reached{newest, head})
	return newest, nil
}

const everyRoomSQL = `SELECT ` + roomColumns + ` FROM rooms r ORDER BY r.id`

// headAndRooms returns the log's head and, read after it, the ids of the rooms
// that a member may read.
func (s *Store) headAndRooms(ctx context.Context, m forum.Member) (head int64, rooms []int64, err error) {
	if head, err = s.Head(ctx); err != nil {
		return 0, nil, err
	}
	rooms, err = s.Readable(ctx, m)
	return head, rooms, err
}

// Readable lists the ids of the rooms that a member may read at this moment.
func (s *Store) Readable(ctx context.Context, m forum.Member) (rooms []int64, err error) {
	rows, err := s.db.Reader().QueryContext(ctx, everyRoomSQL)
	all, err := collect(rows, err, func(row scanner) (r forum.Room, err error) { return r, row.Scan(roomTargets(&r)...) })
	if err != nil {
		return nil, fmt.Errorf("list the rooms of member %d: %w", m.ID, err)
	}
	for _, r := range all {
		if forum.CanRead(m, r) {
			rooms = append(rooms, r.ID)
		}
	}
	return rooms, nil
}
