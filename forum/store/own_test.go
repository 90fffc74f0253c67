package store_test

import (
	"testing"

	"cmc/forum"
)

func TestAPersonCarriesAwayTheirOwnAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		topic := w.start(t, w.focal, newTopic("drafting", "Mine"))
		w.reply(t, w.secretary, topic.ID, newPost("Not mine"))
		mine := w.reply(t, w.focal, topic.ID, forum.NewPost{Body: "Once", BodyLang: "en", ReplyTo: 2})
		if _, err := w.Edit(t.Context(), w.focal, mine.ID, forum.NewText{Body: "Twice", Lang: "es", Revision: 1}); err != nil {
			t.Fatal(err)
		}
		gone := w.reply(t, w.focal, topic.ID, newPost("Gone"))
		if err := w.Remove(t.Context(), w.focal, gone.ID, ""); err != nil {
			t.Fatal(err)
		}
		left := w.focal
		left.Groups = nil // may not read the room any more; the words stay theirs
		own, err := w.Own(t.Context(), left)
		if err != nil {
			t.Fatal(err)
		}
		if own.Name != "Fay" || own.Address == "" || len(own.Seats) != 1 || own.Seats[0].Delegation != "AAA" || own.Seats[0].Until != nil {
			t.Errorf("the person = %+v", own)
		}
		if len(own.Topics) != 1 || own.Topics[0].ID != topic.ID || len(own.Posts) != 3 {
			t.Fatalf("topics and posts = %+v, %+v", own.Topics, own.Posts)
		}
		if p := own.Posts[1]; p.Body != "Twice" || p.Lang != "es" || p.Edited == nil || len(p.Earlier) != 1 || p.Earlier[0].Body != "Once" || p.ReplyTo != 2 {
			t.Errorf("the edited post = %+v", p)
		}
		if p := own.Posts[2]; p.Removed == nil || p.Body != "Gone" {
			t.Errorf("the removed post = %+v", p)
		}
		if _, err := w.Own(t.Context(), w.visitor); err == nil {
			t.Error("a visitor is given something")
		}
	})
}
