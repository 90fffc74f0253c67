package forum

import (
	"html/template"
	"slices"
	"time"
)

// PostsPerPage is how many posts a page of a topic shows.
const PostsPerPage = 20

// TopicsPerPage is how many topics a page of a room shows.
const TopicsPerPage = 30

// TopicKind says what a topic asks of its readers.
type TopicKind string

// The kinds of topic.
const (
	Discussion TopicKind = "discussion"
	Query      TopicKind = "query"
	Circular   TopicKind = "circular"
)

// Valid reports whether the kind is known.
func (k TopicKind) Valid() bool {
	return slices.Contains([]TopicKind{Discussion, Query, Circular}, k)
}

// Capacity says for whom a statement speaks.
type Capacity string

// The capacities: the delegation's position, or the view of one expert.
const (
	Position Capacity = "position"
	Expert   Capacity = "expert"
)

// Author is who speaks, as far as the room's policy lets it be known: Person
// is 0 and Name empty where the person is not named.
type Author struct {
	Person     int64
	Name       string
	Delegation Delegation
	Role       Role
}

// Topic is a numbered sequence of posts in a room. Record is the id of the
// page of the knowledge base that it discusses, or empty.
type Topic struct {
	ID        int64
	Room      string // slug
	Kind      TopicKind
	Title     string
	Lang      string
	Record    string
	Author    Author
	Locked    bool
	Pinned    bool
	Posts     int
	CreatedAt time.Time
	LastAt    time.Time // of the newest post
	ClosesAt  time.Time // zero: no closing date
	ClosedAt  time.Time // by hand; zero: not
	Questions string    // Markdown, what a query asks
	// Consolidated is the post that closes a query, 0: none yet.
	Consolidated int64
	MergedInto   int64  // the topic that its posts went to, or 0
	RecordStamp  string // of the record when the topic was started
	Held         bool   // its first post waits for the secretariat, and so does the topic
	Mine         bool   // started by the member who reads
}

// Pages returns how many pages the topic's posts fill, at least 1.
func (t Topic) Pages() int { return max(1, (t.Posts+PostsPerPage-1)/PostsPerPage) }

// PageOf returns the page on which a post of this number stands.
func PageOf(number int) int { return max(1, (number+PostsPerPage-1)/PostsPerPage) }

// Post is one statement. A removed post keeps its number and place, and so does
// one that is withheld for a while; whoever may not read it gets neither Body
// nor HTML.
type Post struct {
	ID        int64
	Topic     int64
	Number    int // 1, 2, 3 … in its topic, never reused
	ReplyTo   int // number of the post it answers, or 0
	Author    Author
	Mine      bool // written by the member who reads
	Capacity  Capacity
	Lang      string
	Body      string // Markdown, as typed
	HTML      template.HTML
	ClientID  string // only for its author
	CreatedAt time.Time
	EditedAt  time.Time // zero: never edited
	Revision  int       // 1 as first posted, one more with every edit
	Removed   *Removal
	Hidden    *Removal // out of sight until the secretariat shows it again
	Held      bool     // its author's first: waits for the secretariat
	Files     []Attachment
}

// Withheld reports whether the text is kept from readers at present: no channel
// but the room's own pages may have it, and these only for whom CanReadPost
// allows.
func (p Post) Withheld() bool { return p.Removed != nil || p.Hidden != nil || p.Held }

// Removal is the trace that a removed post leaves.
type Removal struct {
	At       time.Time
	ByAuthor bool   // otherwise by the secretariat
	Reason   string // as given, may be empty
}

// Revision is one state of a post's text.
type Revision struct {
	Number int
	At     time.Time
	Body   string
	HTML   template.HTML
	Lang   string
}
