package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/database"
	"cmc/internal/errs"
	"cmc/internal/testkit"
)

// world is a forum with a few people in it.
type world struct {
	*store.Store
	db                                   *database.DB
	secretary, focal, expert, other, eye forum.Member
	visitor                              forum.Member
}

func rooms() []forum.Room {
	title := func(s string) map[string]string { return map[string]string{"en": s} }
	return []forum.Room{
		{Slug: "public", Titles: title("Public"), Visibility: forum.Public, Policy: forum.Attributed},
		{Slug: "members", Titles: title("Members"), Visibility: forum.Members, Policy: forum.Attributed},
		{Slug: "drafting", Titles: title("Drafting"), Visibility: "group:drafting", Policy: forum.Attributed},
		{Slug: "quiet", Titles: title("Quiet"), Visibility: forum.Members, Policy: forum.DelegationOnly},
		{Slug: "chatham", Titles: title("Chatham"), Visibility: forum.Members, Policy: forum.Chatham},
	}
}

func newWorld(t *testing.T, db *database.DB) *world {
	t.Helper()
	w := &world{
		Store: store.New(db, nil), db: db,
		secretary: testkit.Seat(t, db, "Sam", forum.RoleSecretariat, "SEC"),
		focal:     testkit.Seat(t, db, "Fay", forum.RoleFocalPoint, "AAA"),
		expert:    testkit.Seat(t, db, "Eve", forum.RoleExpert, "AAA"),
		other:     testkit.Seat(t, db, "Oto", forum.RoleExpert, "BBB"),
		eye:       testkit.Seat(t, db, "Ida", forum.RoleObserver, "OBS"),
	}
	w.focal.Groups = []string{"drafting"}
	if err := w.SeedRooms(t.Context(), rooms()); err != nil {
		t.Fatal(err)
	}
	return w
}

// each runs a test in a new world on each engine.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	testkit.Databases(t, func(t *testing.T, db *database.DB) { test(t, newWorld(t, db)) })
}

func newTopic(room, body string) forum.NewTopic {
	return forum.NewTopic{Room: room, Title: "Title of " + body, Lang: "en", NewPost: forum.NewPost{Body: body}}
}

func newPost(body string) forum.NewPost { return forum.NewPost{Body: body, BodyLang: "en"} }

func (w *world) start(t *testing.T, m forum.Member, n forum.NewTopic) forum.Topic {
	t.Helper()
	topic, err := w.Start(t.Context(), m, n)
	if err != nil {
		t.Fatalf("Start(%q) = %v", n.Title, err)
	}
	return topic
}

func (w *world) reply(t *testing.T, m forum.Member, topic int64, n forum.NewPost) forum.Post {
	t.Helper()
	post, err := w.Reply(t.Context(), m, topic, n)
	if err != nil {
		t.Fatalf("Reply(%q) = %v", n.Body, err)
	}
	return post
}

func wantKind(t *testing.T, what string, err error, want errs.Kind) {
	t.Helper()
	if err == nil || errs.KindOf(err) != want {
		t.Errorf("%s = %v, want an error of kind %s", what, err, want)
	}
}

func TestATopicAndItsPosts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		topic := w.start(t, w.focal, newTopic("members", "# One"))
		for i := 2; i <= 45; i++ {
			n := newPost(fmt.Sprintf("Post %d", i))
			n.ReplyTo = 1
			if got := w.reply(t, w.other, topic.ID, n); got.Number != i {
				t.Fatalf("Reply is number %d, want %d", got.Number, i)
			}
		}
		v, err := w.Thread(t.Context(), w.expert, topic.ID, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Posts) != 20 || v.Pages != 3 || v.Topic.Posts != 45 || v.Seq == 0 {
			t.Errorf("first page has %d posts of %d on %d pages, seq %d; want 20 of 45 on 3", len(v.Posts), v.Topic.Posts, v.Pages, v.Seq)
		}
		first := v.Posts[0]
		if first.HTML != "<h4>One</h4>\n" || first.Author.Name != "Fay" || first.Author.Delegation.Name("fr") != "Delegation AAA" || first.Mine {
			t.Errorf("first post = %+v", first)
		}
		if v, err = w.Thread(t.Context(), w.other, topic.ID, 99); err != nil || v.Page != 3 || len(v.Posts) != 5 || !v.Posts[4].Mine {
			t.Errorf("page 99 = page %d with %d posts, %v; want the last, 3, with 5", v.Page, len(v.Posts), err)
		}
		if v, err = w.PostsAfter(t.Context(), w.other, topic.ID, 43); err != nil || len(v.Posts) != 2 || v.Posts[0].Number != 44 {
			t.Errorf("PostsAfter(43) = %d posts, %v; want 44 and 45", len(v.Posts), err)
		}
		place, err := w.Post(t.Context(), w.other, v.Posts[0].ID)
		if err != nil || place.Page != 3 || place.Room.Slug != "members" {
			t.Errorf("Post = page %d of room %q, %v; want 3 of members", place.Page, place.Room.Slug, err)
		}
	})
}

func TestRoomsShowWhatAMemberMayRead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, test := range []struct {
			name string
			m    forum.Member
			want []string
		}{
			{"a visitor", w.visitor, []string{"public"}},
			{"a member", w.expert, []string{"public", "members", "quiet", "chatham"}},
			{"a member of the group", w.focal, []string{"public", "members", "drafting", "quiet", "chatham"}},
			{"an observer", w.eye, []string{"public", "members", "quiet", "chatham"}},
		} {
			views, err := w.Rooms(t.Context(), test.m)
			var got []string
			for _, v := range views {
				got = append(got, v.Slug)
			}
			if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
				t.Errorf("Rooms of %s: %v (-want +got):\n%s", test.name, err, diff)
			}
		}
	})
}

func TestWordsThatWereAddedToASentPostAreNotDropped(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		topic := w.start(t, w.focal, newTopic("members", "one"))
		n := newPost("once")
		n.ClientID = "client-id-1"
		first := w.reply(t, w.expert, topic.ID, n)
		n.Body = "once, and more"
		_, err := w.Reply(t.Context(), w.expert, topic.ID, n)
		wantKind(t, "a longer text under the same client id", err, errs.Conflict)
		n.Body = "once"
		if _, err := w.Edit(t.Context(), w.expert, first.ID, forum.NewText{Body: "edited since", Lang: "en", Revision: 1}); err != nil {
			t.Fatal(err)
		}
		if again := w.reply(t, w.expert, topic.ID, n); again.ID != first.ID {
			t.Errorf("the first sending, repeated after an edit, made post %d, want %d", again.ID, first.ID)
		}
	})
}

func TestTheSamePostSentTwiceIsOne(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		one, two := w.start(t, w.focal, newTopic("members", "one")), w.start(t, w.focal, newTopic("members", "two"))
		n := newPost("once")
		n.ClientID = "client-id-1"
		var mu sync.Mutex
		ids := map[int64]int{}
		var wg sync.WaitGroup
		for i := range 16 {
			topic := one.ID
			if i%4 == 3 {
				topic = two.ID // even to another topic it is the same post
			}
			wg.Go(func() {
				post, err := w.Reply(t.Context(), w.expert, topic, n)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				ids[post.ID]++
			})
		}
		wg.Wait()
		if len(ids) != 1 {
			t.Errorf("16 sendings made the posts %v, want one", ids)
		}
		if err := w.SetLocked(t.Context(), w.secretary, one.ID, true); err != nil {
			t.Fatal(err)
		}
		if err := w.SetLocked(t.Context(), w.secretary, two.ID, true); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Reply(t.Context(), w.expert, one.ID, n); err != nil {
			t.Errorf("sent again after the topic was locked = %v, want the first post", err)
		}
		start := newTopic("members", "x")
		start.ClientID = "client-id-2"
		a, b := w.start(t, w.expert, start), w.start(t, w.expert, start)
		if a.ID != b.ID || b.Posts != 1 {
			t.Errorf("a topic sent twice made %d and %d with %d posts, want one with one", a.ID, b.ID, b.Posts)
		}
	})
}

func TestARecordHasOneTopic(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ids := make([]int64, 8)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				n := newTopic("members", fmt.Sprint("voice ", i))
				n.Record = "practice-rrtm"
				if i == 0 {
					n.Body = "" // only opens it
				}
				topic, err := w.Start(t.Context(), w.expert, n)
				if err != nil {
					t.Error(err)
				}
				ids[i] = topic.ID
			})
		}
		wg.Wait()
		for _, id := range ids {
			if id != ids[0] {
				t.Fatalf("topics %v, want one", ids)
			}
		}
		topic, err := w.TopicForRecord(t.Context(), w.other, "practice-rrtm")
		if err != nil || topic.ID != ids[0] || topic.Posts != 7 || topic.Record != "practice-rrtm" {
			t.Errorf("TopicForRecord = %+v, %v; want topic %d with 7 posts", topic, err, ids[0])
		}
	})
}

func TestEditKeepsWhatWasSaid(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		topic := w.start(t, w.focal, newTopic("members", "first"))
		post := w.reply(t, w.expert, topic.ID, newPost("second"))
		edit := func(m forum.Member, body string, revision int) (forum.Post, error) {
			return w.Edit(t.Context(), m, post.ID, forum.NewText{Body: body, Lang: "en", Revision: revision})
		}
		edited, err := edit(w.expert, "better", 1)
		if err != nil || edited.Body != "better" || edited.Revision != 2 || edited.EditedAt.IsZero() || edited.HTML != "<p>better</p>\n" {
			t.Fatalf("Edit = %+v, %v", edited, err)
		}
		_, err = edit(w.expert, "from an old page", 1)
		wantKind(t, "Edit of an old revision", err, errs.Conflict)
		if again, err := edit(w.expert, "better", 1); err != nil || again.Revision != 2 {
			t.Errorf("the same edit sent twice = revision %d, %v; want 2 and no conflict", again.Revision, err)
		}
		_, err = edit(w.other, "theirs", 2)
		wantKind(t, "Edit of somebody else's post", err, errs.Denied)
		_, err = edit(w.secretary, "ours", 2)
		wantKind(t, "Edit by the secretariat", err, errs.Denied)
		h, err := w.History(t.Context(), w.other, post.ID)
		if err != nil || len(h.Revisions) != 2 || h.Revisions[0].Body != "second" || h.Revisions[1].Body != "better" {
			t.Errorf("History = %+v, %v; want second, better", h.Revisions, err)
		}
	})
}

func TestRemoveLeavesATrace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		topic := w.start(t, w.focal, newTopic("members", "first"))
		post := w.reply(t, w.expert, topic.ID, newPost("unwise"))
		wantKind(t, "Remove of somebody else's post", w.Remove(t.Context(), w.other, post.ID, ""), errs.Denied)
		for range 2 { // the second time nothing happens
			if err := w.Remove(t.Context(), w.secretary, post.ID, "names a person"); err != nil {
				t.Fatal(err)
			}
		}
		v, err := w.Thread(t.Context(), w.other, topic.ID, 1)
		if err != nil {
			t.Fatal(err)
		}
		got := v.Posts[1]
		if got.Body != "" || got.HTML != "" || got.Removed == nil || got.Removed.ByAuthor || got.Removed.Reason != "names a person" || got.Number != 2 {
			t.Errorf("removed post = %+v, want its number and the trace alone", got)
		}
		_, err = w.History(t.Context(), w.expert, post.ID)
		wantKind(t, "History of a removed post", err, errs.Denied)
		if h, err := w.History(t.Context(), w.secretary, post.ID); err != nil || h.Revisions[0].Body != "unwise" {
			t.Errorf("History for the secretariat = %+v, %v", h.Revisions, err)
		}
		found, ok, err := w.Find(t.Context(), post.ID)
		if err != nil || !ok || found.Post.Body != "" || found.Post.HTML != "" {
			t.Errorf("Find = %+v, %t, %v; want no text for search", found.Post, ok, err)
		}
		if next := w.reply(t, w.expert, topic.ID, newPost("third")); next.Number != 3 {
			t.Errorf("next number = %d, want 3: a number is never given twice", next.Number)
		}
	})
}

func TestPinnedTopicsComeFirstThenTheLiveliest(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		w := newWorld(t, db)
		clock := time.UnixMilli(1_000_000)
		w.Store = store.New(db, func() time.Time { clock = clock.Add(time.Second); return clock })
		a, b, c := w.start(t, w.focal, newTopic("members", "a")), w.start(t, w.focal, newTopic("members", "b")), w.start(t, w.focal, newTopic("members", "c"))
		if err := w.SetPinned(t.Context(), w.secretary, b.ID, true); err != nil {
			t.Fatal(err)
		}
		w.reply(t, w.other, a.ID, newPost("lively"))
		v, err := w.Topics(t.Context(), w.other, "members", 7)
		if err != nil || v.Page != 1 || v.Total != 3 {
			t.Fatalf("Topics = page %d of %d topics, %v", v.Page, v.Total, err)
		}
		got := []int64{v.Topics[0].ID, v.Topics[1].ID, v.Topics[2].ID}
		if diff := cmp.Diff([]int64{b.ID, a.ID, c.ID}, got); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

func TestEveryChangeIsInTheLog(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		topic := w.start(t, w.focal, newTopic("members", "first"))
		post := w.reply(t, w.expert, topic.ID, newPost("second"))
		_, err := w.Edit(ctx, w.expert, post.ID, forum.NewText{Body: "better", Lang: "en", Revision: 1})
		err = errors.Join(err, w.Remove(ctx, w.expert, post.ID, ""), w.SetLocked(ctx, w.secretary, topic.ID, true))
		if err != nil {
			t.Fatal(err)
		}
		events, last, err := w.EventsAfter(ctx, w.other, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		var got []forum.EventKind
		for i, e := range events {
			got = append(got, e.Kind)
			if i > 0 && e.Seq <= events[i-1].Seq || e.Topic != topic.ID || e.At.IsZero() {
				t.Errorf("event %d = %+v", i, e)
			}
		}
		want := []forum.EventKind{forum.EventTopic, forum.EventPost, forum.EventPost, forum.EventEdit, forum.EventRemove, forum.EventState}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("log (-want +got):\n%s", diff)
		}
		if _, again, err := w.EventsAfter(ctx, w.other, last, 100); err != nil || again != last {
			t.Errorf("EventsAfter at the head = %d, %v; want %d", again, err, last)
		}
		if events, next, err := w.EventsAfter(ctx, w.other, 0, 2); err != nil || len(events) != 2 || next != events[1].Seq {
			t.Errorf("EventsAfter with a limit = %d events, next %d, %v", len(events), next, err)
		}
		if events, next, err := w.EventsAfter(ctx, w.visitor, 0, 100); err != nil || len(events) != 0 || next != 0 {
			t.Errorf("EventsAfter of a visitor = %d events, next %d, %v; want none and the 0 they sent", len(events), next, err)
		}
		text, err := events[1].MarshalJSON()
		if err != nil || !strings.HasPrefix(string(text), fmt.Sprintf(`{"seq":%d,"kind":"post","topic":%d,"post":`, events[1].Seq, topic.ID)) {
			t.Errorf("event as JSON = %s, %v", text, err)
		}
	})
}

func TestEachPostReachesSearch(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		topic := w.start(t, w.focal, newTopic("drafting", "first"))
		w.reply(t, w.focal, topic.ID, newPost("second"))
		var got []string
		err := w.EachPost(t.Context(), func(f store.Found) error {
			got = append(got, f.Room.Visibility.Audience()+" "+f.Post.Body)
			return nil
		})
		if diff := cmp.Diff([]string{"group:drafting first", "group:drafting second"}, got); err != nil || diff != "" {
			t.Errorf("EachPost: %v (-want +got):\n%s", err, diff)
		}
	})
}
