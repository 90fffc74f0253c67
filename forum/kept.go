package forum

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cmc/internal/errs"
)

// Limits on what a seat keeps of unfinished texts.
const (
	MaxDrafts    = 40
	MaxDraftSize = 96 << 10 // bytes of one, fields and names; the longest text in UTF-8 and room for the rest
)

// DraftPlace says where an unfinished text would go: "topic:9", "room:SLUG",
// "record:ID" or "post:77", whose text it would replace. A seat keeps one text
// for each place.
type DraftPlace string

var placePattern = regexp.MustCompile(`^(topic|post):[1-9][0-9]{0,18}$|^(room|record):[a-z0-9][a-z0-9._-]{0,127}$`)

// TopicPlace is that of a reply in a topic.
func TopicPlace(id int64) DraftPlace { return DraftPlace("topic:" + strconv.FormatInt(id, 10)) }

// PostPlace is that of a change to a post.
func PostPlace(id int64) DraftPlace { return DraftPlace("post:" + strconv.FormatInt(id, 10)) }

// RoomPlace is that of a new topic in a room.
func RoomPlace(slug string) DraftPlace { return DraftPlace("room:" + slug) }

// RecordPlace is that of a new topic about a record.
func RecordPlace(id string) DraftPlace { return DraftPlace("record:" + id) }

// Valid reports whether the place is one of the four kinds.
func (p DraftPlace) Valid() bool { return placePattern.MatchString(string(p)) }

// Split returns the kind of the place and what it names.
func (p DraftPlace) Split() (kind, name string) {
	kind, name, _ = strings.Cut(string(p), ":")
	return kind, name
}

// ID returns the number of a topic or a post, 0 for another place.
func (p DraftPlace) ID() int64 {
	kind, name := p.Split()
	if kind != "topic" && kind != "post" {
		return 0
	}
	id, _ := strconv.ParseInt(name, 10, 64)
	return id
}

// Draft is an unfinished text with all that stood in its form. It belongs to a
// seat: By is whoever typed last, which may be the reader's predecessor.
type Draft struct {
	Place   DraftPlace
	Fields  map[string]string
	Client  string // of the post that it would become
	Version int64  // grows with every change; 0: not kept yet
	By      Author // Person and Name
	At      time.Time
}

// Empty reports a draft in which nobody has written a word.
func (d Draft) Empty() bool {
	for _, name := range []string{"title", "body", "questions"} {
		if strings.TrimSpace(d.Fields[name]) != "" {
			return false
		}
	}
	return true
}

// Check reports why a draft cannot be kept. Unlike a post it may be unfinished
// in every way; it must only be text, within bounds, with a place to go to.
func (d Draft) Check() error {
	if !d.Place.Valid() {
		return errs.New(errs.NotFound, "error_not_found")
	}
	if d.Client != "" && !clientPattern.MatchString(d.Client) {
		return errs.New(errs.Invalid, "forum_error_client")
	}
	size := 0
	for name, value := range d.Fields {
		if !utf8.ValidString(name) || !utf8.ValidString(value) || strings.ContainsRune(name+value, 0) {
			return errs.New(errs.Invalid, "forum_error_utf8")
		}
		size += len(name) + len(value)
	}
	if size > MaxDraftSize {
		return errs.New(errs.TooLarge, "draft_error_large")
	}
	return nil
}

// SavedDraft is what a form knows of the draft that it was made from. Version
// is the one that the form showed or saved last.
type SavedDraft struct {
	Place   DraftPlace
	Version int64
}

// CanSeeSeats reports whether a member may learn who occupies which seat: those
// who sit somewhere themselves. What was said in a room that names nobody is
// not tied to a seat by it, since such a room shows no role either.
func CanSeeSeats(m Member) bool { return CanRead(m, Room{Visibility: Members}) }
