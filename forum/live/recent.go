package live

import (
	"encoding/json"
	"fmt"
	"sync"

	"cmc/forum"
)

// keep is how many messages recent holds at least, once there were as many.
const keep = 4 * batch

// message is an event as it is sent: the frame is made once for everybody.
type message struct {
	seq   int64
	topic int64
	room  forum.Room // in which the topic is now
	frame []byte
}

// recent is the end of the log, framed. Shards send from it, and who comes
// back soon is answered from it without a question to the database.
type recent struct {
	mu       sync.RWMutex
	messages []message // its elements are never changed
	floor    int64     // every event above floor is in messages
	head     int64
}

func newRecent() *recent { return &recent{floor: -1} }

// add appends events; those that are here already are passed over.
func (r *recent) add(events []forum.Event) error {
	made := make([]message, 0, len(events))
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range events {
		if e.Seq <= r.head {
			continue
		}
		text, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("write event %d as JSON: %w", e.Seq, err)
		}
		made = append(made, message{e.Seq, e.Topic, e.Room, frameOf(opText, text)})
		r.moved(e)
	}
	if len(made) == 0 {
		return nil
	}
	if r.floor < 0 {
		r.floor = made[0].seq - 1
	}
	if len(r.messages) >= 2*keep {
		cut := len(r.messages) - keep
		r.floor = r.messages[cut-1].seq
		r.messages = append([]message(nil), r.messages[cut:]...) // a new array: shards read the old one
	}
	r.messages = append(r.messages, made...)
	r.head = made[len(made)-1].seq
	return nil
}

// moved brings earlier messages of a topic to the room in which it is now:
// who may not read there must not be told of them any more.
func (r *recent) moved(e forum.Event) {
	switch e.Kind {
	case forum.EventTopic, forum.EventPost, forum.EventEdit, forum.EventRemove:
		return // never
	}
	for i, m := range r.messages {
		if m.topic == e.Topic && (m.room.ID != e.Room.ID || m.room.Visibility != e.Room.Visibility) {
			changed := append([]message(nil), r.messages...) // shards read the old ones
			for j := i; j < len(changed); j++ {
				if changed[j].topic == e.Topic {
					changed[j].room = e.Room
				}
			}
			r.messages = changed
			return
		}
	}
}

// after returns the first messages above seq, up to limit.
func (r *recent) after(seq int64, limit int) []message {
	r.mu.RLock()
	defer r.mu.RUnlock()
	first := len(r.messages)
	for first > 0 && r.messages[first-1].seq > seq {
		first--
	}
	return r.messages[first:min(len(r.messages), first+limit)]
}

// covers reports whether seq is a place of the log that recent knows.
func (r *recent) covers(seq int64) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.floor >= 0 && seq >= r.floor && seq <= r.head
}

// start is the seq above which recent holds everything, -1 while it holds
// nothing.
func (r *recent) start() int64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.floor
}
