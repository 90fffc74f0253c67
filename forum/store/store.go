// Package store keeps the forum: every SQL statement and every transaction of
// rooms, topics, posts and the event log is here.
//
// It promises that rules are asked inside the transaction, that an event is
// written in the transaction of the change it tells of, that nobody is told
// before the commit, and that a post sent twice is one post. It refuses to
// know HTTP, and returns nothing that the given member may not read: to a
// visitor who is not signed in, what does not exist and what is hidden are
// the same Unauthenticated; to a member, the same NotFound.
package store

import (
	"time"

	"cmc/forum"
	"cmc/internal/database"
)

// Store is the forum in a database. It is safe for concurrent use.
type Store struct {
	db    *database.DB
	now   func() time.Time
	reach reaches
}

// New returns the store; now is the clock, time.Now when nil.
func New(db *database.DB, now func() time.Time) *Store {
	if now == nil {
		now = time.Now
	}
	return &Store{db: db, now: now}
}

// RoomView is a room in the list of rooms.
type RoomView struct {
	forum.Room
	Topics int
	Posts  int
	LastAt time.Time // of the newest post; zero when there is none
}

// RoomPage is one page of a room's topics: pinned ones first, then by newest
// post.
type RoomPage struct {
	Room   forum.Room
	Topics []forum.Topic
	Page   int
	Pages  int
	Total  int
	Seq    int64 // of the newest event the reader may know of, before the page was read
}

// Thread is a topic with some of its posts. Seq is of the newest event that the
// reader may know of, before they were read: whoever asks for the events after
// Seq misses nothing.
type Thread struct {
	Room  forum.Room
	Topic forum.Topic
	Posts []forum.Post
	Page  int
	Pages int
	Seq   int64
	// Reply is the consolidated one that closes a query; nil: none yet.
	Reply *forum.Post
}

// PostView is one post with where it stands.
type PostView struct {
	Room  forum.Room
	Topic forum.Topic
	Post  forum.Post
	Page  int // page of the topic on which it stands
}

// HistoryView is a post with its earlier texts, oldest first; the last one is
// the present text.
type HistoryView struct {
	PostView
	Revisions []forum.Revision
}
