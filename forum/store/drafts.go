package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

const draftColumns = `SELECT d.place, d.fields, d.client, d.updated_at, p.id, p.name
FROM drafts d JOIN persons p ON p.id = d.person WHERE d.seat = $1`

const (
	draftSQL  = draftColumns + ` AND d.place = $2`
	draftsSQL = draftColumns + ` ORDER BY d.updated_at DESC`
)

func scanDraft(row scanner) (forum.Draft, error) {
	var d forum.Draft
	var fields string
	if err := row.Scan(&d.Place, &fields, &d.Client, &d.Version, &d.By.Person, &d.By.Name); err != nil {
		return forum.Draft{}, err
	}
	d.At = database.Time(d.Version)
	return d, json.Unmarshal([]byte(fields), &d.Fields)
}

// Draft finds the unfinished text that the member's seat keeps for a place;
// Version is 0 when there is none.
func (s *Store) Draft(ctx context.Context, m forum.Member, at forum.DraftPlace) (forum.Draft, error) {
	if !m.SignedIn() {
		return forum.Draft{}, nil
	}
	return readDraft(ctx, s.db.Reader(), m, at)
}

func readDraft(ctx context.Context, q querier, m forum.Member, at forum.DraftPlace) (forum.Draft, error) {
	d, err := scanDraft(q.QueryRowContext(ctx, draftSQL, m.Seat, string(at)))
	if errors.Is(err, sql.ErrNoRows) {
		return forum.Draft{Place: at}, nil
	}
	if err != nil {
		return forum.Draft{}, fmt.Errorf("read the draft of seat %d for %s: %w", m.Seat, at, err)
	}
	return d, nil
}

// Drafts lists what the member's seat has begun, the last touched first.
func (s *Store) Drafts(ctx context.Context, m forum.Member) ([]forum.Draft, error) {
	if !m.SignedIn() {
		return nil, denied(m)
	}
	rows, err := s.db.Reader().QueryContext(ctx, draftsSQL, m.Seat)
	all, err := collect(rows, err, scanDraft)
	if err != nil {
		return nil, fmt.Errorf("list the drafts of seat %d: %w", m.Seat, err)
	}
	return all, nil
}

const (
	countDraftsSQL = `SELECT count(*) FROM drafts WHERE seat = $1`
	saveDraftSQL   = `
INSERT INTO drafts (seat, place, fields, client, person, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (seat, place) DO UPDATE SET fields = excluded.fields, client = excluded.client,
	person = excluded.person, updated_at = excluded.updated_at`
	dropDraftSQL = `DELETE FROM drafts WHERE seat = $1 AND place = $2`
)

// ErrDraftChanged says that the draft was changed elsewhere since the version
// that the writer saw. The draft that is kept now comes with it.
var ErrDraftChanged = errs.New(errs.Conflict, "draft_error_changed")

// SaveDraft keeps a draft in place of the version that the writer saw, 0 for
// none, and returns it with its new version. When another one is kept by now,
// nothing is changed: the answer is that one, with ErrDraftChanged. A draft
// without a word takes the kept one away, and so does one whose post has
// arrived already.
func (s *Store) SaveDraft(ctx context.Context, m forum.Member, d forum.Draft) (forum.Draft, error) {
	if err := d.Check(); err != nil {
		return forum.Draft{}, err
	}
	var kept forum.Draft
	err := s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		kept = forum.Draft{}
		if err := seated(ctx, tx, m); err != nil {
			return err
		}
		earlier, err := sentBefore(ctx, tx, m, d.Client)
		if err != nil {
			return err
		}
		if earlier.id != 0 {
			return nil // the post was quicker than this
		}
		was, err := readDraft(ctx, tx, m, d.Place)
		if err != nil {
			return err
		}
		if was.Version != 0 && was.Version != d.Version && !sameFields(was.Fields, d.Fields) {
			kept = was
			return ErrDraftChanged
		}
		kept, err = s.putDraft(ctx, tx, m, was, d)
		return err
	})
	return kept, err
}

// putDraft replaces what was kept, within the bounds of the seat.
func (s *Store) putDraft(ctx context.Context, tx *database.Tx, m forum.Member, was, d forum.Draft) (forum.Draft, error) {
	if d.Empty() {
		_, err := tx.ExecContext(ctx, dropDraftSQL, m.Seat, string(d.Place))
		return forum.Draft{Place: d.Place}, err
	}
	if was.Version == 0 {
		var n int
		if err := tx.QueryRowContext(ctx, countDraftsSQL, m.Seat).Scan(&n); err != nil {
			return forum.Draft{}, fmt.Errorf("count the drafts of seat %d: %w", m.Seat, err)
		}
		if n >= forum.MaxDrafts {
			return forum.Draft{}, errs.New(errs.TooMany, "draft_error_many", "Count", forum.MaxDrafts)
		}
	}
	fields, err := json.Marshal(d.Fields)
	if err != nil {
		return forum.Draft{}, fmt.Errorf("write a draft as JSON: %w", err)
	}
	d.Version = max(database.Millis(s.now()), was.Version+1)
	d.At, d.By = database.Time(d.Version), forum.Author{Person: m.ID, Name: m.Name}
	if _, err := tx.ExecContext(ctx, saveDraftSQL, m.Seat, string(d.Place), string(fields), d.Client, m.ID, d.Version); err != nil {
		return forum.Draft{}, fmt.Errorf("keep the draft of seat %d for %s: %w", m.Seat, d.Place, err)
	}
	return d, nil
}

func sameFields(a, b map[string]string) bool {
	for _, name := range []string{"title", "body", "questions"} {
		if a[name] != b[name] {
			return false
		}
	}
	return true
}

// DiscardDraft throws the seat's draft for a place away, with the files that
// wait for it. Doing it again does nothing.
func (s *Store) DiscardDraft(ctx context.Context, m forum.Member, at forum.DraftPlace) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		if err := seated(ctx, tx, m); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, dropDraftSQL, m.Seat, string(at)); err != nil {
			return fmt.Errorf("discard the draft of seat %d for %s: %w", m.Seat, at, err)
		}
		return dropWaiting(ctx, tx, waitingHereSQL, m.Seat, string(at))
	})
}

const settleDraftSQL = `DELETE FROM drafts WHERE seat = $1 AND place = $2 AND (updated_at = $3 OR client = $4)`

// settleDraft takes away the draft that became a post, in the transaction of
// the post. Another text that was kept for the same place meanwhile stays.
func settleDraft(ctx context.Context, tx *database.Tx, m forum.Member, saved forum.SavedDraft, client string) error {
	if saved.Place == "" {
		return nil
	}
	if _, err := tx.ExecContext(ctx, settleDraftSQL, m.Seat, string(saved.Place), saved.Version, client); err != nil {
		return fmt.Errorf("settle the draft of seat %d for %s: %w", m.Seat, saved.Place, err)
	}
	return nil
}

// DraftTarget is where a draft would go, as far as the reader may see it.
type DraftTarget struct {
	Room  forum.Room
	Topic forum.Topic // of a reply or an edit
	Post  forum.Post  // of an edit
}

// DraftTarget finds where a draft would go; NotFound when that is gone, or
// closed to the reader by now. Of a record nothing is known here.
func (s *Store) DraftTarget(ctx context.Context, m forum.Member, at forum.DraftPlace) (DraftTarget, error) {
	switch kind, name := at.Split(); kind {
	case "topic":
		p, err := readable(ctx, s.db.Reader(), m, at.ID())
		return DraftTarget{Room: p.room, Topic: p.topic}, err
	case "post":
		v, err := s.Post(ctx, m, at.ID())
		return DraftTarget{v.Room, v.Topic, v.Post}, err
	case "room":
		room, err := s.Room(ctx, m, name)
		return DraftTarget{Room: room}, err
	default:
		return DraftTarget{}, nil
	}
}
