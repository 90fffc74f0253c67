package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkFresh reports how long it takes from handing over a new post among
// many until a search finds it (found), and from taking it out until none does
// (gone): the middle, the slowest in a hundred, and the slowest, by the clock.
//
//	go test ./search -run '^$' -bench Fresh -benchtime 2000x
func BenchmarkFresh(b *testing.B) {
	for _, n := range []int{benchDocuments, 10 * benchDocuments} {
		docs, words := paragraphs(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := open(b, corpus())
			put(b, s, docs...)
			random := rand.New(rand.NewPCG(15, 5))
			var found, gone []time.Duration
			for i := 0; b.Loop(); i++ {
				post := docs[random.IntN(len(docs))]
				post.ID, post.Body = fmt.Sprint("new", i), strings.Join(pick(random, words, 40), " ")+fmt.Sprintf(" fresh%d", i)
				asked := Request{Query: fmt.Sprint("fresh", i), Audiences: post.Audience}
				began := time.Now()
				put(b, s, post)
				if r := find(b, s, asked); r.Total != 1 || r.Instead {
					b.Fatalf("a new post is found %d times", r.Total)
				}
				found = append(found, time.Since(began))
				if i%4 != 0 {
					continue
				}
				began = time.Now()
				if err := s.Delete(context.Background(), post.ID); err != nil {
					b.Fatal(err)
				}
				gone = append(gone, time.Since(began))
				if r := find(b, s, asked); r.Total != 0 && !r.Instead {
					b.Fatalf("a removed post is found %d times", r.Total)
				}
			}
			spread(b, "found", found)
			spread(b, "gone", gone)
		})
	}
}

// spread reports the middle, the slowest in a hundred, and the slowest.
func spread(b *testing.B, what string, all []time.Duration) {
	b.Helper()
	slices.Sort(all)
	for name, d := range map[string]time.Duration{"p50": all[len(all)/2], "p95": all[len(all)*95/100], "p99": all[len(all)*99/100], "max": all[len(all)-1]} {
		b.ReportMetric(d.Seconds()*1000, what+"-"+name+"-ms")
	}
}
