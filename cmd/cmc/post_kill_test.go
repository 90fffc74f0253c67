package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/sync/errgroup"
)

const (
	serverKills = 50
	posters     = 8
)

// TestEveryAcknowledgedPostSurvivesKills lets eight members post without pause
// while the server is killed fifty times. Each repeats a post, with the id that
// its form carried, until it is acknowledged. In the end every acknowledged
// post is there, and none is there twice.
func TestEveryAcknowledgedPostSurvivesKills(t *testing.T) {
	if testing.Short() {
		t.Skip("kills fifty servers")
	}
	server := launch(t, smallSite(t))
	first := server.member("Ana 0", "ana0@lakeland.example", "XLA", "expert")
	topic := first.startTopic("pier", "Boats at night")
	members := []*visitor{first}
	for i := 1; i < posters; i++ {
		address := fmt.Sprintf("ana%d@lakeland.example", i)
		members = append(members, server.member(fmt.Sprintf("Ana %d", i), address, "XLA", "expert"))
	}

	var acknowledged ledger
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
	defer stop()
	group, ctx := errgroup.WithContext(ctx)
	for i, member := range members {
		group.Go(func() error { return member.postUntil(ctx, topic, i, &acknowledged) })
	}
	for range serverKills {
		wait(ctx, rand.N(400*time.Millisecond))
		server.kill()
		server.start()
	}
	enough := func() bool { return acknowledged.len() >= 2*posters }
	server.await("posts after the last kill", enough)
	stop()
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}

	found := first.postsIn(topic)
	for _, mark := range acknowledged.all() {
		if n := found[mark]; n != 1 {
			t.Errorf("the acknowledged post %q is there %d times, want once", mark, n)
		}
	}
	for mark, n := range found {
		if n > 1 {
			t.Errorf("the post %q is there %d times, want at most once", mark, n)
		}
	}
	t.Logf("%d posts acknowledged, %d found, %d kills", acknowledged.len(), len(found), serverKills)
}

// startTopic starts a topic in a room and returns its path.
func (v *visitor) startTopic(room, title string) string {
	v.t.Helper()
	form := v.get("/forum/rooms/" + room + "/new")
	page := v.submit(form, "main form", map[string]string{"title": title, "body": "Who goes out, and when?"})
	path, _, _ := strings.Cut(page.path, "?")
	if !strings.HasPrefix(path, "/forum/topics/") {
		v.t.Fatalf("a new topic leads to %s, want the topic", page.path)
	}
	return path
}

// postUntil posts to a topic until the context ends, and notes what the server
// acknowledged with a redirect.
func (v *visitor) postUntil(ctx context.Context, topic string, poster int, acknowledged *ledger) error {
	sender := *v.client
	sender.Timeout = 10 * time.Second
	sender.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for n := 1; ; n++ {
		mark := fmt.Sprintf("mark-%d-%d-end", poster, n)
		var action string
		var fields url.Values
		for fields == nil {
			if !wait(ctx, time.Millisecond) {
				return nil
			}
			action, fields = composer(ctx, &sender, v.at()+topic)
		}
		fields.Set("body", "Out at dawn. "+mark)
		for done := false; !done; {
			if !wait(ctx, time.Millisecond) {
				return nil
			}
			status, err := send(ctx, &sender, v.at()+action, fields)
			switch {
			case err != nil || status >= 500 || status == http.StatusTooManyRequests:
				// The server is down or starting, or asks for a pause: once more.
			case status == http.StatusSeeOther:
				acknowledged.add(mark)
				done = true
			default:
				return fmt.Errorf("post %s: status %d", mark, status)
			}
		}
	}
}

// composer reads the reply form of a topic, nil while the server is away. Its
// hidden fields hold the id that makes a repeated post one post.
func composer(ctx context.Context, client *http.Client, topic string) (string, url.Values) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, topic, nil)
	if err != nil {
		return "", nil
	}
	response, err := client.Do(request)
	if err != nil {
		return "", nil
	}
	defer response.Body.Close()
	doc, err := goquery.NewDocumentFromReader(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return "", nil
	}
	form := doc.Find(`form[action$="/posts"]`).First()
	fields := url.Values{}
	form.Find("input[type=hidden]").Each(func(_ int, s *goquery.Selection) {
		fields.Set(s.AttrOr("name", ""), s.AttrOr("value", ""))
	})
	form.Find("select").Each(func(_ int, s *goquery.Selection) {
		fields.Set(s.AttrOr("name", ""), s.Find("option[selected],option").First().AttrOr("value", ""))
	})
	return form.AttrOr("action", ""), fields
}

func send(ctx context.Context, client *http.Client, address string, fields url.Values) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(fields.Encode()))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

// postsIn counts the marks on all pages of a topic.
func (v *visitor) postsIn(topic string) map[string]int {
	v.t.Helper()
	found := map[string]int{}
	for next := topic; next != ""; {
		page := v.get(next)
		if page.status != http.StatusOK {
			v.t.Fatalf("%s: status %d", next, page.status)
		}
		page.doc.Find(".post-body").Each(func(_ int, s *goquery.Selection) {
			for word := range strings.FieldsSeq(s.Text()) {
				if strings.HasPrefix(word, "mark-") {
					found[word]++
				}
			}
		})
		link := page.link("a[rel=next]")
		if link != "" && !strings.HasPrefix(link, "/") {
			link = topic + link
		}
		next = link
	}
	return found
}

// wait pauses, and says whether the context still runs.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// ledger is a list that several goroutines write.
type ledger struct {
	mu    sync.Mutex
	marks []string
}

func (l *ledger) add(mark string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.marks = append(l.marks, mark)
}

func (l *ledger) len() int { return len(l.all()) }

func (l *ledger) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.marks...)
}
