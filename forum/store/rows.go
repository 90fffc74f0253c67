package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"cmc/forum"
	"cmc/internal/database"
)

// texts is a map by language, kept as JSON.
type texts map[string]string

// Scan reads the map from its column.
func (t *texts) Scan(value any) error {
	var raw []byte
	switch v := value.(type) {
	case string:
		raw = []byte(v)
	case []byte:
		raw = v
	default:
		return fmt.Errorf("texts by language stored as %T", value)
	}
	return json.Unmarshal(raw, (*map[string]string)(t))
}

func (t texts) text() (string, error) {
	if t == nil {
		t = texts{}
	}
	b, err := json.Marshal(t)
	return string(b), err
}

type scanner interface{ Scan(dest ...any) error }

const roomColumns = `r.id, r.slug, r.titles, r.about, r.visibility, r.policy, r.position, r.archived, r.hold, r.mail`

func roomTargets(r *forum.Room) []any {
	return []any{&r.ID, &r.Slug, (*texts)(&r.Titles), (*texts)(&r.About), &r.Visibility, &r.Policy, &r.Position, &r.Archived, &r.Hold, &r.Mail}
}

const topicColumns = `t.id, t.kind, t.title, t.lang, t.record, t.locked, t.pinned, t.posts,
	t.created_at, t.last_at, coalesce(t.closes_at, 0), coalesce(t.held_at, 0), coalesce(t.closed_at, 0),
	t.questions, coalesce(t.consolidated, 0), coalesce(t.merged_into, 0), t.record_stamp, t.seat, ta.id, ta.name, ts.role, td.code, td.kind, td.names`

const topicTables = `topics t
	JOIN rooms r ON r.id = t.room
	JOIN persons ta ON ta.id = t.author
	JOIN seats ts ON ts.id = t.seat
	JOIN delegations td ON td.code = ts.delegation`

// scanPlace reads topicColumns, roomColumns and more, and attributes the topic
// as the room's policy asks.
func scanPlace(row scanner, more ...any) (place, error) {
	var p place
	var created, last, closes, held, closed int64
	t, a := &p.topic, &p.topic.Author
	targets := []any{
		&t.ID, &t.Kind, &t.Title, &t.Lang, &t.Record, &t.Locked, &t.Pinned, &t.Posts,
		&created, &last, &closes, &held, &closed,
		&t.Questions, &t.Consolidated, &t.MergedInto, &t.RecordStamp, &p.seat,
		&a.Person, &a.Name, &a.Role, &a.Delegation.Code, &a.Delegation.Kind, (*texts)(&a.Delegation.Names),
	}
	targets = append(append(targets, roomTargets(&p.room)...), more...)
	if err := row.Scan(targets...); err != nil {
		return place{}, err
	}
	t.Room = p.room.Slug
	t.CreatedAt, t.LastAt, t.ClosesAt = database.Time(created), database.Time(last), database.Time(closes)
	t.ClosedAt = database.Time(closed)
	t.Held = held != 0
	p.starter = t.Author.Person
	t.Author = forum.Attribute(p.room.Policy, forum.InRoom, t.Author)
	return p, nil
}

// The cast keeps SQLite from planning the statement anew for every value, which
// took four times as long as running it.
const placeSQL = `SELECT ` + topicColumns + `, ` + roomColumns + ` FROM ` + topicTables + ` WHERE t.id = cast($1 AS bigint)`

func readPlace(ctx context.Context, q querier, topic int64) (place, error) {
	p, err := scanPlace(q.QueryRowContext(ctx, placeSQL, topic))
	if err != nil {
		return place{}, fmt.Errorf("read topic %d: %w", topic, err)
	}
	return p, nil
}

const postColumns = `p.id, p.topic, p.number, p.reply_to, p.capacity, p.lang, p.body, p.html, p.render, p.client,
	p.revision, p.created_at, coalesce(p.edited_at, 0), coalesce(p.removed_at, 0), coalesce(p.removed_by, 0),
	p.removed_why, coalesce(p.hidden_at, 0), p.hidden_why, coalesce(p.held_at, 0), p.seat, pa.id, pa.name, ps.role, pd.code, pd.kind, pd.names`

const postTables = `posts p
	JOIN persons pa ON pa.id = p.author
	JOIN seats ps ON ps.id = p.seat
	JOIN delegations pd ON pd.code = ps.delegation`

// scanPost reads postColumns for a member: attributed for the channel, and
// without a text that they may not read.
func scanPost(row scanner, m forum.Member, room forum.Room, ch forum.Channel) (forum.Post, error) {
	var p forum.Post
	var html string
	var version int
	var created, edited, removed, remover, hidden, held, seat int64
	var why, hiddenWhy string
	a := &p.Author
	if err := row.Scan(&p.ID, &p.Topic, &p.Number, &p.ReplyTo, &p.Capacity, &p.Lang, &p.Body, &html, &version, &p.ClientID,
		&p.Revision, &created, &edited, &removed, &remover, &why, &hidden, &hiddenWhy, &held, &seat,
		&a.Person, &a.Name, &a.Role, &a.Delegation.Code, &a.Delegation.Kind, (*texts)(&a.Delegation.Names)); err != nil {
		return forum.Post{}, err
	}
	p.CreatedAt, p.EditedAt = database.Time(created), database.Time(edited)
	p.Mine = m.SignedIn() && a.Person == m.ID && seat == m.Seat
	if removed != 0 {
		p.Removed = &forum.Removal{At: database.Time(removed), ByAuthor: remover == a.Person, Reason: why}
	}
	if p.Held = held != 0; hidden != 0 {
		p.Hidden = &forum.Removal{At: database.Time(hidden), Reason: hiddenWhy}
	}
	may := forum.CanReadPost(m, room, p)
	// Elsewhere, whoever reads is asked about by the audience they belong to.
	if may || ch == forum.Elsewhere && !p.Withheld() {
		p.HTML = forum.Stored(p.Body, html, version)
	} else {
		p.Body = ""
	}
	if !p.Mine {
		p.ClientID = ""
	}
	p.Author = forum.Attribute(room.Policy, ch, p.Author)
	if p.Held && !may {
		p.Author, p.ReplyTo = forum.Author{}, 0 // nobody speaks before they were let through
	}
	return p, nil
}

// collect reads every row and closes them.
func collect[T any](rows *sql.Rows, err error, scan func(scanner) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
