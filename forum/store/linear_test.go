package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/testkit"
)

const (
	linearClients = 8
	linearOps     = 25 // of each
	linearPatient = 15 * time.Second
)

// logged is what a client did: it added a post, or read the log from the
// beginning.
type logged struct {
	post  int64 // 0 for a reader
	place int   // of the post in the log as it was in the end
	posts []int64
}

// logModel is the log as it should be, by its length: a post goes to its end,
// and whoever reads gets all of it. That what was read are the first posts of
// the log as it was in the end is looked at beforehand.
var logModel = porcupine.Model{
	Init: func() any { return 0 },
	Step: func(state, _, output any) (bool, any) {
		length, _ := state.(int)
		did, _ := output.(logged)
		if did.post == 0 {
			return len(did.posts) == length, length
		}
		return did.place == length, length + 1
	},
	DescribeOperation: func(_, output any) string { return fmt.Sprintf("%+v", output) },
}

// TestTheLogIsLinearizable has clients of two nodes add to the log and read it
// at once. Some order of all this must explain what each was answered, and must
// agree with the clock: who reads after a post was acknowledged, on whatever
// node, reads it, and nobody sees a later event without an earlier one.
func TestTheLogIsLinearizable(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, where string) {
		nodes := []*store.Store{}
		for range 2 {
			nodes = append(nodes, store.New(testkit.OpenDatabase(t, where), nil))
		}
		if err := nodes[0].SeedRooms(t.Context(), rooms()); err != nil {
			t.Fatal(err)
		}
		m := testkit.Seat(t, testkit.OpenDatabase(t, where), "Eve", forum.RoleExpert, "AAA")
		var topics [linearClients]int64 // several, for the order is of the log and not of a topic
		for i := range topics {
			topic, err := nodes[0].Start(t.Context(), m, newTopic("members", fmt.Sprint(i)))
			if err != nil {
				t.Fatal(err)
			}
			topics[i] = topic.ID
		}
		begin, err := nodes[0].Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		history := make([][]porcupine.Operation, linearClients)
		began := time.Now()
		var clients sync.WaitGroup
		for client := range linearClients {
			clients.Go(func() {
				for range linearOps {
					node, called := nodes[rand.IntN(len(nodes))], time.Since(began)
					did, err := appendOrRead(t.Context(), node, m, topics[client], begin)
					if err != nil {
						t.Error(err)
						return
					}
					history[client] = append(history[client], porcupine.Operation{
						ClientId: client, Call: int64(called), Output: did, Return: int64(time.Since(began)),
					})
				}
			})
		}
		clients.Wait()
		end, err := appendOrRead(t.Context(), nodes[0], m, 0, begin)
		if err != nil {
			t.Fatal(err)
		}
		var all []porcupine.Operation
		for _, op := range slices.Concat(history...) {
			did, _ := op.Output.(logged)
			did.place = slices.Index(end.posts, did.post)
			if did.post == 0 && !slices.Equal(did.posts, end.posts[:min(len(did.posts), len(end.posts))]) {
				t.Errorf("a client read %v, which is not how the log begins", did.posts)
			}
			op.Output = did
			all = append(all, op)
		}
		if got := porcupine.CheckOperationsTimeout(logModel, all, linearPatient); got != porcupine.Ok {
			t.Errorf("%d operations of %d clients: %s, want %s", len(all), linearClients, got, porcupine.Ok)
		}
	})
}

// appendOrRead does either; without a topic it reads.
func appendOrRead(ctx context.Context, node *store.Store, m forum.Member, topic, begin int64) (logged, error) {
	if topic != 0 && rand.IntN(2) == 0 {
		p, err := node.Reply(ctx, m, topic, newPost("x"))
		return logged{post: p.ID}, err
	}
	events, _, err := node.EventsAfter(ctx, m, begin, store.MaxEvents)
	did := logged{}
	for _, e := range events {
		did.posts = append(did.posts, e.Post)
	}
	return did, err
}
