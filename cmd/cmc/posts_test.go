package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cmc/forum"
	"cmc/forum/live"
	"cmc/forum/store"
	"cmc/internal/database"
	"cmc/internal/testkit"
	"cmc/search"
)

// indexed is a forum of one room for members, whose posts go the way from the
// commit over the event log into a search.
type indexed struct {
	tb     testing.TB
	db     *database.DB
	store  *store.Store
	search *search.Service
	member forum.Member
	passed chan int64 // the seq of each event that search has
}

func newIndexed(tb testing.TB) *indexed {
	db := testkit.OpenDatabase(tb, testkit.SQLite(tb))
	x := &indexed{tb: tb, db: db, store: store.New(db, nil), search: search.NewService(filepath.Join(tb.TempDir(), "live"), slog.New(slog.DiscardHandler)), passed: make(chan int64, 100)}
	room := forum.Room{Slug: "delegations", Titles: map[string]string{"en": "D"}, Visibility: forum.Members, Policy: forum.Attributed}
	if err := x.store.SeedRooms(tb.Context(), []forum.Room{room}); err != nil {
		tb.Fatal(err)
	}
	x.member = testkit.Seat(tb, db, "Eve", forum.RoleExpert, "BHS")
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	index := newPostIndex(x.store, x.search)
	go func() {
		defer close(done)
		err := live.NewTail(db, x.store, slog.New(slog.DiscardHandler)).Run(ctx, 0, func(ctx context.Context, events []forum.Event) error {
			for _, e := range events {
				if err := index.follow(ctx, e); err != nil {
					return err
				}
				x.passed <- e.Post
			}
			return nil
		})
		if err != nil && ctx.Err() == nil {
			tb.Error(err)
		}
	}()
	tb.Cleanup(func() {
		stop()
		<-done
		if err := x.search.Close(); err != nil {
			tb.Error(err)
		}
	})
	return x
}

// await waits until search has an event of a post.
func (x *indexed) await(post int64) {
	x.tb.Helper()
	late := time.After(10 * time.Second)
	for {
		select {
		case p := <-x.passed:
			if p == post {
				return
			}
		case <-late:
			x.tb.Fatalf("post %d does not come into the search", post)
		}
	}
}

func (x *indexed) find(query string, audiences ...string) *search.Response {
	x.tb.Helper()
	r, err := x.search.Search(context.Background(), search.Request{Query: query, Audiences: audiences})
	if err != nil {
		x.tb.Fatal(err)
	}
	return r
}

func (x *indexed) topic() forum.Topic {
	x.tb.Helper()
	topic, err := x.store.Start(x.tb.Context(), x.member, forum.NewTopic{Room: "delegations", Title: "Visas", Lang: "en", NewPost: forum.NewPost{Body: "What do others do?", BodyLang: "en"}})
	if err != nil {
		x.tb.Fatal(err)
	}
	return topic
}

func (x *indexed) reply(topic int64, body string) forum.Post {
	x.tb.Helper()
	post, err := x.store.Reply(x.tb.Context(), x.member, topic, forum.NewPost{Body: body, BodyLang: "en"})
	if err != nil {
		x.tb.Fatal(err)
	}
	return post
}

// What stands in a file is found under its name by those who may read its post,
// wherever in the file it stands, and by nobody once the file is gone.
func TestTheTextOfAFileIsFoundWithItsPost(t *testing.T) {
	x := newIndexed(t)
	topic := x.topic()
	text := strings.Repeat("Officers wrote what they saw at the border. ", 200) + "A quokka stood at the gate. "
	if err := x.store.Attach(t.Context(), x.member, forum.TopicPlace(topic.ID), "minutes.txt", []byte(text)); err != nil {
		t.Fatal(err)
	}
	post, err := x.store.Reply(t.Context(), x.member, topic.ID, forum.NewPost{Body: "Our minutes.", BodyLang: "en", Draft: forum.SavedDraft{Place: forum.TopicPlace(topic.ID)}})
	if err != nil {
		t.Fatal(err)
	}
	x.await(post.ID)
	r := x.find("quokka", "members")
	if r.Total != 1 || r.Hits[0].Heading != "minutes.txt" || r.Hits[0].Title != "Visas" || r.Hits[0].URL != fmt.Sprint("/forum/posts/", post.ID) || !strings.Contains(r.Hits[0].Snippet, "<mark>quokka</mark> stood") {
		t.Errorf("the end of a file is found as %+v", r.Hits)
	}
	if r := x.find("minutes.txt", "members"); r.Total != 1 {
		t.Errorf("a file's name is found %d times, want once", r.Total)
	}
	for _, reader := range []string{"", "group:other"} {
		if r := x.find("quokka", reader); r.Total != 0 || r.Suggestion != "" {
			t.Errorf("a reader of %q finds %+v", reader, r.Hits)
		}
	}
	files, err := x.store.FilesAt(t.Context(), x.member, forum.PostPlace(post.ID))
	if err != nil || len(files) != 1 {
		t.Fatalf("FilesAt = %v, %v; want one file", files, err)
	}
	if err := x.store.Detach(t.Context(), x.member, files[0].ID); err != nil {
		t.Fatal(err)
	}
	x.await(post.ID)
	if r := x.find("quokka", "members"); r.Total != 0 || r.Suggestion != "" {
		t.Errorf("a file that was taken away is found as %+v, suggestion %q", r.Hits, r.Suggestion)
	}
	if r := x.find(`"our minutes"`, "members"); r.Total != 1 {
		t.Errorf("the post without its file is found %d times, want once", r.Total)
	}
	if err := x.store.Remove(t.Context(), x.member, post.ID, ""); err != nil {
		t.Fatal(err)
	}
	x.await(post.ID)
	if r := x.find(`"our minutes"`, "members"); r.Total != 0 {
		t.Errorf("a removed post is found as %+v", r.Hits)
	}
}

// BenchmarkFound reports the time from the return of a commit until a search
// finds the post, and from the return of a removal until the search has lost it.
//
//	go test ./cmd/cmc -run '^$' -bench Found -benchtime 1000x
func BenchmarkFound(b *testing.B) {
	x := newIndexed(b)
	topic := x.topic()
	var found, gone []time.Duration
	for i := 0; b.Loop(); i++ {
		word := fmt.Sprint("fresh", i)
		post := x.reply(topic.ID, "Permits and asylum procedures on the island, "+word)
		began := time.Now()
		x.await(post.ID)
		if r := x.find(word, "members"); r.Total != 1 {
			b.Fatalf("a new post is found %d times", r.Total)
		}
		found = append(found, time.Since(began))
		if err := x.store.Remove(b.Context(), x.member, post.ID, ""); err != nil {
			b.Fatal(err)
		}
		began = time.Now()
		x.await(post.ID)
		gone = append(gone, time.Since(began))
	}
	spread(b, "found", found)
	spread(b, "gone", gone)
}

// spread reports the middle, the slowest in a hundred, and the slowest, in ms.
func spread(b *testing.B, what string, all []time.Duration) {
	slices.Sort(all)
	for name, d := range map[string]time.Duration{"p50": all[len(all)/2], "p99": all[len(all)*99/100], "max": all[len(all)-1]} {
		b.ReportMetric(d.Seconds()*1000, what+"-"+name+"-ms")
	}
}
