package forum

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cmc/internal/errs"
)

// Limits on what a member writes, in runes.
const (
	MaxTitle  = 200
	MaxBody   = 20_000
	MaxName   = 100
	MaxReason = 500
)

// NewTopic is what a member sends to start a topic. Body may be empty only
// where Record is set: the page itself is then what is talked about.
type NewTopic struct {
	Room      string
	Kind      TopicKind
	Title     string
	Lang      string
	Record    string // id of the record it discusses, or empty
	Stamp     string // of the record, as it stands now
	ClosesAt  time.Time
	Questions string // Markdown, of a query only
	NewPost          // the first post; its Lang is the topic's
}

// NewPost is what a member sends to say something. ClientID is made by the
// sender, once per post: sending it twice makes one post. Empty means that
// the sender cannot repeat itself.
type NewPost struct {
	ClientID string
	Body     string
	BodyLang string
	Capacity Capacity
	ReplyTo  int
	// Consolidates says that the post is the consolidated reply to a query.
	Consolidates bool
	Draft        SavedDraft // that the post is made from
}

// NewText is what an author sends to change a post. Revision is the one that
// the author saw; another one in the database is a conflict, never a loss.
type NewText struct {
	Body     string
	Lang     string
	Revision int
	Draft    SavedDraft // that the text is made from
}

var (
	langPattern   = regexp.MustCompile(`^[a-z]{2,3}$`)
	clientPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)
	recordPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,127}$`)
)

// Clean brings the topic into its stored form and reports every fault.
func (n NewTopic) Clean() (NewTopic, error) {
	var faults errs.Fields
	if n.Kind == "" {
		n.Kind = Discussion
	}
	if !n.Kind.Valid() {
		faults = append(faults, errs.New(errs.Invalid, "forum_error_kind").On("kind"))
	}
	if n.Record != "" && !recordPattern.MatchString(n.Record) {
		faults = append(faults, errs.New(errs.Invalid, "forum_error_record").On("record"))
	}
	title, fault := CleanLine("title", n.Title, MaxTitle)
	if fault != nil {
		faults = append(faults, fault)
	}
	n.Title = title
	if !langPattern.MatchString(n.Lang) {
		faults = append(faults, errs.New(errs.Invalid, "forum_error_lang").On("lang"))
	}
	if n.BodyLang == "" {
		n.BodyLang = n.Lang
	}
	n.Questions, fault = cleanText("questions", n.Questions, true)
	if fault != nil {
		faults = append(faults, fault)
	} else if n.Questions != "" && n.Kind != Query {
		faults = append(faults, errs.New(errs.Invalid, "forum_error_questions_kind").On("questions"))
	}
	if !n.ClosesAt.IsZero() && n.Kind == Discussion {
		faults = append(faults, errs.New(errs.Invalid, "forum_error_closes_kind").On("closes"))
	}
	post, more := n.clean(n.Record != "")
	n.NewPost = post
	return n, append(faults, more...).OrNil()
}

// Clean brings the post into its stored form and reports every fault.
func (n NewPost) Clean() (NewPost, error) {
	n, faults := n.clean(false)
	return n, faults.OrNil()
}

func (n NewPost) clean(emptyAllowed bool) (NewPost, errs.Fields) {
	var faults errs.Fields
	if n.Capacity == "" {
		n.Capacity = Expert
	}
	if n.Capacity != Expert && n.Capacity != Position {
		faults = append(faults, errs.New(errs.Invalid, "forum_error_capacity").On("capacity"))
	}
	if n.ClientID != "" && !clientPattern.MatchString(n.ClientID) {
		faults = append(faults, errs.New(errs.Invalid, "forum_error_client").On("client"))
	}
	if n.ReplyTo < 0 {
		n.ReplyTo = 0
	}
	if !langPattern.MatchString(n.BodyLang) {
		faults = append(faults, errs.New(errs.Invalid, "forum_error_lang").On("lang"))
	}
	body, fault := cleanText("body", n.Body, emptyAllowed)
	if fault != nil {
		faults = append(faults, fault)
	}
	n.Body = body
	return n, faults
}

// Clean brings the new text into its stored form and reports every fault.
func (n NewText) Clean() (NewText, error) {
	var faults errs.Fields
	if !langPattern.MatchString(n.Lang) {
		faults = append(faults, errs.New(errs.Invalid, "forum_error_lang").On("lang"))
	}
	body, fault := cleanText("body", n.Body, false)
	if fault != nil {
		faults = append(faults, fault)
	}
	n.Body = body
	return n, faults.OrNil()
}

// CleanLine brings one line of text (a title, a name) into its stored form:
// trimmed, one space between words, no control characters and none that
// change the direction of what stands around it.
func CleanLine(field, s string, limit int) (string, *errs.Error) {
	if !utf8.ValidString(s) {
		return "", errs.New(errs.Invalid, "forum_error_utf8").On(field)
	}
	s = strings.Join(strings.Fields(s), " ")
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || directional(r) }) {
		return "", errs.New(errs.Invalid, "forum_error_control").On(field)
	}
	if invisible(s) {
		return "", errs.New(errs.Invalid, "forum_error_"+field+"_empty").On(field)
	}
	if utf8.RuneCountInString(s) > limit {
		return "", errs.New(errs.TooLarge, "forum_error_"+field+"_long", "Count", limit).On(field)
	}
	return s, nil
}

// cleanText does the same for a text of several lines.
func cleanText(field, s string, emptyAllowed bool) (string, *errs.Error) {
	if !utf8.ValidString(s) {
		return "", errs.New(errs.Invalid, "forum_error_utf8").On(field)
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	s = strings.TrimRightFunc(strings.TrimLeft(s, "\n"), unicode.IsSpace)
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		return "", errs.New(errs.Invalid, "forum_error_control").On(field)
	}
	if invisible(s) && !(emptyAllowed && s == "") {
		return "", errs.New(errs.Invalid, "forum_error_body_empty").On(field)
	}
	if utf8.RuneCountInString(s) > MaxBody {
		return "", errs.New(errs.TooLarge, "forum_error_body_long", "Count", MaxBody).On(field)
	}
	return s, nil
}

// directional reports the characters that reorder the text around them.
func directional(r rune) bool {
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// invisible reports a text in which nothing can be seen.
func invisible(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && unicode.IsPrint(r)
	})
}
