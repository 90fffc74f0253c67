package store_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/testkit"
)

// BenchmarkReply measures acknowledged, durable posts of 400 bytes from many
// posters in eight topics. Compare engines and posters within one run only.
func BenchmarkReply(b *testing.B) {
	for _, engine := range []struct {
		name  string
		where func(testing.TB) string
	}{{"sqlite", testkit.SQLite}, {"postgres", testkit.Postgres}} {
		b.Run(engine.name, func(b *testing.B) {
			db := testkit.OpenDatabase(b, engine.where(b))
			s := store.New(db, nil)
			if err := s.SeedRooms(b.Context(), rooms()); err != nil {
				b.Fatal(err)
			}
			m := testkit.Seat(b, db, "Eve", forum.RoleExpert, "AAA")
			var topics [8]int64
			for i := range topics {
				topic, err := s.Start(b.Context(), m, newTopic("members", fmt.Sprint(i)))
				if err != nil {
					b.Fatal(err)
				}
				topics[i] = topic.ID
			}
			body := strings.Repeat("Ten words of a post that somebody could have said. ", 8)
			for _, posters := range []int{1, 64} {
				b.Run(fmt.Sprintf("posters=%d", posters), func(b *testing.B) {
					var turn atomic.Int64
					b.SetParallelism(posters)
					if posters == 1 {
						for i := range b.N {
							if _, err := s.Reply(b.Context(), m, topics[i%8], newPost(body)); err != nil {
								b.Fatal(err)
							}
						}
					} else {
						b.RunParallel(func(pb *testing.PB) {
							for pb.Next() {
								if _, err := s.Reply(b.Context(), m, topics[turn.Add(1)%8], newPost(body)); err != nil {
									b.Error(err)
								}
							}
						})
					}
					b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
				})
			}
		})
	}
}

// BenchmarkThread measures reading a page of twenty posts.
func BenchmarkThread(b *testing.B) {
	db := testkit.OpenDatabase(b, testkit.SQLite(b))
	s := store.New(db, nil)
	if err := s.SeedRooms(b.Context(), rooms()); err != nil {
		b.Fatal(err)
	}
	m := testkit.Seat(b, db, "Eve", forum.RoleExpert, "AAA")
	topic, err := s.Start(b.Context(), m, newTopic("members", "first"))
	if err != nil {
		b.Fatal(err)
	}
	for range 40 {
		if _, err := s.Reply(b.Context(), m, topic.ID, newPost(strings.Repeat("Ten words. ", 40))); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if _, err := s.Thread(b.Context(), m, topic.ID, 2); err != nil {
			b.Fatal(err)
		}
	}
}
