package store_test

import (
	"strings"
	"testing"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/testkit"
)

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
