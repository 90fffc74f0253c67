package forum

import "time"

// Own is what the forum keeps of a person, for themself: what they may carry
// away. Its form as JSON is documented by its fields.
type Own struct {
	Name             string               `json:"name"`
	Address          string               `json:"address"`
	Lang             string               `json:"lang"`
	Since            time.Time            `json:"since"`
	Seats            []OwnSeat            `json:"seats"`
	Topics           []OwnTopic           `json:"topics"`
	Posts            []OwnPost            `json:"posts"`
	Acknowledgements []OwnAcknowledgement `json:"acknowledgements"`
	Reports          []OwnReport          `json:"reports"`
}

// OwnSeat is a seat that the person has or had.
type OwnSeat struct {
	Delegation string     `json:"delegation"` // code
	Role       Role       `json:"role"`
	Since      time.Time  `json:"since"`
	Until      *time.Time `json:"until,omitempty"`
}

// OwnTopic is a topic that the person started.
type OwnTopic struct {
	ID    int64     `json:"id"`
	Room  string    `json:"room"`
	Kind  TopicKind `json:"kind"`
	Title string    `json:"title"`
	At    time.Time `json:"at"`
}

// OwnPost is what the person said, in whatever state it is: the words are
// theirs, though others may not see them any more.
type OwnPost struct {
	ID       int64      `json:"id"`
	Topic    int64      `json:"topic"`
	Room     string     `json:"room"`
	Title    string     `json:"title"` // of the topic
	Number   int        `json:"number"`
	ReplyTo  int        `json:"reply_to,omitempty"`
	Capacity Capacity   `json:"capacity"`
	Lang     string     `json:"lang"`
	At       time.Time  `json:"at"`
	Edited   *time.Time `json:"edited,omitempty"`
	Removed  *time.Time `json:"removed,omitempty"`
	Body     string     `json:"body"` // Markdown, as typed
	Earlier  []OwnText  `json:"earlier,omitempty"`
	Files    []string   `json:"files,omitempty"` // names
}

// OwnText is an earlier text of a post.
type OwnText struct {
	At   time.Time `json:"at"`
	Lang string    `json:"lang"`
	Body string    `json:"body"`
}

// OwnAcknowledgement is a circular that the person acknowledged for their
// delegation.
type OwnAcknowledgement struct {
	Topic int64     `json:"topic"`
	At    time.Time `json:"at"`
}

// OwnReport is a word that the person had with the secretariat.
type OwnReport struct {
	Post int64     `json:"post"`
	Why  string    `json:"why"`
	At   time.Time `json:"at"`
}
