package store_test

import (
	"math"
	"testing"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/errs"
)

// held is a world whose public room holds first posts.
func held(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	each(t, func(t *testing.T, w *world) {
		all := rooms()
		all[0].Hold = forum.HoldFirst
		if err := w.SeedRooms(t.Context(), all); err != nil {
			t.Fatal(err)
		}
		test(t, w)
	})
}

func kinds(t *testing.T, w *world, m forum.Member) (all []forum.EventKind) {
	t.Helper()
	events, _, err := w.EventsAfter(t.Context(), m, 0, store.MaxEvents)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		all = append(all, e.Kind)
	}
	return all
}

func TestAFirstTopicWaitsForTheSecretariat(t *testing.T) {
	held(t, func(t *testing.T, w *world) {
		topic := w.start(t, w.expert, newTopic("public", "Text"))
		if got := kinds(t, w, w.expert); len(got) != 0 {
			t.Errorf("events of a held topic = %v, want none", got)
		}
		for name, m := range map[string]forum.Member{"another member": w.other, "a visitor": w.visitor, "their own focal point": w.focal} {
			if _, err := w.Thread(t.Context(), m, topic.ID, 1); err == nil {
				t.Errorf("%s reads a held topic", name)
			}
			if v, err := w.Topics(t.Context(), m, "public", 1); err != nil || len(v.Topics) != 0 || v.Total != 0 {
				t.Errorf("%s sees %d held topics in the list, %v", name, v.Total, err)
			}
		}
		for name, m := range map[string]forum.Member{"the author": w.expert, "the secretariat": w.secretary} {
			v, err := w.Thread(t.Context(), m, topic.ID, 1)
			if err != nil || len(v.Posts) != 1 || v.Posts[0].Body != "Text" || !v.Posts[0].Held {
				t.Fatalf("%s reads %+v, %v", name, v.Posts, err)
			}
		}
		waiting, err := w.ToModerate(t.Context(), w.secretary)
		if err != nil || len(waiting.Held) != 1 {
			t.Fatalf("ToModerate = %+v, %v, want one post", waiting, err)
		}
		post := waiting.Held[0].Post.ID
		if err := w.Release(t.Context(), w.focal, post); err == nil {
			t.Error("a focal point lets a post through")
		}
		for range 2 {
			if err := w.Release(t.Context(), w.secretary, post); err != nil {
				t.Fatal(err)
			}
		}
		if got := kinds(t, w, w.other); len(got) != 2 || got[0] != forum.EventTopic || got[1] != forum.EventPost {
			t.Errorf("events after letting through twice = %v, want one topic and one post", got)
		}
		if second := w.reply(t, w.expert, topic.ID, newPost("More")); second.Held {
			t.Errorf("the second post = %+v, want one that does not wait", second)
		}
	})
}

func TestAHeldReplyIsAPlaceWithoutAName(t *testing.T) {
	held(t, func(t *testing.T, w *world) {
		topic := w.start(t, w.secretary, newTopic("public", "First"))
		mine := w.reply(t, w.expert, topic.ID, forum.NewPost{Body: "Secret words", BodyLang: "en", ReplyTo: 1})
		if !mine.Held || mine.Body == "" {
			t.Fatalf("Reply = %+v, want a held post with its words", mine)
		}
		v, err := w.Thread(t.Context(), w.other, topic.ID, 1)
		if err != nil {
			t.Fatal(err)
		}
		last := v.Posts[len(v.Posts)-1]
		if !last.Held || last.Body != "" || last.HTML != "" || last.Author.Name != "" || last.Author.Delegation.Code != "" || last.ReplyTo != 0 {
			t.Errorf("another member sees %+v", last)
		}
		found, _, err := w.Find(t.Context(), mine.ID)
		if err != nil || !found.Post.Withheld() || found.Post.Body != "" {
			t.Errorf("search is given %+v, %v", found.Post, err)
		}
	})
}

func TestAHiddenPostCanComeBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		topic := w.start(t, w.expert, newTopic("members", "First"))
		post := w.reply(t, w.expert, topic.ID, newPost("Words"))
		if err := w.Hide(t.Context(), w.other, post.ID, "because"); err == nil {
			t.Error("a member hides another's post")
		}
		if err := w.Hide(t.Context(), w.secretary, post.ID, " "); errs.KindOf(err) != errs.Invalid {
			t.Errorf("Hide without a reason = %v", err)
		}
		if err := w.Hide(t.Context(), w.secretary, post.ID, "Names a person"); err != nil {
			t.Fatal(err)
		}
		for name, m := range map[string]forum.Member{"its author": w.expert, "another": w.other} {
			v, err := w.Post(t.Context(), m, post.ID)
			if err != nil || v.Post.Body != "" || v.Post.HTML != "" || v.Post.Hidden == nil || v.Post.Hidden.Reason != "Names a person" {
				t.Errorf("%s sees %+v, %v", name, v.Post, err)
			}
			if _, err := w.History(t.Context(), m, post.ID); err == nil {
				t.Errorf("%s reads the history of a hidden post", name)
			}
		}
		if v, err := w.Post(t.Context(), w.secretary, post.ID); err != nil || v.Post.Body != "Words" {
			t.Errorf("the secretariat sees %+v, %v", v.Post, err)
		}
		if err := w.Show(t.Context(), w.secretary, post.ID); err != nil {
			t.Fatal(err)
		}
		if v, err := w.Post(t.Context(), w.other, post.ID); err != nil || v.Post.Body != "Words" || v.Post.Hidden != nil {
			t.Errorf("shown again, another sees %+v, %v", v.Post, err)
		}
	})
}

func TestReports(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		topic := w.start(t, w.expert, newTopic("members", "First"))
		post := w.reply(t, w.expert, topic.ID, newPost("Words"))
		for name, m := range map[string]forum.Member{"its author": w.expert, "a visitor": w.visitor, "the secretariat": w.secretary} {
			if err := w.Report(t.Context(), m, post.ID, "why"); err == nil {
				t.Errorf("%s reports the post", name)
			}
		}
		for _, why := range []string{"rude", "very rude"} {
			if err := w.Report(t.Context(), w.eye, post.ID, why); err != nil {
				t.Fatal(err)
			}
		}
		waiting, err := w.ToModerate(t.Context(), w.secretary)
		if err != nil || len(waiting.Reports) != 1 || waiting.Reports[0].Why != "very rude" || waiting.Reports[0].By.Name != "Ida" {
			t.Fatalf("ToModerate = %+v, %v", waiting.Reports, err)
		}
		if _, err := w.ToModerate(t.Context(), w.focal); err == nil {
			t.Error("a focal point reads the reports")
		}
		if err := w.Settle(t.Context(), w.other, waiting.Reports[0].ID, ""); err == nil {
			t.Error("a member settles a report")
		}
		if err := w.Settle(t.Context(), w.secretary, waiting.Reports[0].ID, "spoken with the author"); err != nil {
			t.Fatal(err)
		}
		if waiting, err = w.ToModerate(t.Context(), w.secretary); err != nil || len(waiting.Reports) != 0 {
			t.Errorf("after settling = %+v, %v", waiting.Reports, err)
		}
	})
}

func TestMembersReadTheLogOfTheirRooms(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		open, closed := w.start(t, w.expert, newTopic("members", "First")), w.start(t, w.focal, newTopic("drafting", "First"))
		for _, topic := range []int64{open.ID, closed.ID} {
			if err := w.SetLocked(t.Context(), w.secretary, topic, true); err != nil {
				t.Fatal(err)
			}
		}
		for _, test := range []struct {
			name string
			m    forum.Member
			want int
		}{{"one of the group", w.focal, 2}, {"one who is not", w.other, 1}, {"the secretariat", w.secretary, 2}} {
			deeds, next, err := w.Deeds(t.Context(), test.m, math.MaxInt64)
			if err != nil || len(deeds) != test.want || next != 0 {
				t.Errorf("%s reads %d deeds, next %d, %v; want %d", test.name, len(deeds), next, err, test.want)
			}
		}
		if _, _, err := w.Deeds(t.Context(), w.visitor, math.MaxInt64); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("a visitor reads the log: %v", err)
		}
	})
}
