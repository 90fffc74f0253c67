package store_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"cmc/forum"
	"cmc/internal/errs"
)

// signedDocument is a document whose comment and change name somebody.
func signedDocument(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"[Content_Types].xml": "<Types/>",
		"word/document.xml":   `<w:p><w:ins w:author="Fay"><w:r><w:t>transit</w:t></w:r></w:ins></w:p>`,
	} {
		part, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(part, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestATopicMovesAndItsWordsStayProtected(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		topic := w.start(t, w.focal, newTopic("members", "one"))
		if err := w.Attach(t.Context(), w.focal, forum.TopicPlace(topic.ID), "draft.docx", signedDocument(t)); err != nil {
			t.Fatal(err)
		}
		n := newPost(`@"Oto" and @BBB`)
		n.Draft.Place = forum.TopicPlace(topic.ID)
		post := w.reply(t, w.focal, topic.ID, n)
		if len(post.Files) != 1 {
			t.Fatalf("the post has %d files, want 1", len(post.Files))
		}
		for _, test := range []struct {
			name string
			m    forum.Member
			to   string
			want errs.Kind
		}{
			{"a focal point", w.focal, "chatham", errs.Denied},
			{"to more readers", w.secretary, "public", errs.Denied},
			{"to nowhere", w.secretary, "attic", errs.NotFound},
		} {
			wantKind(t, test.name, w.Move(t.Context(), test.m, topic.ID, test.to), test.want)
		}
		head, err := w.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Move(t.Context(), w.secretary, topic.ID, "chatham"); err != nil {
			t.Fatal(err)
		}
		moved, err := w.Post(t.Context(), w.other, post.ID)
		if err != nil || moved.Room.Slug != "chatham" || moved.Post.Number != 2 {
			t.Errorf("the post stands at %d in %q, %v; want 2 in chatham", moved.Post.Number, moved.Room.Slug, err)
		}
		if got := w.calls(t, post.ID); len(got) != 1 || got[0] != "BBB" {
			t.Errorf("after the move the post calls upon %v, want BBB alone", got)
		}
		file, err := w.File(t.Context(), w.other, post.Files[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(w.Content(t.Context(), file))
		if err != nil {
			t.Fatal(err)
		}
		if text := part(t, data, "word/document.xml"); strings.Contains(text, "Fay") || !strings.Contains(text, "transit") {
			t.Errorf("the document says %q in a room that names nobody", text)
		}
		found, _, err := w.Find(t.Context(), post.ID)
		if err != nil || found.Post.Author.Name != "" {
			t.Errorf("search learns the name %q, %v", found.Post.Author.Name, err)
		}
		events, _, err := w.EventsAfter(t.Context(), w.secretary, head, 10)
		if err != nil || len(events) != 1 || events[0].Kind != forum.EventMove {
			t.Errorf("the move is told as %v, %v", events, err)
		}
		wantKind(t, "back again", w.Move(t.Context(), w.secretary, topic.ID, "members"), errs.Denied)
	})
}

// part unpacks one part of a document.
func part(t *testing.T, data []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestMergedTopicsKeepOrderNumbersAndAddresses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first := w.start(t, w.focal, newTopic("members", "a1"))
		second := w.start(t, w.other, newTopic("members", "b1"))
		third := w.start(t, w.other, newTopic("public", "c1"))
		w.reply(t, w.other, first.ID, newPost("a2"))
		answer := newPost("b2")
		answer.ReplyTo = 1
		b2 := w.reply(t, w.focal, second.ID, answer)

		wantKind(t, "a focal point's merge", w.Merge(t.Context(), w.focal, second.ID, first.ID), errs.Denied)
		wantKind(t, "a merge to more readers", w.Merge(t.Context(), w.secretary, first.ID, third.ID), errs.Denied)
		for _, pair := range [][2]int64{{third.ID, second.ID}, {second.ID, first.ID}} {
			if err := w.Merge(t.Context(), w.secretary, pair[0], pair[1]); err != nil {
				t.Fatalf("Merge(%d, %d) = %v", pair[0], pair[1], err)
			}
		}
		wantKind(t, "a second merge", w.Merge(t.Context(), w.secretary, second.ID, first.ID), errs.Denied)

		v, err := w.Thread(t.Context(), w.expert, first.ID, 1)
		if err != nil {
			t.Fatal(err)
		}
		var bodies []string
		for i, p := range v.Posts {
			if bodies = append(bodies, p.Body); p.Number != i+1 {
				t.Errorf("post %d has number %d", i+1, p.Number)
			}
		}
		if got := strings.Join(bodies, " "); got != "a1 a2 b1 b2 c1" || v.Posts[3].ReplyTo != 3 {
			t.Errorf("the posts are %s, and b2 answers %d; want a1 a2 b1 b2 c1, and 3", got, v.Posts[3].ReplyTo)
		}
		if p, err := w.Post(t.Context(), w.expert, b2.ID); err != nil || p.Topic.ID != first.ID || p.Post.Number != 4 {
			t.Errorf("the address of b2 leads to %d of topic %d, %v", p.Post.Number, p.Topic.ID, err)
		}
		for topic, want := range map[int64]int{second.ID: 3, third.ID: 5} {
			if into, number, err := w.Merged(t.Context(), w.expert, topic); err != nil || into != first.ID || number != want {
				t.Errorf("topic %d leads to %d of %d, %v; want %d of %d", topic, number, into, err, want, first.ID)
			}
		}
		if next := w.reply(t, w.other, first.ID, newPost("a6")); next.Number != 6 {
			t.Errorf("the next post is number %d, want 6", next.Number)
		}
		_, err = w.Reply(t.Context(), w.other, second.ID, newPost("late"))
		wantKind(t, "an answer to what was merged", err, errs.Denied)
		wantKind(t, "a visitor's look at what was public", errOf(w.Thread(t.Context(), w.visitor, third.ID, 1)), errs.Unauthenticated)
		if page, err := w.Topics(t.Context(), w.expert, "members", 1); err != nil || page.Total != 1 {
			t.Errorf("the room lists %d topics, %v; want 1", page.Total, err)
		}
	})
}

func errOf[T any](_ T, err error) error { return err }
