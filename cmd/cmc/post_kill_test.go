package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/sync/errgroup"

	"cmc/internal/testkit"
)

// kills is how many posts are sent and how hard that is made. CMC_TEST_KILLS
// names another number of posts; 10,000 take some minutes.
const (
	killSends   = 240
	killClients = 20
	killTopics  = 4
	maxServing  = 4 * time.Second // between two kills of a server
)

// TestNothingIsLostOrDoubledUnderKills has twenty clients send posts while
// servers are killed, connections cut and clients stopped in the middle of a
// request, all at random. A client repeats a post, with the id that its form
// carried, until it is acknowledged. In the end every post is there once, and
// somebody who listened through the same cuts has heard of each once, in order.
func TestNothingIsLostOrDoubledUnderKills(t *testing.T) {
	if testing.Short() {
		t.Skip("kills servers for half a minute")
	}
	t.Run("sqlite", func(t *testing.T) { surviveKills(t, 1) })
	t.Run("postgres, two nodes", func(t *testing.T) {
		t.Setenv("CMC_DB", testkit.Postgres(t)) // for serve and invite alike
		surviveKills(t, 2)
	})
}

func surviveKills(t *testing.T, count int) {
	t.Helper()
	sends := killSends
	if n, err := strconv.Atoi(os.Getenv("CMC_TEST_KILLS")); err == nil {
		sends = n
	}
	site := smallSite(t)
	w := &wreckage{}
	var lines []*badLine
	for range count {
		node := launch(t, site, "--trust-proxy", "127.0.0.1/32")
		w.nodes = append(w.nodes, node)
		lines = append(lines, newBadLine(t, node))
	}
	first := w.nodes[0].member("Ana", "ana@lakeland.example", "XLA", "expert")
	var topics []string
	for i := range killTopics {
		topics = append(topics, first.startTopic("pier", fmt.Sprint("Boats at night ", i)))
	}
	begun := first.head()

	ctx, stop := context.WithTimeout(t.Context(), time.Hour)
	defer stop()
	senders, sending := errgroup.WithContext(ctx)
	var sent ledger
	for i := range killClients {
		c := newKillClient(first, lines, i)
		senders.Go(func() error { return c.sendAll(sending, topics[i%killTopics], sends/killClients, &sent) })
	}
	wrecked, wreck := context.WithCancel(ctx)
	var breaking sync.WaitGroup
	for _, node := range w.nodes {
		breaking.Go(func() { w.killServers(wrecked, node) })
	}
	for _, line := range lines {
		breaking.Go(func() { line.cutAtRandom(wrecked) })
	}
	heard := newHearing(first, lines, begun)
	var listening sync.WaitGroup
	listening.Go(func() { heard.follow(ctx, sends) })

	err := senders.Wait()
	wreck()
	breaking.Wait()
	if err != nil {
		t.Fatal(err)
	}
	listening.Wait()
	heard.check(t, sends)

	found := map[string]int{}
	for _, topic := range topics {
		for mark, n := range first.postsIn(topic) {
			found[mark] += n
		}
	}
	for _, mark := range sent.all() {
		if n := found[mark]; n != 1 {
			t.Errorf("the acknowledged post %q is there %d times, want once", mark, n)
		}
		delete(found, mark)
	}
	for mark, n := range found {
		t.Errorf("the post %q is there %d times and was never acknowledged", mark, n)
	}
	t.Logf("%d posts acknowledged; %d kills of servers, %d cuts, %d connections of the listener",
		sent.len(), w.kills.Load(), cutsOf(lines), heard.connections)
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
	form := doc.Find(`form[action*="/posts"]`).First()
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
