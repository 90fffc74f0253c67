package forum

import (
	"encoding/json"
	"time"
)

// EventKind says what happened.
type EventKind string

// The kinds of event.
const (
	EventTopic  EventKind = "topic"  // a topic was started
	EventPost   EventKind = "post"   // a post was added
	EventEdit   EventKind = "edit"   // a post's text was changed
	EventRemove EventKind = "remove" // a post was removed
	EventState  EventKind = "state"  // a topic was locked, pinned or the reverse
	EventMove   EventKind = "move"   // a topic's posts stand somewhere else now
)

// Event is one row of the log: written in the transaction of the change it
// tells of, numbered in commit order, never changed. It carries no text, so
// that reading the log gives away nothing but that something happened.
type Event struct {
	Seq   int64
	Kind  EventKind
	Topic int64
	Post  int64
	At    time.Time
	Room  Room // for the access rule; never sent
}

// MarshalJSON writes the event as clients read it.
func (e Event) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Seq   int64     `json:"seq"`
		Kind  EventKind `json:"kind"`
		Topic int64     `json:"topic"`
		Post  int64     `json:"post,omitempty"`
		At    string    `json:"at"`
	}{e.Seq, e.Kind, e.Topic, e.Post, e.At.UTC().Format("2006-01-02T15:04:05.000Z")})
}
