package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

// TestWhatIsHiddenLooksLikeWhatIsNotThere tries every door with a topic that
// the caller may not read and with one that does not exist.
func TestWhatIsHiddenLooksLikeWhatIsNotThere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := newTopic("drafting", "secret")
		n.Record = "practice-a"
		topic := w.start(t, w.focal, n)
		v, err := w.Thread(t.Context(), w.focal, topic.ID, 1)
		if err != nil {
			t.Fatal(err)
		}
		post, ctx := v.Posts[0].ID, t.Context()
		for _, who := range []struct {
			m    forum.Member
			want errs.Kind
		}{{w.visitor, errs.Unauthenticated}, {w.other, errs.NotFound}, {w.eye, errs.NotFound}} {
			doors := map[string]func(topic, post int64, slug, record string) error{
				"Room":           func(_, _ int64, s, _ string) error { _, err := w.Room(ctx, who.m, s); return err },
				"Topics":         func(_, _ int64, s, _ string) error { _, err := w.Topics(ctx, who.m, s, 1); return err },
				"Thread":         func(t, _ int64, _, _ string) error { _, err := w.Thread(ctx, who.m, t, 1); return err },
				"PostsAfter":     func(t, _ int64, _, _ string) error { _, err := w.PostsAfter(ctx, who.m, t, 0); return err },
				"TopicForRecord": func(_, _ int64, _, r string) error { _, err := w.TopicForRecord(ctx, who.m, r); return err },
				"Post":           func(_, p int64, _, _ string) error { _, err := w.Post(ctx, who.m, p); return err },
				"History":        func(_, p int64, _, _ string) error { _, err := w.History(ctx, who.m, p); return err },
				"Start":          func(_, _ int64, s, _ string) error { _, err := w.Start(ctx, who.m, newTopic(s, "x")); return err },
				"Reply":          func(t, _ int64, _, _ string) error { _, err := w.Reply(ctx, who.m, t, newPost("x")); return err },
				"Edit": func(_, p int64, _, _ string) error {
					_, err := w.Edit(ctx, who.m, p, forum.NewText{Body: "x", Lang: "en", Revision: 1})
					return err
				},
				"Remove":    func(_, p int64, _, _ string) error { return w.Remove(ctx, who.m, p, "") },
				"SetLocked": func(t, _ int64, _, _ string) error { return w.SetLocked(ctx, who.m, t, true) },
				"SetPinned": func(t, _ int64, _, _ string) error { return w.SetPinned(ctx, who.m, t, true) },
			}
			for name, open := range doors {
				there, nowhere := open(topic.ID, post, "drafting", "practice-a"), open(9999, 9999, "nowhere", "practice-none")
				wantKind(t, name, there, who.want)
				if there != nil && nowhere != nil && there.Error() != nowhere.Error() {
					t.Errorf("%s tells a hidden thing (%v) from a missing one (%v)", name, there, nowhere)
				}
			}
			events, _, err := w.EventsAfter(ctx, who.m, 0, 100)
			if err != nil || len(events) != 0 {
				t.Errorf("EventsAfter = %d events, %v; want none of a hidden room", len(events), err)
			}
		}
	})
}

func TestWhoHasNoVoice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		topic := w.start(t, w.focal, newTopic("public", "open"))
		_, err := w.Reply(t.Context(), w.visitor, topic.ID, newPost("x"))
		wantKind(t, "Reply of a visitor", err, errs.Unauthenticated)
		_, err = w.Reply(t.Context(), w.eye, topic.ID, newPost("x"))
		wantKind(t, "Reply of an observer", err, errs.Denied)
		position := newPost("x")
		position.Capacity = forum.Position
		_, err = w.Reply(t.Context(), w.expert, topic.ID, position)
		wantKind(t, "a position from an expert", err, errs.Denied)
		w.reply(t, w.focal, topic.ID, position)

		promoted := w.expert // a member who claims a seat that is not theirs
		promoted.Role = forum.RoleFocalPoint
		_, err = w.Reply(t.Context(), promoted, topic.ID, position)
		wantKind(t, "a position with a claimed role", err, errs.Denied)

		if err := w.SetLocked(t.Context(), w.secretary, topic.ID, true); err != nil {
			t.Fatal(err)
		}
		_, err = w.Reply(t.Context(), w.focal, topic.ID, newPost("x"))
		wantKind(t, "Reply in a locked topic", err, errs.Denied)
		wantKind(t, "SetLocked of a focal point", w.SetLocked(t.Context(), w.focal, topic.ID, false), errs.Denied)
	})
}

func TestWhoLostTheirSeatMeanwhile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		topic := w.start(t, w.focal, newTopic("public", "open"))
		exec := func(query string, id int64) {
			t.Helper()
			if err := w.db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error {
				_, err := tx.ExecContext(ctx, query, id)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		exec(`UPDATE occupancies SET until = 5 WHERE person = $1`, w.expert.ID)
		_, err := w.Reply(t.Context(), w.expert, topic.ID, newPost("x"))
		wantKind(t, "Reply of who left the seat", err, errs.Denied)
		exec(`UPDATE persons SET suspended_at = 5 WHERE id = $1`, w.focal.ID)
		_, err = w.Start(t.Context(), w.focal, newTopic("public", "x"))
		wantKind(t, "Start of who is suspended", err, errs.Denied)
	})
}

func TestAttributionIsKeptOnEveryChannel(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, test := range []struct{ room, inRoom, elsewhere string }{
			{"members", "Eve AAA", "Eve AAA"}, {"quiet", " AAA", " AAA"}, {"chatham", "Eve AAA", " "},
		} {
			topic := w.start(t, w.expert, newTopic(test.room, "said"))
			say := func(a forum.Author) string { return a.Name + " " + a.Delegation.Code }
			v, err := w.Thread(t.Context(), w.other, topic.ID, 1)
			if err != nil {
				t.Fatal(err)
			}
			list, err := w.Topics(t.Context(), w.other, test.room, 1)
			if err != nil {
				t.Fatal(err)
			}
			found, _, err := w.Find(t.Context(), v.Posts[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			for channel, got := range map[string]forum.Author{"post": v.Posts[0].Author, "topic": v.Topic.Author, "list": list.Topics[0].Author} {
				if say(got) != test.inRoom || (got.Name == "") != (got.Person == 0) {
					t.Errorf("%s: %s says %+v, want %q", test.room, channel, got, test.inRoom)
				}
			}
			for channel, got := range map[string]forum.Author{"search": found.Post.Author, "topic in search": found.Topic.Author} {
				if say(got) != test.elsewhere {
					t.Errorf("%s: %s says %+v, want %q", test.room, channel, got, test.elsewhere)
				}
			}
			if own, err := w.Thread(t.Context(), w.expert, topic.ID, 1); err != nil || !own.Posts[0].Mine {
				t.Errorf("%s: the author does not know the post as theirs (%v)", test.room, err)
			}
		}
	})
}

func TestSeedRoomsBetraysNobody(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		change := func(slug string, change func(*forum.Room)) error {
			list := rooms()
			for i := range list {
				if list[i].Slug == slug {
					change(&list[i])
				}
			}
			return w.SeedRooms(t.Context(), list)
		}
		open := func(r *forum.Room) { r.Visibility = forum.Public }
		if err := errors.Join(change("chatham", open), w.SeedRooms(t.Context(), rooms())); err != nil {
			t.Errorf("opening an empty room = %v, want nil", err)
		}
		w.start(t, w.expert, newTopic("chatham", "said in confidence"))
		for name, err := range map[string]error{
			"more readers":    change("chatham", open),
			"names elsewhere": change("chatham", func(r *forum.Room) { r.Policy = forum.Attributed }),
		} {
			if err == nil || !strings.Contains(err.Error(), "make a new room instead") {
				t.Errorf("SeedRooms with %s = %v, want a refusal that says what to do", name, err)
			}
		}
		if err := w.SeedRooms(t.Context(), rooms()[:1]); err != nil {
			t.Fatal(err)
		}
		views, err := w.Rooms(t.Context(), w.expert)
		if err != nil || len(views) != 2 || !views[1].Archived || views[1].Slug != "chatham" {
			t.Errorf("Rooms after others were taken out = %+v, %v; want public, and chatham archived", views, err)
		}
		_, err = w.Start(t.Context(), w.expert, newTopic("chatham", "x"))
		wantKind(t, "Start in an archived room", err, errs.Denied)
	})
}
