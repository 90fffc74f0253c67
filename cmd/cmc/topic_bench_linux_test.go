package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/database"
	"cmc/internal/testkit"
)

// BenchmarkTopicPage reads the page of a topic with twenty posts, signed in,
// over eight connections, beside the same bytes given out by the standard
// library's file handler: requests per second, and the p99 of a request in ms.
//
//	go test ./cmd/cmc -run '^$' -bench TopicPage -benchtime 4000x
func BenchmarkTopicPage(b *testing.B) {
	server := launch(b, smallSite(b))
	cookie, topic := talkative(b, filepath.Join(server.state, "forum.sqlite"))
	page := server.address() + fmt.Sprintf("/forum/topics/%d/?page=2", topic)
	body := fetch(b, http.DefaultClient, page, cookie)
	static := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "page.html", time.Time{}, strings.NewReader(string(body)))
	}))
	defer static.Close()
	b.Logf("the page has %d bytes", len(body))
	b.Run("static", func(b *testing.B) { hammer(b, static.URL, cookie) })
	b.Run("topic", func(b *testing.B) { hammer(b, page, cookie) })
}

// talkative fills a forum with a topic of forty posts and signs a member in.
func talkative(b *testing.B, file string) (cookie string, topic int64) {
	b.Helper()
	db := testkit.OpenDatabase(b, file)
	forums := store.New(db, nil)
	m := testkit.Seat(b, db, "Eve", forum.RoleExpert, "XLA")
	started, err := forums.Start(b.Context(), m, forum.NewTopic{Room: "cabin", Title: "Boats", Lang: "en", NewPost: forum.NewPost{Body: "First"}})
	if err != nil {
		b.Fatal(err)
	}
	for n := range 2*forum.PostsPerPage - 1 {
		_, err := forums.Reply(b.Context(), m, started.ID, forum.NewPost{Body: strings.Repeat(fmt.Sprintf("Sentence %d of *ten* words with a link. ", n), 12), BodyLang: "en"})
		if err != nil {
			b.Fatal(err)
		}
	}
	sum := sha256.Sum256([]byte("token"))
	now := time.Now()
	err = db.Tx(b.Context(), func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO sessions (token_hash, person, agent, created_at, seen_at, expires_at) VALUES ($1, $2, '', $3, $3, $4)`,
			hex.EncodeToString(sum[:]), m.ID, database.Millis(now), database.Millis(now.Add(time.Hour)))
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return "session=token", started.ID
}

func fetch(b *testing.B, client *http.Client, address, cookie string) []byte {
	b.Helper()
	request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, address, nil)
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Cookie", cookie)
	response, err := client.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		b.Fatalf("%s: %s, %v\n%.300s", address, response.Status, err, body)
	}
	return body
}

// hammer asks for an address over eight connections at once.
func hammer(b *testing.B, address, cookie string) {
	const connections = 8
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections, DisableCompression: true}}
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	var took []time.Duration
	work := make(chan struct{})
	var all sync.WaitGroup
	for range connections {
		all.Go(func() {
			for range work {
				began := time.Now()
				fetch(b, client, address, cookie)
				mu.Lock()
				took = append(took, time.Since(began))
				mu.Unlock()
			}
		})
	}
	began := time.Now()
	for b.Loop() {
		work <- struct{}{}
	}
	close(work)
	all.Wait()
	slices.Sort(took)
	b.ReportMetric(float64(len(took))/time.Since(began).Seconds(), "requests/s")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
