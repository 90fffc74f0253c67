package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"html/template"

	"cmc/forum"
	"cmc/internal/database"
)

// calledSQL finds whom a mention calls upon. A person is found only by their
// whole name, while they have a seat, and if nobody else bears it.
const (
	calledCodeSQL        = `SELECT code, 0 FROM delegations WHERE code = $1`
	calledSecretariatSQL = `SELECT code, 0 FROM delegations WHERE kind = $1 ORDER BY code LIMIT 1`
	calledPersonSQL      = `
SELECT min(s.delegation), min(p.id) FROM persons p
JOIN occupancies o ON o.person = p.id AND o.until IS NULL
JOIN seats s ON s.id = o.seat
WHERE p.name = $1 AND p.suspended_at IS NULL HAVING count(*) = 1`
)

// called is whom a text calls upon: a delegation, or a person of one.
type called struct {
	delegation string
	person     int64
}

// rendered is a text as it is kept: its HTML, and whom it calls upon.
type rendered struct {
	html  template.HTML
	calls []called
}

// render makes the HTML of a text in a room. Persons are called by name only
// where persons are named everywhere; what is quoted or not found stays text.
func render(ctx context.Context, q querier, room forum.Room, body string) (rendered, error) {
	var r rendered
	var fault error
	found := map[forum.Mention]called{}
	var list []forum.Mention
	r.html = forum.RenderWith(body, forum.Once(func(m forum.Mention) (string, bool) {
		c, err := findCalled(ctx, q, room, m)
		if err != nil {
			fault = errors.Join(fault, err)
		}
		found[m] = c
		return "/forum/delegations/" + c.delegation + "/", c.delegation != ""
	}, &list))
	for _, m := range list {
		r.calls = append(r.calls, found[m])
	}
	return r, fault
}

func findCalled(ctx context.Context, q querier, room forum.Room, m forum.Mention) (called, error) {
	query, name := calledCodeSQL, m.Delegation
	switch {
	case m.Secretariat:
		query, name = calledSecretariatSQL, string(forum.KindSecretariat)
	case m.Person != "":
		if room.Policy != forum.Attributed {
			return called{}, nil
		}
		query, name = calledPersonSQL, m.Person
	}
	var c called
	err := q.QueryRowContext(ctx, query, name).Scan(&c.delegation, &c.person)
	if errors.Is(err, sql.ErrNoRows) {
		return called{}, nil
	}
	if err != nil {
		return called{}, fmt.Errorf("look for whom a text calls upon: %w", err)
	}
	return c, nil
}

const (
	forgetMentionsSQL = `DELETE FROM mentions WHERE post = $1`
	keepMentionSQL    = `INSERT INTO mentions (post, delegation, person) VALUES ($1, $2, $3)`
)

// keepMentions notes whom a post calls upon, in place of whom it did before.
func keepMentions(ctx context.Context, tx *database.Tx, post int64, calls []called, edited bool) error {
	if edited {
		if _, err := tx.ExecContext(ctx, forgetMentionsSQL, post); err != nil {
			return fmt.Errorf("forget the mentions of post %d: %w", post, err)
		}
	}
	for _, c := range calls {
		if _, err := tx.ExecContext(ctx, keepMentionSQL, post, onlyIf(c.person == 0, c.delegation), onlyIf(c.person != 0, c.person)); err != nil {
			return fmt.Errorf("note a mention of post %d: %w", post, err)
		}
	}
	return nil
}

// Preview makes the HTML that a text would have in the room of a place. For the
// room that is chosen only with the form, nobody is called by name.
func (s *Store) Preview(ctx context.Context, room forum.Room, body string) (template.HTML, error) {
	r, err := render(ctx, s.db.Reader(), room, body)
	return r.html, err
}
