package store

import (
	"context"
	"fmt"
	"strings"

	"cmc/forum"
	"cmc/internal/database"
)

// How much of each part one page of news shows.
const (
	maxNewsTopics   = 100
	maxNewsMentions = 20
	maxAwaited      = 50
)

// News is what waits for a seat: for its reader, and for whoever follows them.
type News struct {
	Mentions  []PostView // unread posts that name the reader or their delegation, newest first
	Rooms     []RoomNews // in the order of the rooms
	Topics    int        // with something unread
	Posts     int        // unread
	More      int        // topics that are not in Rooms, since there are too many
	Queries   []Awaited  // that the delegation has not answered, the first to close first
	Circulars []Awaited  // that the delegation has not acknowledged, the oldest first
	Seq       int64      // newest event they may read of, before all this was read
}

// RoomNews are the topics of a room that a seat has not read to the end.
type RoomNews struct {
	Room   forum.Room
	Topics []TopicNews
}

// TopicNews is a topic of which a seat has read the posts up to Read.
type TopicNews struct {
	Topic  forum.Topic
	Read   int
	Unread int
}

// Awaited is a topic that asks something of a delegation.
type Awaited struct {
	Room  forum.Room
	Topic forum.Topic
}

// News gathers what waits for a member's seat.
func (s *Store) News(ctx context.Context, m forum.Member) (News, error) {
	if !m.SignedIn() {
		return News{}, denied(m)
	}
	var n News
	var err error
	if n.Seq, err = s.Seen(ctx, m); err != nil {
		return News{}, err
	}
	if n.Rooms, err = s.unreadTopics(ctx, m, &n); err != nil {
		return News{}, err
	}
	if n.Mentions, err = s.mentions(ctx, m); err != nil {
		return News{}, err
	}
	if n.Queries, err = s.Unanswered(ctx, m); err != nil {
		return News{}, err
	}
	n.Circulars, err = s.Unacknowledged(ctx, m)
	return n, err
}

const unreadTopicsSQL = `SELECT ` + topicColumns + `, ` + roomColumns + `, coalesce(rd.number, 0) FROM ` + topicTables + `
LEFT JOIN reading rd ON rd.topic = t.id AND rd.seat = $1
WHERE t.posts > coalesce(rd.number, 0) AND t.merged_into IS NULL AND r.id IN (ROOMS)
ORDER BY r.archived, r.position, r.slug, t.last_at DESC, t.id DESC LIMIT $2`

// unreadTopics lists the topics with something unread, by room, and counts all
// of them in n. A held topic of somebody else may take a place in the limit.
func (s *Store) unreadTopics(ctx context.Context, m forum.Member, n *News) ([]RoomNews, error) {
	views, err := s.Rooms(ctx, m)
	if err != nil {
		return nil, err
	}
	counts, err := s.UnreadByRoom(ctx, m, views)
	if err != nil {
		return nil, err
	}
	for _, c := range counts {
		n.Topics += c.Topics
		n.Posts += c.Posts
	}
	marks, args := roomMarks(views, []any{m.Seat, maxNewsTopics})
	rows, err := s.db.Reader().QueryContext(ctx, strings.Replace(unreadTopicsSQL, "ROOMS", marks, 1), args...)
	type line struct {
		place
		read int
	}
	all, err := collect(rows, err, func(row scanner) (l line, err error) {
		l.place, err = scanPlace(row, &l.read)
		return l, err
	})
	if err != nil {
		return nil, fmt.Errorf("list what seat %d has not read: %w", m.Seat, err)
	}
	n.More = n.Topics
	var list []RoomNews
	for _, l := range all {
		p := l.of(m)
		if !forum.CanReadTopic(m, p.room, p.topic) {
			continue
		}
		if last := len(list) - 1; last < 0 || list[last].Room.ID != p.room.ID {
			list = append(list, RoomNews{Room: p.room})
		}
		r := &list[len(list)-1]
		r.Topics = append(r.Topics, TopicNews{p.topic, l.read, p.topic.Posts - l.read})
		n.More--
	}
	return list, nil
}

// A post may name both the reader and their delegation, and is listed once.
const mentionsSQL = `
SELECT p.id FROM posts p
LEFT JOIN reading rd ON rd.topic = p.topic AND rd.seat = $1
WHERE p.id IN (SELECT post FROM mentions WHERE person = $2 OR delegation = $3)
AND p.number > coalesce(rd.number, 0) ORDER BY p.id DESC LIMIT $4`

// mentions lists the unread posts that name a member or their delegation.
// Twice as many are looked at as are shown, for some may not be read.
func (s *Store) mentions(ctx context.Context, m forum.Member) ([]PostView, error) {
	rows, err := s.db.Reader().QueryContext(ctx, mentionsSQL, m.Seat, m.ID, m.Delegation.Code, 2*maxNewsMentions)
	ids, err := collect(rows, err, func(row scanner) (id int64, err error) { return id, row.Scan(&id) })
	if err != nil {
		return nil, fmt.Errorf("list the mentions of person %d: %w", m.ID, err)
	}
	return s.postsOf(ctx, m, ids, maxNewsMentions)
}

// postsOf reads posts as far as the member may read them, in the order of ids.
func (s *Store) postsOf(ctx context.Context, m forum.Member, ids []int64, limit int) ([]PostView, error) {
	var kept []PostView
	for _, id := range ids {
		v, err := s.Post(ctx, m, id)
		if isHidden(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if forum.CanReadPost(m, v.Room, v.Post) && len(kept) < limit {
			kept = append(kept, v)
		}
	}
	return kept, nil
}

const unansweredSQL = `SELECT ` + topicColumns + `, ` + roomColumns + ` FROM ` + topicTables + `
WHERE t.kind = 'query' AND t.merged_into IS NULL AND t.closed_at IS NULL AND (t.closes_at IS NULL OR t.closes_at > $1)
AND ts.delegation <> $2 AND NOT EXISTS (
	SELECT 1 FROM posts p JOIN seats s ON s.id = p.seat
	WHERE p.topic = t.id AND s.delegation = $2 AND p.removed_at IS NULL)
ORDER BY coalesce(t.closes_at, $3), t.id`

// never stands, in milliseconds, for a closing date that was not set.
const never = int64(1) << 62

// Unanswered lists the open queries in which the member's delegation could
// speak and has not.
func (s *Store) Unanswered(ctx context.Context, m forum.Member) ([]Awaited, error) {
	now := s.now()
	return s.awaited(ctx, m, maxAwaited, func(room forum.Room, t forum.Topic) bool { return forum.CanPost(m, room, t, now) },
		unansweredSQL, database.Millis(now), m.Delegation.Code, never)
}

const unacknowledgedSQL = `SELECT ` + topicColumns + `, ` + roomColumns + ` FROM ` + topicTables + `
WHERE t.kind = 'circular' AND t.merged_into IS NULL AND NOT EXISTS (
	SELECT 1 FROM acknowledgements a WHERE a.topic = t.id AND a.delegation = $1)
ORDER BY coalesce(t.closes_at, $2), t.id`

// Unacknowledged lists the circulars that the member could acknowledge for
// their delegation and that nobody of it has.
func (s *Store) Unacknowledged(ctx context.Context, m forum.Member) ([]Awaited, error) {
	return s.awaited(ctx, m, maxAwaited, func(room forum.Room, t forum.Topic) bool { return forum.CanAcknowledge(m, room, t) },
		unacknowledgedSQL, m.Delegation.Code, never)
}

// awaited reads the topics of a statement that a member may read and that keep
// lets pass, up to a limit.
func (s *Store) awaited(ctx context.Context, m forum.Member, limit int, keep func(forum.Room, forum.Topic) bool, query string, args ...any) ([]Awaited, error) {
	rows, err := s.db.Reader().QueryContext(ctx, query, args...)
	all, err := collect(rows, err, func(row scanner) (Awaited, error) {
		p, err := scanPlace(row)
		p = p.of(m)
		return Awaited{p.room, p.topic}, err
	})
	if err != nil {
		return nil, fmt.Errorf("list topics for person %d: %w", m.ID, err)
	}
	var kept []Awaited
	for _, a := range all {
		if forum.CanReadTopic(m, a.Room, a.Topic) && keep(a.Room, a.Topic) && len(kept) < limit {
			kept = append(kept, a)
		}
	}
	return kept, nil
}

// roomMarks are the placeholders of rooms, after the arguments that a statement
// has already. Without a room nothing matches.
func roomMarks(views []RoomView, args []any) (string, []any) {
	marks := []string{"NULL"}
	for _, v := range views {
		args = append(args, v.ID)
		marks = append(marks, fmt.Sprintf("$%d", len(args)))
	}
	return strings.Join(marks, ", "), args
}
