package search

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whatever an index has been through, it answers as one that is made of the
// same documents now: the same hits in the same order with the same scores,
// totals, facets, corrections and suggestions.
//
//	CMC_TEST_HISTORIES=500 go test ./search -run History -timeout 1h
func TestAnswersDoNotDependOnTheIndexsHistory(t *testing.T) {
	histories := uint64(12)
	if text := os.Getenv("CMC_TEST_HISTORIES"); text != "" {
		var err error
		if histories, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	for seed := range histories {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			h := newHistory(t, seed)
			for range 25 {
				h.step(t)
				h.compare(t)
			}
		})
	}
}

// history is an index and what it should hold.
type history struct {
	random *rand.Rand
	words  []string
	s      *Service
	site   []Document
	live   map[string]Document
	next   int
	past   []string // what happened
}

func newHistory(t *testing.T, seed uint64) *history {
	h := &history{random: rand.New(rand.NewPCG(seed, 12)), words: strings.Fields("harbour reception officer officers migrant stateless roster quay ledger isla permiso visa shelter accueil opvang"), live: map[string]Document{}}
	h.site = h.documents("site", 40)
	h.s = h.open(t, h.shuffled(h.site))
	t.Cleanup(func() { h.close(t) })
	return h
}

func (h *history) close(t *testing.T) {
	t.Helper()
	if err := h.s.Close(); err != nil {
		t.Error(err)
	}
}

// documents are some that are new, in few records.
func (h *history) documents(record string, n int) []Document {
	docs := randomDocuments(h.random, max(n, 4), []string{Public, Public, "members", "group:a"}, h.words)[:n]
	for i := range docs {
		h.next++
		docs[i].ID, docs[i].Place = fmt.Sprint(record, h.next), h.next
		docs[i].Record = fmt.Sprint(record, h.random.IntN(8))
	}
	return docs
}

func (h *history) shuffled(docs []Document) []Document {
	docs = slices.Clone(docs)
	h.random.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
	return docs
}

func (h *history) open(t *testing.T, docs []Document) *Service {
	t.Helper()
	s := NewService(filepath.Join(t.TempDir(), "live"), slog.New(slog.DiscardHandler))
	h.swap(t, s, docs)
	return s
}

func (h *history) swap(t *testing.T, s *Service, docs []Document) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "index")
	if err := Build(context.Background(), dir, Corpus{Documents: docs, Synonyms: [][]string{{"RSD", "shelter officer"}}}); err != nil {
		t.Fatal(err)
	}
	ix, err := Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Swap(ix); err != nil {
		t.Fatal(err)
	}
}

// someLive are the ids of some live documents.
func (h *history) someLive(n int) []string {
	ids := slices.Sorted(maps.Keys(h.live))
	return pick(h.random, ids, n)
}

func (h *history) step(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	what := []string{"add", "add", "add", "replace", "replace", "take out", "merge", "swap", "reopen", "come and go"}[h.random.IntN(10)]
	h.past = append(h.past, what)
	switch what {
	case "add":
		for range 1 + h.random.IntN(6) {
			h.put(t, h.documents("topic", 1+h.random.IntN(3)))
		}
	case "replace":
		for _, id := range h.someLive(3) {
			d := h.documents("topic", 1)[0]
			d.ID, d.Place = id, h.live[id].Place
			h.put(t, []Document{d})
		}
	case "take out":
		ids := h.someLive(1 + h.random.IntN(4))
		if err := h.s.Delete(ctx, append(ids, "never there")...); err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			delete(h.live, id)
		}
	case "merge":
		for more := h.s.store != nil; more; {
			var err error
			if more, err = h.s.tidy(ctx, h.s.store); err != nil {
				t.Fatal(err)
			}
		}
	case "swap":
		h.site = append(h.shuffled(h.site)[:30], h.documents("site", 10)...)
		h.swap(t, h.s, h.shuffled(h.site))
	case "reopen":
		h.close(t)
		h.s = h.open(t, h.shuffled(h.site))
		for some := range slices.Chunk(h.shuffled(slices.Collect(maps.Values(h.live))), 1+h.random.IntN(9)) {
			put(t, h.s, some...)
		}
	case "come and go":
		d := h.documents("topic", 1)[0]
		put(t, h.s, d)
		if err := h.s.Delete(ctx, d.ID); err != nil {
			t.Fatal(err)
		}
	}
}

func (h *history) put(t *testing.T, docs []Document) {
	t.Helper()
	put(t, h.s, docs...)
	for _, d := range docs {
		h.live[d.ID] = d
	}
}

// compare asks the index and one that is made anew.
func (h *history) compare(t *testing.T) {
	t.Helper()
	now := h.open(t, h.site)
	defer func() {
		if err := now.Close(); err != nil {
			t.Error(err)
		}
	}()
	if len(h.live) > 0 {
		all := slices.Collect(maps.Values(h.live))
		slices.SortFunc(all, func(x, y Document) int { return x.Place - y.Place })
		put(t, now, all...)
	}
	for range 12 {
		r := randomRequest(h.random, append(odd(h.random), h.words...))
		r.Audiences = pick(h.random, []string{"members", "group:a"}, h.random.IntN(3))
		got, want := find(t, h.s, r), find(t, now, r)
		got.TookMS, want.TookMS = 0, 0
		if !reflect.DeepEqual(want, got) {
			t.Fatalf("%+v after %q (-made now +with a past):\n%s", r, h.past, cmp.Diff(want, got))
		}
		typed := h.words[h.random.IntN(len(h.words))][:1+h.random.IntN(3)]
		if got, want := h.s.Suggest(typed, "en", r.Audiences), now.Suggest(typed, "en", r.Audiences); !reflect.DeepEqual(want, got) {
			t.Fatalf("typing %q after %q (-made now +with a past):\n%s", typed, h.past, cmp.Diff(want, got))
		}
	}
}
