package store_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/database"
	"cmc/internal/errs"
)

func draft(at forum.DraftPlace, version int64, body string) forum.Draft {
	return forum.Draft{Place: at, Version: version, Client: "client-of-" + strings.ReplaceAll(body[:min(len(body), 20)], " ", "-"), Fields: map[string]string{"body": body, "lang": "en"}}
}

func (w *world) save(t *testing.T, m forum.Member, d forum.Draft) forum.Draft {
	t.Helper()
	kept, err := w.SaveDraft(t.Context(), m, d)
	if err != nil {
		t.Fatalf("SaveDraft(%s) = %v", d.Place, err)
	}
	return kept
}

func (w *world) wantDraft(t *testing.T, what string, m forum.Member, at forum.DraftPlace, body string) {
	t.Helper()
	d, err := w.Draft(t.Context(), m, at)
	if err != nil || d.Fields["body"] != body {
		t.Errorf("%s the draft is %q (%v), want %q", what, d.Fields["body"], err, body)
	}
}

func TestADraftIsNeverOverwrittenUnseen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := forum.TopicPlace(w.start(t, w.other, newTopic("members", "one")).ID)
		first := w.save(t, w.focal, draft(at, 0, "on the laptop"))
		kept, err := w.SaveDraft(t.Context(), w.focal, draft(at, 0, "on the telephone"))
		wantKind(t, "a draft from a form that did not know of the first", err, errs.Conflict)
		if kept.Fields["body"] != "on the laptop" || kept.Version != first.Version {
			t.Errorf("with the conflict comes %+v, want the draft that is kept", kept)
		}
		second := w.save(t, w.focal, draft(at, first.Version, "on the telephone"))
		if second.Version <= first.Version || second.By.Name != "Fay" {
			t.Errorf("the next version is %d by %q, want one above %d by Fay", second.Version, second.By.Name, first.Version)
		}
		w.save(t, w.focal, draft(at, 0, "on the telephone")) // the answer was lost, and it is sent again
		w.wantDraft(t, "of a colleague", w.expert, at, "")
		w.save(t, w.focal, draft(at, second.Version+1, "on the telephone"))
		d, err := w.Draft(t.Context(), w.focal, at)
		if err != nil {
			t.Fatal(err)
		}
		w.save(t, w.focal, draft(at, d.Version, " "))
		w.wantDraft(t, "emptied,", w.focal, at, "")
	})
}

func TestAPostTakesItsDraftWithIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		topic := w.start(t, w.other, newTopic("members", "one"))
		at := forum.TopicPlace(topic.ID)
		d := w.save(t, w.focal, draft(at, 0, "my words"))
		n := newPost("my words")
		n.ClientID, n.Draft = "another-client", forum.SavedDraft{Place: at, Version: d.Version - 1}
		w.reply(t, w.focal, topic.ID, n)
		w.wantDraft(t, "after a post from another text,", w.focal, at, "my words")
		n.ClientID, n.Body = d.Client, "my words, at last"
		post := w.reply(t, w.focal, topic.ID, n)
		w.wantDraft(t, "after its post", w.focal, at, "")
		w.save(t, w.focal, draft(at, d.Version, "my words")) // a saving that was overtaken by the post
		w.wantDraft(t, "saved too late,", w.focal, at, "")

		room := w.save(t, w.focal, draft(forum.RoomPlace("members"), 0, "a topic"))
		start := newTopic("members", "a topic")
		start.Draft = forum.SavedDraft{Place: room.Place, Version: room.Version}
		w.start(t, w.focal, start)
		w.wantDraft(t, "after the topic", w.focal, room.Place, "")

		edit := w.save(t, w.focal, draft(forum.PostPlace(post.ID), 0, "better words"))
		if _, err := w.Edit(t.Context(), w.focal, post.ID, forum.NewText{
			Body: "better words", Lang: "en", Revision: 1,
			Draft: forum.SavedDraft{Place: edit.Place, Version: edit.Version},
		}); err != nil {
			t.Fatal(err)
		}
		w.wantDraft(t, "after the edit", w.focal, edit.Place, "")
	})
}

func TestDraftsAreBounded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range forum.MaxDrafts {
			w.save(t, w.focal, draft(forum.TopicPlace(int64(i+1)), 0, "words "+strconv.Itoa(i)))
		}
		_, err := w.SaveDraft(t.Context(), w.focal, draft(forum.RoomPlace("members"), 0, "one more"))
		wantKind(t, "a draft too many", err, errs.TooMany)
		_, err = w.SaveDraft(t.Context(), w.expert, draft(forum.RoomPlace("members"), 0, strings.Repeat("x", forum.MaxDraftSize)))
		wantKind(t, "a draft too large", err, errs.TooLarge)
		_, err = w.SaveDraft(t.Context(), w.expert, draft("topic:9; DROP TABLE", 0, "x"))
		wantKind(t, "a draft for nowhere", err, errs.NotFound)
		_, err = w.SaveDraft(t.Context(), w.visitor, draft(forum.RoomPlace("members"), 0, "x"))
		wantKind(t, "a visitor's draft", err, errs.Unauthenticated)
		if err := w.DiscardDraft(t.Context(), w.focal, forum.TopicPlace(1)); err != nil {
			t.Fatal(err)
		}
		w.save(t, w.focal, draft(forum.RoomPlace("members"), 0, "one more"))
	})
}

// handOver lets the person in a seat leave, and another take it.
func (w *world) handOver(t *testing.T, seat forum.Member, name string) forum.Member {
	t.Helper()
	next := seat
	next.Name = name
	err := w.db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE occupancies SET until = 2 WHERE seat = $1 AND until IS NULL`, seat.Seat); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `INSERT INTO persons (address, name, lang, created_at) VALUES ($1, $2, 'en', 1) RETURNING id`,
			name+"@example.org", name).Scan(&next.ID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO occupancies (seat, person, since) VALUES ($1, $2, 2)`, seat.Seat, next.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return next
}

func TestASeatIsHandedOverWithAllThatItKeeps(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		topic := w.start(t, w.other, newTopic("members", "one"))
		w.reply(t, w.other, topic.ID, newPost("two"))
		w.reply(t, w.other, topic.ID, newPost("three"))
		if err := w.MarkRead(t.Context(), w.focal, topic.ID, 2); err != nil {
			t.Fatal(err)
		}
		at := forum.TopicPlace(topic.ID)
		w.save(t, w.focal, draft(at, 0, "begun by Fay"))
		letters := w.Mailing(store.MailingOptions{Default: forum.Instant})
		if err := letters.Choose(t.Context(), w.focal, map[string]forum.Cadence{"members": forum.Weekly}); err != nil {
			t.Fatal(err)
		}

		next := w.handOver(t, w.focal, "Nia")
		w.wantUnread(t, "for the successor", next, "members", map[int64]int{topic.ID: 1})
		list, err := w.Drafts(t.Context(), next)
		if err != nil || len(list) != 1 || list[0].By.Name != "Fay" || list[0].Fields["body"] != "begun by Fay" {
			t.Fatalf("the successor finds %+v (%v), want the draft that Fay began", list, err)
		}
		w.save(t, next, draft(at, list[0].Version, "ended by Nia"))
		choices, err := letters.Choices(t.Context(), next)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range choices.Rooms {
			if weekly := c.Cadence == forum.Weekly; weekly != (c.Room.Slug == "members") {
				t.Errorf("the successor gets mail of %s %s, want what the seat had chosen", c.Room.Slug, c.Cadence)
			}
		}

		_, err = w.SaveDraft(t.Context(), w.focal, draft(at, 0, "too late"))
		wantKind(t, "SaveDraft of who has left", err, errs.Denied)
		wantKind(t, "MarkRead of who has left", w.MarkRead(t.Context(), w.focal, topic.ID, 3), errs.Denied)
		d, err := w.Draft(t.Context(), next, at)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]string{"body": "ended by Nia", "lang": "en"}, d.Fields); diff != "" || d.By.Name != "Nia" {
			t.Errorf("the draft by %s (-want +got):\n%s", d.By.Name, diff)
		}
	})
}
