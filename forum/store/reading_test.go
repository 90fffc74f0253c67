package store_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

// unread is what a member has not read of a room, by topic.
func (w *world) unread(t *testing.T, m forum.Member, slug string) map[int64]int {
	t.Helper()
	room, err := w.Room(t.Context(), m, slug)
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.Unread(t.Context(), m, room)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func (w *world) wantUnread(t *testing.T, what string, m forum.Member, slug string, want map[int64]int) {
	t.Helper()
	if diff := cmp.Diff(want, w.unread(t, m, slug)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestAMarkOnlyMovesForward(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		topic := w.start(t, w.other, newTopic("members", "one"))
		for range 4 {
			w.reply(t, w.other, topic.ID, newPost("more"))
		}
		w.wantUnread(t, "before anything is read", w.focal, "members", map[int64]int{topic.ID: 5})
		for _, step := range []struct{ mark, want int }{{3, 3}, {2, 3}, {99, 5}, {4, 5}} {
			if err := w.MarkRead(t.Context(), w.focal, topic.ID, step.mark); err != nil {
				t.Fatal(err)
			}
			if got, err := w.ReadUpTo(t.Context(), w.focal, topic.ID); err != nil || got != step.want {
				t.Errorf("after MarkRead(%d) ReadUpTo = %d, %v; want %d", step.mark, got, err, step.want)
			}
		}
		w.wantUnread(t, "read to the end", w.focal, "members", map[int64]int{})
		w.wantUnread(t, "of another seat of the same delegation", w.expert, "members", map[int64]int{topic.ID: 5})
		wantKind(t, "MarkRead of a hidden topic", w.MarkRead(t.Context(), w.other, w.start(t, w.focal, newTopic("drafting", "x")).ID, 1), errs.NotFound)
		wantKind(t, "MarkRead of a visitor", w.MarkRead(t.Context(), w.visitor, topic.ID, 1), errs.Unauthenticated)
	})
}

func TestOnesOwnPostIsReadAndOthersStayUnread(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		topic := w.start(t, w.focal, newTopic("members", "one"))
		w.reply(t, w.focal, topic.ID, newPost("two"))
		w.wantUnread(t, "after two posts of one's own", w.focal, "members", map[int64]int{})
		w.reply(t, w.other, topic.ID, newPost("three"))
		w.reply(t, w.focal, topic.ID, newPost("four"))
		w.wantUnread(t, "after a post that one did not see", w.focal, "members", map[int64]int{topic.ID: 2})
	})
}

func TestAllIsMarkedAsReadButWhatCameLater(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.start(t, w.other, newTopic("members", "a"))
		b := w.start(t, w.other, newTopic("members", "b"))
		quiet := w.start(t, w.other, newTopic("quiet", "c"))
		seq, err := w.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		w.reply(t, w.other, b.ID, newPost("later"))
		if err := w.MarkAllRead(t.Context(), w.focal, "members", seq); err != nil {
			t.Fatal(err)
		}
		w.wantUnread(t, "of the room", w.focal, "members", map[int64]int{b.ID: 1})
		w.wantUnread(t, "of another room", w.focal, "quiet", map[int64]int{quiet.ID: 1})
		if err := w.MarkAllRead(t.Context(), w.focal, "", seq+1); err != nil {
			t.Fatal(err)
		}
		w.wantUnread(t, "of another room", w.focal, "quiet", map[int64]int{})
		w.wantUnread(t, "for others", w.expert, "members", map[int64]int{a.ID: 1, b.ID: 2})
		wantKind(t, "MarkAllRead of a hidden room", w.MarkAllRead(t.Context(), w.other, "drafting", seq), errs.NotFound)
	})
}

func TestAReleasedPostIsUnreadAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		list := rooms()
		list[1].Hold = forum.HoldFirst
		if err := w.SeedRooms(t.Context(), list); err != nil {
			t.Fatal(err)
		}
		topic := w.start(t, w.secretary, newTopic("members", "one"))
		held := w.reply(t, w.other, topic.ID, newPost("two, held"))
		w.reply(t, w.secretary, topic.ID, newPost("three"))
		for _, m := range []forum.Member{w.expert, w.other} {
			if err := w.MarkRead(t.Context(), m, topic.ID, 3); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Release(t.Context(), w.secretary, held.ID); err != nil {
			t.Fatal(err)
		}
		w.wantUnread(t, "after the release, for who had passed its place", w.expert, "members", map[int64]int{topic.ID: 2})
		w.wantUnread(t, "after the release, for its author", w.other, "members", map[int64]int{})
	})
}

// mention names a delegation or a person in a post.
func (w *world) mention(t *testing.T, post int64, delegation, person any) {
	t.Helper()
	err := w.db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO mentions (post, delegation, person) VALUES ($1, $2, $3)`, post, delegation, person)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsNewForASeat(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		query := newTopic("members", "who asks for visas?")
		query.Kind = forum.Query
		asked := w.start(t, w.other, query)
		circular := newTopic("members", "take note")
		circular.Kind = forum.Circular
		w.start(t, w.secretary, circular)
		secret := w.start(t, w.focal, newTopic("drafting", "hidden"))
		named := w.reply(t, w.other, asked.ID, newPost("Fay?"))
		w.mention(t, named.ID, nil, w.focal.ID)
		w.mention(t, named.ID, "AAA", nil)
		v, err := w.Thread(t.Context(), w.focal, secret.ID, 1)
		if err != nil {
			t.Fatal(err)
		}
		w.mention(t, v.Posts[0].ID, "BBB", nil) // who may not read it

		news := func(m forum.Member) (got struct{ Mentions, Queries, Circulars, Topics, Posts int }) {
			t.Helper()
			n, err := w.News(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			got.Mentions, got.Queries, got.Circulars, got.Topics, got.Posts = len(n.Mentions), len(n.Queries), len(n.Circulars), n.Topics, n.Posts
			return got
		}
		type counts = struct{ Mentions, Queries, Circulars, Topics, Posts int }
		for _, test := range []struct {
			name string
			m    forum.Member
			want counts
		}{
			{"the focal point", w.focal, counts{1, 1, 1, 2, 3}},
			{"an expert acknowledges nothing", w.expert, counts{1, 1, 0, 2, 3}},
			{"who asked", w.other, counts{0, 0, 0, 1, 1}},
			{"an observer is asked nothing", w.eye, counts{0, 0, 0, 2, 3}},
		} {
			if got := news(test.m); got != test.want {
				t.Errorf("news for %s = %+v, want %+v", test.name, got, test.want)
			}
		}
		w.reply(t, w.expert, asked.ID, newPost("We do."))
		if err := w.MarkRead(t.Context(), w.focal, asked.ID, 2); err != nil {
			t.Fatal(err)
		}
		if got, want := news(w.focal), (counts{0, 0, 1, 2, 2}); got != want {
			t.Errorf("after a colleague's answer and a look, news = %+v, want %+v", got, want)
		}
		_, err = w.News(t.Context(), w.visitor)
		wantKind(t, "News of a visitor", err, errs.Unauthenticated)
	})
}
