package main

import (
	"testing"

	"cmc/forum"
	"cmc/internal/testkit"
)

// A topic that moved is found by those who read its new room, by nobody else,
// and without the names that are not told there.
func TestAMovedTopicIsFoundOnlyWhereItStandsNow(t *testing.T) {
	x := newIndexed(t)
	if err := x.store.SeedRooms(t.Context(), []forum.Room{
		{Slug: "delegations", Visibility: forum.Members, Policy: forum.Attributed},
		{Slug: "few", Visibility: "group:few", Policy: forum.Chatham},
	}); err != nil {
		t.Fatal(err)
	}
	secretary := testkit.Seat(t, x.db, "Sam", forum.RoleSecretariat, "SEC")
	topic := x.topic()
	post := x.reply(topic.ID, "A quokka stood at the gate.")
	x.await(post.ID)
	if r := x.find("quokka", "members"); r.Total != 1 || len(r.Hits[0].Countries) != 1 {
		t.Fatalf("before the move the post is found as %+v", r.Hits)
	}
	if err := x.store.Move(t.Context(), secretary, topic.ID, "few"); err != nil {
		t.Fatal(err)
	}
	x.await(0)
	if r := x.find("quokka", "public", "members"); r.Total != 0 || r.Suggestion != "" {
		t.Errorf("a member who is not of the few finds %+v", r.Hits)
	}
	if r := x.find("quokka", "group:few"); r.Total != 1 || len(r.Hits[0].Countries) != 0 {
		t.Errorf("one of the few finds %+v, want the post without its delegation", r.Hits)
	}
}
