package store

import (
	"context"
	"strings"
	"time"

	"cmc/forum"
	"cmc/internal/database"
)

// MaxDates is how many closing dates a calendar holds.
const MaxDates = 200

const datesSQL = `SELECT ` + topicColumns + `, ` + roomColumns + ` FROM ` + topicTables + `
WHERE t.room IN (ROOMS) AND t.closes_at >= $1 AND t.merged_into IS NULL AND t.closed_at IS NULL
ORDER BY t.closes_at, t.id LIMIT $2`

// Dates lists what closes after a moment, the first to close first, as far as
// a member may read it. What was closed by hand has no date any more.
func (s *Store) Dates(ctx context.Context, m forum.Member, after time.Time) ([]Awaited, error) {
	views, err := s.Rooms(ctx, m)
	if err != nil {
		return nil, err
	}
	marks, args := roomMarks(views, []any{database.Millis(after), MaxDates})
	return s.awaited(ctx, m, MaxDates, func(forum.Room, forum.Topic) bool { return true },
		strings.Replace(datesSQL, "ROOMS", marks, 1), args...)
}

const topicsOfSQL = `SELECT ` + topicColumns + `, ` + roomColumns + ` FROM ` + topicTables + `
WHERE t.room IN (ROOMS) AND ts.delegation = $1 AND t.merged_into IS NULL AND t.held_at IS NULL
ORDER BY t.last_at DESC, t.id DESC LIMIT $2`

// TopicsOf lists the topics that a delegation has started, the liveliest first,
// as far as a member may read them and their rooms let it be told.
func (s *Store) TopicsOf(ctx context.Context, m forum.Member, delegation string, limit int) ([]Awaited, error) {
	views, err := s.roomsOf(ctx, m, Scope{Delegation: delegation})
	if err != nil {
		return nil, err
	}
	marks, args := roomMarks(views, []any{delegation, limit})
	return s.awaited(ctx, m, limit, func(forum.Room, forum.Topic) bool { return true },
		strings.Replace(topicsOfSQL, "ROOMS", marks, 1), args...)
}
