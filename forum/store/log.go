package store

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"cmc/forum"
	"cmc/internal/audit"
	"cmc/internal/errs"
)

// DeedsPerPage is how many deeds a page of the moderation log shows.
const DeedsPerPage = 30

const auditBatch = 200

// Deeds returns up to DeedsPerPage deeds of moderation with a number below
// before that a member may know of, the newest first, and from where the next
// page goes on, 0 at the end. Visitors read none.
func (s *Store) Deeds(ctx context.Context, m forum.Member, before int64) (all []forum.Deed, next int64, err error) {
	if !m.SignedIn() {
		return nil, 0, denied(m)
	}
	for {
		entries, err := audit.Before(ctx, s.db, before, auditBatch)
		if err != nil {
			return nil, 0, err
		}
		for _, e := range entries {
			before = e.Seq
			if !slices.Contains(forum.Deeds(), e.Action) {
				continue
			}
			d, err := s.deed(ctx, m, e)
			if kind := errs.KindOf(err); kind == errs.NotFound || kind == errs.Unauthenticated {
				continue // in a room that is not theirs
			}
			if err != nil {
				return nil, 0, err
			}
			if all = append(all, d); len(all) == DeedsPerPage {
				return all, before, nil
			}
		}
		if len(entries) < auditBatch {
			return all, 0, nil
		}
	}
}

var errNoSubject = errors.New("an audit entry without a subject that can be read")

func (s *Store) deed(ctx context.Context, m forum.Member, e audit.Entry) (forum.Deed, error) {
	d := forum.Deed{Seq: e.Seq, At: e.At, Action: e.Action, Detail: e.Detail}
	kind, number, _ := strings.Cut(e.Subject, ":")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return d, errors.Join(errNoSubject, err)
	}
	if kind == "post" {
		v, err := s.Post(ctx, m, id)
		d.Room, d.Topic, d.Post, d.PostID = v.Room, v.Topic, v.Post.Number, v.Post.ID
		return d, err
	}
	p, err := readable(ctx, s.db.Reader(), m, id)
	d.Room, d.Topic = p.room, p.topic
	return d, err
}
