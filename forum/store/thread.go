package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"cmc/forum"
)

// Both leave out what forum.CanReadTopic hides in a room that may be read.
const (
	countTopicsSQL = `SELECT count(*) FROM topics t WHERE t.room = $1 AND t.merged_into IS NULL AND (t.held_at IS NULL OR t.author = $2 OR $3)`
	topicsSQL      = `SELECT ` + topicColumns + `, ` + roomColumns + ` FROM ` + topicTables + `
WHERE t.room = $1 AND t.merged_into IS NULL AND (t.held_at IS NULL OR t.author = $4 OR $5) ORDER BY t.pinned DESC, t.last_at DESC, t.id DESC LIMIT $2 OFFSET $3`
)

// Topics returns a page of a room's topics; page counts from 1 and is clamped
// to what there is.
func (s *Store) Topics(ctx context.Context, m forum.Member, slug string, page int) (RoomPage, error) {
	q := s.db.Reader()
	seq, err := s.Seen(ctx, m)
	if err != nil {
		return RoomPage{}, err
	}
	room, err := readableRoom(ctx, q, m, slug)
	if err != nil {
		return RoomPage{}, err
	}
	v := RoomPage{Room: room, Seq: seq}
	if err := q.QueryRowContext(ctx, countTopicsSQL, room.ID, m.ID, m.Secretariat()).Scan(&v.Total); err != nil {
		return RoomPage{}, fmt.Errorf("count the topics of room %q: %w", slug, err)
	}
	v.Pages = max(1, (v.Total+forum.TopicsPerPage-1)/forum.TopicsPerPage)
	v.Page = min(max(1, page), v.Pages)
	rows, err := q.QueryContext(ctx, topicsSQL, room.ID, forum.TopicsPerPage,
		(v.Page-1)*forum.TopicsPerPage, m.ID, m.Secretariat())
	v.Topics, err = collect(rows, err, func(row scanner) (forum.Topic, error) {
		p, err := scanPlace(row)
		return p.of(m).topic, err
	})
	if err != nil {
		return RoomPage{}, fmt.Errorf("list the topics of room %q: %w", slug, err)
	}
	return v, nil
}

const postsSQL = `SELECT ` + postColumns + ` FROM ` + postTables + `
WHERE p.topic = $1 AND p.number > $2 AND p.number <= $3 ORDER BY p.number`

// Thread returns a page of a topic; page counts from 1 and is clamped.
func (s *Store) Thread(ctx context.Context, m forum.Member, topic int64, page int) (Thread, error) {
	v, err := s.thread(ctx, m, topic)
	if err != nil {
		return Thread{}, err
	}
	v.Page = min(max(1, page), v.Pages)
	first := (v.Page - 1) * forum.PostsPerPage
	return v, s.fill(ctx, m, &v, first)
}

// PostsAfter returns up to PostsPerPage posts of a topic with a number above
// after: what a page that shows the posts up to there lacks.
func (s *Store) PostsAfter(ctx context.Context, m forum.Member, topic int64, after int) (Thread, error) {
	v, err := s.thread(ctx, m, topic)
	if err != nil {
		return Thread{}, err
	}
	after = min(max(0, after), v.Topic.Posts)
	v.Page = forum.PageOf(after + 1)
	return v, s.fill(ctx, m, &v, after)
}

// thread reads the topic after its place in the log, so that what comes between the
// two is told twice rather than never.
func (s *Store) thread(ctx context.Context, m forum.Member, topic int64) (Thread, error) {
	seq, err := s.Seen(ctx, m)
	if err != nil {
		return Thread{}, err
	}
	p, err := readable(ctx, s.db.Reader(), m, topic)
	if err != nil {
		return Thread{}, err
	}
	reply, err := s.consolidated(ctx, m, p)
	return Thread{Room: p.room, Topic: p.topic, Pages: p.topic.Pages(), Seq: seq, Reply: reply}, err
}

func (s *Store) fill(ctx context.Context, m forum.Member, v *Thread, after int) error {
	rows, err := s.db.Reader().QueryContext(ctx, postsSQL, v.Topic.ID, after, after+forum.PostsPerPage)
	v.Posts, err = collect(rows, err, func(row scanner) (forum.Post, error) {
		return scanPost(row, m, v.Room, forum.InRoom)
	})
	if err != nil {
		return fmt.Errorf("read the posts of topic %d: %w", v.Topic.ID, err)
	}
	return withFiles(ctx, s.db.Reader(), m, v.Room, v.Posts, threadFilesSQL, v.Topic.ID, after, after+forum.PostsPerPage)
}

const recordSQL = `SELECT ` + topicColumns + `, ` + roomColumns + ` FROM ` + topicTables + `
WHERE t.record = $1 AND t.record <> '' ORDER BY t.last_at DESC, t.id`

// TopicForRecord finds the topic that discusses a record and that the member
// may read, the liveliest if there are several rooms; NotFound (or
// Unauthenticated) when there is none.
func (s *Store) TopicForRecord(ctx context.Context, m forum.Member, record string) (forum.Topic, error) {
	rows, err := s.db.Reader().QueryContext(ctx, recordSQL, record)
	all, err := collect(rows, err, func(row scanner) (place, error) { return scanPlace(row) })
	if err != nil {
		return forum.Topic{}, fmt.Errorf("find the topic of record %q: %w", record, err)
	}
	for _, p := range all {
		if p = p.of(m); forum.CanReadTopic(m, p.room, p.topic) {
			return p.topic, nil
		}
	}
	return forum.Topic{}, hidden(m)
}

const postSQL = `SELECT ` + postColumns + ` FROM ` + postTables + ` WHERE p.id = $1`

const topicOfPostSQL = `SELECT topic FROM posts WHERE id = $1`

// topicOf finds the topic of a post, which never changes.
func topicOf(ctx context.Context, q querier, m forum.Member, post int64) (int64, error) {
	var topic int64
	err := q.QueryRowContext(ctx, topicOfPostSQL, post).Scan(&topic)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, hidden(m)
	}
	if err != nil {
		return 0, fmt.Errorf("find post %d: %w", post, err)
	}
	return topic, nil
}

func readPost(ctx context.Context, q querier, m forum.Member, p place, id int64) (forum.Post, error) {
	post, err := scanPost(q.QueryRowContext(ctx, postSQL, id), m, p.room, forum.InRoom)
	if err != nil {
		return forum.Post{}, fmt.Errorf("read post %d: %w", id, err)
	}
	one := []forum.Post{post}
	err = withFiles(ctx, q, m, p.room, one, postFilesSQL, id)
	return one[0], err
}

// Post finds a post and where it stands.
func (s *Store) Post(ctx context.Context, m forum.Member, id int64) (PostView, error) {
	q := s.db.Reader()
	topic, err := topicOf(ctx, q, m, id)
	if err != nil {
		return PostView{}, err
	}
	p, err := readable(ctx, q, m, topic)
	if err != nil {
		return PostView{}, err
	}
	post, err := readPost(ctx, q, m, p, id)
	return PostView{p.room, p.topic, post, forum.PageOf(post.Number)}, err
}
