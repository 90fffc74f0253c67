package main

import (
	"context"

	"cmc/forum"
)

// fill puts one of everything into a room, as its author and the secretariat
// do.
func (w *matrixWorld) fill(r *cellRoom) {
	w.t.Helper()
	ctx, forums := w.t.Context(), w.house.forum.store
	secretary := w.reader("the secretariat").member
	open := func(title, body string) forum.Topic {
		w.t.Helper()
		topic, err := forums.Start(ctx, r.author, forum.NewTopic{
			Room: r.Slug, Title: "About " + title, Lang: "en", NewPost: forum.NewPost{Body: body},
		})
		if err != nil {
			w.t.Fatal(err)
		}
		return topic
	}
	say := func(body string) int64 {
		w.t.Helper()
		post, err := forums.Reply(ctx, r.author, r.topic, forum.NewPost{Body: "Said " + body, BodyLang: "en", Draft: forum.SavedDraft{Place: forum.TopicPlace(r.topic)}})
		if err != nil {
			w.t.Fatal(err)
		}
		return post.ID
	}
	do := func(err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
	}
	r.topic = open(r.secret[secretTitle], "First").ID
	do(forums.Attach(ctx, r.author, forum.TopicPlace(r.topic), r.secret[secretFile]+".txt", []byte("The file says "+r.secret[secretFileText]+".")))
	r.post = say(r.secret[secretBody])
	removed, hidden := say(r.secret[secretRemoved]), say(r.secret[secretHidden])
	do(forums.Remove(ctx, r.author, removed, ""))
	do(forums.Hide(ctx, secretary, hidden, "because"))
	// Posts that wait, made so as a room that holds first posts makes them.
	held := say(r.secret[secretHeld])
	w.exec(`UPDATE posts SET held_at = created_at WHERE id = $1`, held)
	w.exec(`DELETE FROM events WHERE post = $1`, held)
	r.held = open(r.secret[secretHeldTitle], "First").ID
	w.exec(`UPDATE posts SET held_at = created_at WHERE topic = $1`, r.held)
	w.exec(`UPDATE topics SET held_at = created_at WHERE id = $1`, r.held)
	w.exec(`DELETE FROM events WHERE topic = $1`, r.held)
	r.withheldPosts = []int64{removed, hidden, held}
	w.query(`SELECT id FROM attachments WHERE post = $1`, []any{r.post}, &r.file)
}

func (w *matrixWorld) query(query string, args []any, to ...any) {
	w.t.Helper()
	if err := w.house.forum.db.Reader().QueryRowContext(context.WithoutCancel(w.t.Context()), query, args...).Scan(to...); err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
}
