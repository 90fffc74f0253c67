package store

import (
	"context"
	"fmt"
	"time"

	"cmc/forum"
	"cmc/internal/database"
)

const (
	ownPersonSQL = `SELECT name, address, lang, created_at FROM persons WHERE id = $1`
	ownSeatsSQL  = `
SELECT s.delegation, s.role, o.since, o.until FROM occupancies o JOIN seats s ON s.id = o.seat
WHERE o.person = $1 ORDER BY o.since, o.id`
	ownTopicsSQL = `
SELECT t.id, r.slug, t.kind, t.title, t.created_at FROM topics t JOIN rooms r ON r.id = t.room
WHERE t.author = $1 ORDER BY t.id`
	ownPostsSQL = `
SELECT p.id, p.topic, r.slug, t.title, p.number, p.reply_to, p.capacity, p.lang, p.created_at, p.edited_at, p.removed_at, p.body
FROM posts p JOIN topics t ON t.id = p.topic JOIN rooms r ON r.id = t.room
WHERE p.author = $1 ORDER BY p.id`
	ownTextsSQL = `
SELECT v.post, v.at, v.lang, v.body FROM revisions v JOIN posts p ON p.id = v.post
WHERE p.author = $1 ORDER BY v.post, v.revision`
	ownFilesSQL = `
SELECT a.post, a.name FROM attachments a JOIN posts p ON p.id = a.post
WHERE p.author = $1 AND a.removed_at IS NULL ORDER BY a.id`
	ownAcknowledgementsSQL = `SELECT topic, at FROM acknowledgements WHERE person = $1 ORDER BY at, topic`
	ownReportsSQL          = `SELECT post, why, at FROM reports WHERE person = $1 ORDER BY id`
)

// Own gathers what the forum keeps of the member who asks, and of nobody else.
func (s *Store) Own(ctx context.Context, m forum.Member) (forum.Own, error) {
	if !m.SignedIn() {
		return forum.Own{}, denied(m)
	}
	var o forum.Own
	row := s.db.Reader().QueryRowContext(ctx, ownPersonSQL, m.ID)
	if err := row.Scan(&o.Name, &o.Address, &o.Lang, when{&o.Since}); err != nil {
		return o, fmt.Errorf("read person %d: %w", m.ID, err)
	}
	var err error
	o.Seats, err = own(ctx, s, m, ownSeatsSQL, func(row scanner) (v forum.OwnSeat, err error) {
		return v, row.Scan(&v.Delegation, &v.Role, when{&v.Since}, whenever{&v.Until})
	})
	if err != nil {
		return o, err
	}
	o.Topics, err = own(ctx, s, m, ownTopicsSQL, func(row scanner) (v forum.OwnTopic, err error) {
		return v, row.Scan(&v.ID, &v.Room, &v.Kind, &v.Title, when{&v.At})
	})
	if err != nil {
		return o, err
	}
	if o.Posts, err = s.ownPosts(ctx, m); err != nil {
		return o, err
	}
	o.Acknowledgements, err = own(ctx, s, m, ownAcknowledgementsSQL, func(row scanner) (v forum.OwnAcknowledgement, err error) {
		return v, row.Scan(&v.Topic, when{&v.At})
	})
	if err != nil {
		return o, err
	}
	o.Reports, err = own(ctx, s, m, ownReportsSQL, func(row scanner) (v forum.OwnReport, err error) {
		return v, row.Scan(&v.Post, &v.Why, when{&v.At})
	})
	return o, err
}

// ownPosts are the person's posts with their earlier texts and files.
func (s *Store) ownPosts(ctx context.Context, m forum.Member) ([]forum.OwnPost, error) {
	posts, err := own(ctx, s, m, ownPostsSQL, func(row scanner) (v forum.OwnPost, err error) {
		return v, row.Scan(&v.ID, &v.Topic, &v.Room, &v.Title, &v.Number, &v.ReplyTo, &v.Capacity, &v.Lang,
			when{&v.At}, whenever{&v.Edited}, whenever{&v.Removed}, &v.Body)
	})
	if err != nil {
		return nil, err
	}
	at := make(map[int64]*forum.OwnPost, len(posts))
	for i := range posts {
		at[posts[i].ID] = &posts[i]
	}
	_, err = own(ctx, s, m, ownTextsSQL, func(row scanner) (v forum.OwnText, err error) {
		var post int64
		if err := row.Scan(&post, when{&v.At}, &v.Lang, &v.Body); err != nil {
			return v, err
		}
		at[post].Earlier = append(at[post].Earlier, v)
		return v, nil
	})
	if err != nil {
		return nil, err
	}
	_, err = own(ctx, s, m, ownFilesSQL, func(row scanner) (name string, err error) {
		var post int64
		if err := row.Scan(&post, &name); err != nil {
			return "", err
		}
		at[post].Files = append(at[post].Files, name)
		return name, nil
	})
	return posts, err
}

func own[T any](ctx context.Context, s *Store, m forum.Member, query string, scan func(scanner) (T, error)) ([]T, error) {
	rows, err := s.db.Reader().QueryContext(ctx, query, m.ID)
	all, err := collect(rows, err, scan)
	if err != nil {
		return nil, fmt.Errorf("read what is person %d's own: %w", m.ID, err)
	}
	return all, nil
}

// when reads a time from its column, and whenever one that may be NULL.
type (
	when     struct{ at *time.Time }
	whenever struct{ at **time.Time }
)

// Scan reads milliseconds since 1970.
func (w when) Scan(value any) error {
	millis, ok := value.(int64)
	if !ok {
		return fmt.Errorf("a time stored as %T", value)
	}
	*w.at = database.Time(millis)
	return nil
}

// Scan does the same where there is a time.
func (w whenever) Scan(value any) error {
	if value == nil {
		return nil
	}
	*w.at = new(time.Time)
	return when{*w.at}.Scan(value)
}
