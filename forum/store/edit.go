package store

import (
	"context"
	"fmt"
	"strconv"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

const (
	keepRevisionSQL = `
INSERT INTO revisions (post, revision, at, lang, body)
SELECT id, revision, coalesce(edited_at, created_at), lang, body FROM posts WHERE id = $1`
	editSQL = `
UPDATE posts SET body = $2, html = $3, render = $4, lang = $5, edited_at = $6, revision = revision + 1 WHERE id = $1`
)

// Edit changes a post's text and keeps the earlier one. A Revision that is
// not the present one is a Conflict; a text that changes nothing changes
// nothing.
func (s *Store) Edit(ctx context.Context, m forum.Member, id int64, n forum.NewText) (forum.Post, error) {
	n, err := n.Clean()
	if err != nil {
		return forum.Post{}, err
	}
	var post forum.Post
	err = s.change(ctx, m, id, func(ctx context.Context, tx *database.Tx, p place, was forum.Post) error {
		if !forum.CanEdit(m, p.room, p.topic, was, s.now()) {
			return denied(m)
		}
		files, err := take(ctx, tx, m, forum.PostPlace(id), id)
		if err != nil {
			return err
		}
		if post = was; was.Body == n.Body && was.Lang == n.Lang {
			if files == 0 {
				return nil
			}
			return s.record(ctx, tx, forum.EventEdit, m, p.topic.ID, id)
		}
		if was.Revision != n.Revision {
			return errs.New(errs.Conflict, "forum_error_edited_meanwhile")
		}
		text, err := render(ctx, tx, p.room, n.Body)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, keepRevisionSQL, id); err != nil {
			return fmt.Errorf("keep revision %d of post %d: %w", was.Revision, id, err)
		}
		if _, err := tx.ExecContext(ctx, editSQL, id, n.Body, string(text.html), forum.RenderVersion, n.Lang,
			database.Millis(s.now())); err != nil {
			return fmt.Errorf("edit post %d: %w", id, err)
		}
		if err := keepMentions(ctx, tx, id, text.calls, true); err != nil {
			return err
		}
		if err := settleDraft(ctx, tx, m, n.Draft, ""); err != nil {
			return err
		}
		if err := s.record(ctx, tx, forum.EventEdit, m, p.topic.ID, id); err != nil {
			return err
		}
		post, err = readPost(ctx, tx, m, p, id)
		return err
	})
	return post, err
}

const removeSQL = `UPDATE posts SET removed_at = $2, removed_by = $3, removed_why = $4 WHERE id = $1`

// Remove takes a post away and leaves its trace. Removing it again does
// nothing.
func (s *Store) Remove(ctx context.Context, m forum.Member, id int64, reason string) error {
	if reason != "" {
		line, fault := forum.CleanLine("reason", reason, forum.MaxReason)
		if fault != nil {
			return errs.Fields{fault}
		}
		reason = line
	}
	return s.change(ctx, m, id, func(ctx context.Context, tx *database.Tx, p place, was forum.Post) error {
		if was.Removed != nil && (was.Mine || m.Secretariat()) {
			return nil
		}
		if !forum.CanRemove(m, p.room, p.topic, was, s.now()) {
			return denied(m)
		}
		if _, err := tx.ExecContext(ctx, removeSQL, id, database.Millis(s.now()), m.ID, reason); err != nil {
			return fmt.Errorf("remove post %d: %w", id, err)
		}
		if err := keepMentions(ctx, tx, id, nil, true); err != nil {
			return err
		}
		if err := s.removeFiles(ctx, tx, was.Files); err != nil {
			return err
		}
		if p.topic.Consolidated == id {
			if err := s.unconsolidate(ctx, tx, m, p.topic.ID); err != nil {
				return err
			}
		}
		if m.Secretariat() && !was.Mine {
			if err := s.note(ctx, tx, m, "post.remove", postSubject(id), reason); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, forum.EventRemove, m, p.topic.ID, id)
	})
}

// change runs do on a post whose topic no other writer can touch meanwhile.
func (s *Store) change(ctx context.Context, m forum.Member, id int64,
	do func(context.Context, *database.Tx, place, forum.Post) error,
) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		topic, err := topicOf(ctx, tx, m, id)
		if err != nil {
			return err
		}
		p, err := writable(ctx, tx, m, topic)
		if err != nil {
			return err
		}
		post, err := readPost(ctx, tx, m, p, id)
		if err != nil {
			return err
		}
		return do(ctx, tx, p, post)
	})
}

const (
	revisionsSQL   = `SELECT revision, at, lang, body FROM revisions WHERE post = $1 ORDER BY revision`
	presentTextSQL = `SELECT revision, coalesce(edited_at, created_at), lang, body FROM posts WHERE id = $1`
)

// History returns a post's texts, oldest first, the present one last.
func (s *Store) History(ctx context.Context, m forum.Member, id int64) (HistoryView, error) {
	view, err := s.Post(ctx, m, id)
	if err != nil {
		return HistoryView{}, err
	}
	if !forum.CanSeeHistory(m, view.Room, view.Post) {
		return HistoryView{}, denied(m)
	}
	h := HistoryView{PostView: view}
	for _, query := range []string{revisionsSQL, presentTextSQL} {
		rows, err := s.db.Reader().QueryContext(ctx, query, id)
		more, err := collect(rows, err, scanRevision)
		if err != nil {
			return HistoryView{}, fmt.Errorf("read the history of post %d: %w", id, err)
		}
		h.Revisions = append(h.Revisions, more...)
	}
	return h, nil
}

func scanRevision(row scanner) (forum.Revision, error) {
	var r forum.Revision
	var at int64
	err := row.Scan(&r.Number, &at, &r.Lang, &r.Body)
	r.At, r.HTML = database.Time(at), forum.Render(r.Body)
	return r, err
}

const (
	lockedSQL = `UPDATE topics SET locked = $2 WHERE id = $1`
	pinnedSQL = `UPDATE topics SET pinned = $2 WHERE id = $1`
)

// SetLocked locks or unlocks a topic.
func (s *Store) SetLocked(ctx context.Context, m forum.Member, topic int64, locked bool) error {
	return s.setState(ctx, m, topic, lockedSQL, "topic.lock", locked, func(t forum.Topic) bool { return t.Locked })
}

// SetPinned pins a topic to the head of its room, or the reverse.
func (s *Store) SetPinned(ctx context.Context, m forum.Member, topic int64, pinned bool) error {
	return s.setState(ctx, m, topic, pinnedSQL, "topic.pin", pinned, func(t forum.Topic) bool { return t.Pinned })
}

func (s *Store) setState(ctx context.Context, m forum.Member, topic int64, query, action string, on bool, is func(forum.Topic) bool) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		p, err := writable(ctx, tx, m, topic)
		if err != nil {
			return err
		}
		if !forum.CanModerate(m, p.room) {
			return denied(m)
		}
		if is(p.topic) == on {
			return nil
		}
		if _, err := tx.ExecContext(ctx, query, topic, on); err != nil {
			return fmt.Errorf("change the state of topic %d: %w", topic, err)
		}
		if err := s.note(ctx, tx, m, action, topicSubject(topic), strconv.FormatBool(on)); err != nil {
			return err
		}
		return s.record(ctx, tx, forum.EventState, m, topic, 0)
	})
}
