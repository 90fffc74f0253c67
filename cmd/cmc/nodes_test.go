package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/sync/errgroup"

	"cmc/internal/testkit"
)

const (
	nodePosts = 1000
	nodeCuts  = 100
)

// TestASubscriberOfOneNodeMissesNothingFromAnother runs two servers on one
// PostgreSQL. Members post at the first while a subscriber of the second is
// cut off a hundred times; it ends with every post, once, in order.
func TestASubscriberOfOneNodeMissesNothingFromAnother(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a thousand posts on two servers")
	}
	t.Setenv("CMC_DB", testkit.Postgres(t)) // for serve and invite alike
	site := smallSite(t)
	first, second := launch(t, site), launch(t, site)
	author := first.member("Ana", "ana@lakeland.example", "XLA", "expert")
	topic := author.startTopic("pier", "Boats at night")

	ctx, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	defer stop()
	group, ctx := errgroup.WithContext(ctx)
	const posters = 4
	for i := range posters {
		group.Go(func() error { return author.postTimes(ctx, topic, i, nodePosts/posters) })
	}
	heard, cuts := map[int64]int64{}, 0 // post → seq
	group.Go(func() error {
		var last int64
		for len(heard) < nodePosts+1 { // the topic's first post too
			n := 1 + rand.N(2*nodePosts/nodeCuts-3)
			if cuts >= nodeCuts {
				n = nodePosts
			}
			var err error
			if last, err = listen(ctx, second, author, last, n, heard); err != nil {
				return err
			}
			cuts++
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		t.Fatalf("after %d cuts and %d of %d posts: %v", cuts, len(heard), nodePosts+1, err)
	}
	t.Logf("%d posts heard over %d connections", len(heard), cuts)
}

type heardEvent struct {
	Seq  int64  `json:"seq"`
	Kind string `json:"kind"`
	Post int64  `json:"post"`
}

// listen reads up to n events above last from a node's socket and leaves
// without goodbye. Every seq must be above the one before, every post new.
func listen(ctx context.Context, node *process, as *visitor, last int64, n int, heard map[int64]int64) (int64, error) {
	base, err := url.Parse(node.address())
	if err != nil {
		return last, err
	}
	header := http.Header{"Origin": {node.address()}}
	for _, c := range as.client.Jar.Cookies(base) {
		header.Add("Cookie", c.Name+"="+c.Value)
	}
	address := fmt.Sprintf("ws%s/forum/ws?after=%d", strings.TrimPrefix(node.address(), "http"), last)
	socket, _, err := websocket.DefaultDialer.DialContext(ctx, address, header)
	if err != nil {
		return last, fmt.Errorf("connect after %d: %w", last, err)
	}
	defer socket.Close()
	for range n {
		if len(heard) == nodePosts+1 {
			break
		}
		if err := socket.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			return last, err
		}
		_, text, err := socket.ReadMessage()
		if err != nil {
			return last, fmt.Errorf("read after %d: %w", last, err)
		}
		var e heardEvent
		if err := json.Unmarshal(text, &e); err != nil {
			return last, err
		}
		if e.Seq <= last {
			return last, fmt.Errorf("seq %d came after %d", e.Seq, last)
		}
		last = e.Seq
		if e.Post == 0 {
			continue
		}
		if before, again := heard[e.Post]; again {
			return last, fmt.Errorf("post %d came twice, as %d and %d", e.Post, before, e.Seq)
		}
		heard[e.Post] = e.Seq
	}
	return last, nil
}

// postTimes makes n posts in a topic, one after the other.
func (v *visitor) postTimes(ctx context.Context, topic string, poster, n int) error {
	sender := *v.client
	sender.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for i := range n {
		action, fields := composer(ctx, &sender, v.at()+topic)
		if fields == nil {
			return fmt.Errorf("poster %d found no form", poster)
		}
		fields.Set("body", fmt.Sprintf("Out at dawn, %d of %d.", i, poster))
		status, err := send(ctx, &sender, v.at()+action, fields)
		if err != nil {
			return err
		}
		if status != http.StatusSeeOther {
			return fmt.Errorf("poster %d, post %d: status %d", poster, i, status)
		}
	}
	return nil
}
