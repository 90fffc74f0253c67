package store_test

import (
	"io"
	"strings"
	"testing"

	"cmc/forum"
	"cmc/internal/errs"
)

func TestAFileIsReadByThoseWhoReadItsPost(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, room := range []string{"public", "members", "drafting", "quiet", "chatham"} {
			topic := w.start(t, w.focal, newTopic(room, "one"))
			at := forum.TopicPlace(topic.ID)
			if err := w.Attach(t.Context(), w.focal, at, "draft.docx", signedDocument(t)); err != nil {
				t.Fatal(err)
			}
			wantKind(t, "a visitor's file", w.Attach(t.Context(), w.visitor, at, "a.txt", []byte("a")), errs.Unauthenticated)
			wantAny(t, "an observer's file", w.Attach(t.Context(), w.eye, at, "a.txt", []byte("a")))
			n := newPost("with a file")
			n.Draft.Place = at
			post := w.reply(t, w.focal, topic.ID, n)
			if len(post.Files) != 1 {
				t.Fatalf("in %s the post has %d files, want 1", room, len(post.Files))
			}
			id := post.Files[0].ID
			for name, m := range map[string]forum.Member{
				"a visitor": w.visitor, "its author": w.focal, "a member": w.expert, "an observer": w.eye, "the secretariat": w.secretary,
			} {
				_, may := w.Thread(t.Context(), m, topic.ID, 1)
				if _, err := w.File(t.Context(), m, id); (err == nil) != (may == nil) {
					t.Errorf("in %s %s reads the post: %v, its file: %v", room, name, may, err)
				}
			}
			v, err := w.File(t.Context(), w.focal, id)
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(w.Content(t.Context(), v))
			if err != nil {
				t.Fatal(err)
			}
			named := strings.Contains(part(t, data, "word/document.xml"), "Fay")
			if strict := room == "quiet" || room == "chatham"; named == strict {
				t.Errorf("in %s the document names who wrote in it: %t", room, named)
			}
			if err := w.Hide(t.Context(), w.secretary, post.ID, "To be looked at"); err != nil {
				t.Fatal(err)
			}
			wantAny(t, "the file of a hidden post", errOf(w.File(t.Context(), w.expert, id)))
			found, _, err := w.Find(t.Context(), post.ID)
			if err != nil || len(found.Files) != 0 {
				t.Errorf("search reads %d files of a hidden post, %v", len(found.Files), err)
			}
		}
	})
}

// wantAny asks for a refusal, whatever it is called.
func wantAny(t *testing.T, what string, err error) {
	t.Helper()
	if k := errs.KindOf(err); err == nil || k != errs.Denied && k != errs.NotFound && k != errs.Unauthenticated {
		t.Errorf("%s = %v, want a refusal", what, err)
	}
}

func TestADiscardedDraftTakesItsFilesAlong(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		topic := w.start(t, w.focal, newTopic("members", "one"))
		at := forum.TopicPlace(topic.ID)
		for range 2 { // and the same file may be attached again
			if err := w.Attach(t.Context(), w.focal, at, "a.txt", []byte("text")); err != nil {
				t.Fatal(err)
			}
			if all, err := w.FilesAt(t.Context(), w.focal, at); err != nil || len(all) != 1 {
				t.Fatalf("%d files wait, %v; want 1", len(all), err)
			}
			if err := w.DiscardDraft(t.Context(), w.focal, at); err != nil {
				t.Fatal(err)
			}
			var pieces int
			err := w.db.Reader().QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM uploads) + (SELECT count(*) FROM attachments)`).Scan(&pieces)
			if err != nil || pieces != 0 {
				t.Errorf("%d rows are left, %v; want none", pieces, err)
			}
		}
	})
}

func TestAFormSentTwiceLeavesNoFileBehind(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := newTopic("members", "one")
		n.ClientID, n.Draft.Place = "client-1", forum.RoomPlace("members")
		var topic forum.Topic
		for range 2 {
			if err := w.Attach(t.Context(), w.focal, n.Draft.Place, "a.txt", []byte("text")); err != nil {
				t.Fatal(err)
			}
			topic = w.start(t, w.focal, n)
		}
		post := newPost("two")
		post.ClientID, post.Draft.Place = "client-2", forum.TopicPlace(topic.ID)
		for range 2 {
			if err := w.Attach(t.Context(), w.focal, post.Draft.Place, "a.txt", []byte("text")); err != nil {
				t.Fatal(err)
			}
			if got := w.reply(t, w.focal, topic.ID, post); len(got.Files) != 1 || got.Number != 2 {
				t.Errorf("post %d has %d files, want 1", got.Number, len(got.Files))
			}
		}
		for _, at := range []forum.DraftPlace{n.Draft.Place, post.Draft.Place} {
			if left, err := w.FilesAt(t.Context(), w.focal, at); err != nil || len(left) != 0 {
				t.Errorf("at %s %d files are left, %v", at, len(left), err)
			}
		}
	})
}
