package forum

import "time"

// Report is a reader's word to the secretariat about a post.
type Report struct {
	ID      int64
	Post    int64
	By      Author // as the room's policy lets the secretariat know
	Why     string
	At      time.Time
	Settled time.Time // zero: open
	Outcome string
}

// Deed is an entry of the moderation log as members read it: who of the
// secretariat acted is not said, for they act in its name.
type Deed struct {
	Seq    int64
	At     time.Time
	Action string // one of Deeds
	Detail string // such as the reason that was given
	Topic  Topic
	Post   int // its number, 0: the deed was done to the topic
	PostID int64
	Room   Room
}

// Deeds lists what the moderation log tells of, by the audit log's names.
func Deeds() []string {
	return []string{
		"post.hide", "post.show", "post.release", "post.remove",
		"topic.lock", "topic.pin", "topic.close", "topic.date", "topic.answer", "topic.move", "topic.merge",
	}
}
