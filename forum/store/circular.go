package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cmc/forum"
	"cmc/internal/database"
)

const acknowledgeSQL = `
INSERT INTO acknowledgements (topic, delegation, person, seat, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (topic, delegation) DO NOTHING`

// Acknowledge notes that the member's delegation has taken note of a circular.
// The first acknowledgement stands; doing it again does nothing.
func (s *Store) Acknowledge(ctx context.Context, m forum.Member, topic int64) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		p, err := writable(ctx, tx, m, topic)
		if err != nil {
			return err
		}
		if !forum.CanAcknowledge(m, p.room, p.topic) {
			return denied(m)
		}
		if _, err := tx.ExecContext(ctx, acknowledgeSQL, topic, m.Delegation.Code, m.ID, m.Seat, database.Millis(s.now())); err != nil {
			return fmt.Errorf("acknowledge topic %d: %w", topic, err)
		}
		return nil
	})
}

// Acknowledged is how far a circular has been acknowledged. The lists are for
// the secretariat alone.
type Acknowledged struct {
	Count, Of int
	Own       time.Time // when the reader's own delegation did; zero: not yet
	By        []Acknowledgement
	Missing   []forum.Delegation
}

// Acknowledgement is one delegation's.
type Acknowledgement struct {
	Author forum.Author // as the room's policy lets it be shown
	At     time.Time
}

const acknowledgementsSQL = `
SELECT a.at, pe.id, pe.name, se.role, d.code, d.kind, d.names FROM acknowledgements a
JOIN persons pe ON pe.id = a.person
JOIN seats se ON se.id = a.seat
JOIN delegations d ON d.code = a.delegation
WHERE a.topic = $1 ORDER BY a.at, d.code`

const memberDelegationsSQL = `SELECT code, kind, names FROM delegations WHERE kind = 'member' ORDER BY code`

// Acknowledged tells who has acknowledged a circular of those who are asked:
// the member delegations that read its room. groups are the named ones.
func (s *Store) Acknowledged(ctx context.Context, m forum.Member, topic int64, groups map[string][]string) (Acknowledged, error) {
	q := s.db.Reader()
	p, err := readable(ctx, q, m, topic)
	if err != nil {
		return Acknowledged{}, err
	}
	rows, err := q.QueryContext(ctx, acknowledgementsSQL, topic)
	given, err := collect(rows, err, scanAcknowledgement)
	if err != nil {
		return Acknowledged{}, fmt.Errorf("read the acknowledgements of topic %d: %w", topic, err)
	}
	more, err := q.QueryContext(ctx, memberDelegationsSQL)
	asked, err := collect(more, err, func(row scanner) (d forum.Delegation, err error) {
		return d, row.Scan(&d.Code, &d.Kind, (*texts)(&d.Names))
	})
	if err != nil {
		return Acknowledged{}, fmt.Errorf("list the delegations that topic %d asks: %w", topic, err)
	}
	var v Acknowledged
	for _, d := range asked {
		i := slices.IndexFunc(given, func(a Acknowledgement) bool { return a.Author.Delegation.Code == d.Code })
		if i >= 0 {
			v.Count++
		}
		if i >= 0 || forum.Acknowledges(d, p.room, groups) {
			v.Of++
		}
		if i < 0 && forum.Acknowledges(d, p.room, groups) && m.Secretariat() {
			v.Missing = append(v.Missing, d)
		}
		if i >= 0 && m.Delegation.Code == d.Code {
			v.Own = given[i].At
		}
	}
	for _, a := range given {
		if m.Secretariat() {
			a.Author = forum.Attribute(p.room.Policy, forum.InRoom, a.Author)
			v.By = append(v.By, a)
		}
	}
	return v, nil
}

func scanAcknowledgement(row scanner) (Acknowledgement, error) {
	var a Acknowledgement
	var at int64
	d := &a.Author.Delegation
	err := row.Scan(&at, &a.Author.Person, &a.Author.Name, &a.Author.Role, &d.Code, &d.Kind, (*texts)(&d.Names))
	a.At = database.Time(at)
	return a, err
}
