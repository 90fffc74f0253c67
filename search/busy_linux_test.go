package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// BenchmarkBusy asks a hundred questions a second while nothing else happens,
// while fifty posts a second come, and while a whole new index is built again
// and again, in turns of a second so that each has its share of the machine's
// moods. It reports the slowest answer in twenty by the clock, in ms, and how
// that compares with the idle one.
//
//	go test ./search -run '^$' -bench Busy -benchtime 20x
func BenchmarkBusy(b *testing.B) {
	docs, words := paragraphs(b, benchDocuments)
	s := open(b, docs)
	put(b, s, docs[:2000]...)
	random := rand.New(rand.NewPCG(50, 50))
	loads := []struct {
		name string
		work func(ctx context.Context)
	}{
		{"idle", func(ctx context.Context) { <-ctx.Done() }},
		{"posts", func(ctx context.Context) { postUntil(ctx, b, s, docs) }},
		{"builds", func(ctx context.Context) { buildUntil(ctx, b, docs) }},
	}
	spent := make([][]time.Duration, len(loads))
	for b.Loop() {
		for i, load := range loads {
			ctx, stop := context.WithTimeout(context.Background(), time.Second)
			var working sync.WaitGroup
			working.Go(func() { load.work(ctx) })
			for at := time.NewTicker(10 * time.Millisecond); ctx.Err() == nil; <-at.C {
				asked := Request{Query: strings.Join(pick(random, words, 3), " "), Language: "en", Audiences: []string{"members"}}
				began := time.Now()
				find(b, s, asked)
				spent[i] = append(spent[i], time.Since(began))
			}
			stop()
			working.Wait()
			runtime.GC()
		}
	}
	p95 := func(i int) float64 {
		slices.Sort(spent[i])
		return spent[i][len(spent[i])*95/100].Seconds() * 1000
	}
	for i, load := range loads {
		b.ReportMetric(p95(i), load.name+"-p95-ms")
		b.ReportMetric(p95(i)/p95(0), load.name+"/idle")
	}
}

func postUntil(ctx context.Context, b *testing.B, s *Service, docs []Document) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			post := docs[i%len(docs)]
			post.ID = fmt.Sprint("new", i)
			put(b, s, post)
		}
	}
}

func buildUntil(ctx context.Context, b *testing.B, docs []Document) {
	for i := 0; ctx.Err() == nil; i++ {
		dir := filepath.Join(b.TempDir(), fmt.Sprint("index", i))
		if err := Build(ctx, dir, Corpus{Documents: docs}); err != nil && ctx.Err() == nil {
			b.Error(err)
		}
	}
}
