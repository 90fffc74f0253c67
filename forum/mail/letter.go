package mail

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/i18n"
	"cmc/internal/mail"
)

// How much of a text a letter carries, in runes.
const (
	excerptLength = 400
	digestLength  = 4_000 // of each text in a digest, where a room's letters carry the whole
)

// Write says what a letter says at the moment when it leaves.
func (m *Mailer) Write(ctx context.Context, w mail.Waiting) (mail.Letter, int64, error) {
	told, err := m.mailing.Told(ctx, w)
	if err != nil {
		return mail.Letter{}, 0, err
	}
	p := pen{Mailer: m, Language: m.Texts.Language(told.Lang)}
	l := mail.Letter{To: told.Address, Flowed: true}
	switch w.Kind {
	case store.LetterTest:
		p.test(&l)
	case store.LetterInstant:
		err = p.instant(ctx, &l, w, told)
	default:
		err = p.digest(ctx, &l, w, told)
	}
	return l, told.ID, err
}

// pen writes one letter in its reader's language.
type pen struct {
	*Mailer
	*i18n.Language
}

func (p pen) link(path string) string { return p.Link(p.Code(), path) }

func (p pen) test(l *mail.Letter) {
	l.Subject = p.T("forum_mail_test_subject", "Site", p.Site(p.Code()))
	l.Headers = map[string]string{"X-Auto-Response-Suppress": "All"}
	l.Text = mail.Flow(p.T("forum_mail_test_text", "Site", p.Site(p.Code()))+"\n\n") +
		signature + mail.Flow(p.T("forum_mail_foot_settings", "Link", p.link("/forum/mail/"))+"\n")
}

// instant tells of one post. Its subject is the same for the whole topic, and
// its headers say what it answers: a mail program shows the topic as one
// conversation.
func (p pen) instant(ctx context.Context, l *mail.Letter, w mail.Waiting, told store.Told) error {
	post := told.Posts[0]
	l.Subject = "[" + post.Room.Title(p.Code()) + "] " + post.Topic.Title
	foot, err := p.foot(ctx, l, w.Seat, post.Room)
	if err != nil {
		return err
	}
	if post.First != 0 && post.First != post.Post.ID {
		l.Headers["References"] = bracket(p.mailing.MessageOf(post.First))
		l.Headers["In-Reply-To"] = l.Headers["References"]
		if post.Answered != 0 && post.Answered != post.First {
			l.Headers["In-Reply-To"] = bracket(p.mailing.MessageOf(post.Answered))
			l.Headers["References"] += " " + l.Headers["In-Reply-To"]
		}
	}
	l.Text = mail.Flow(p.post(post, forum.MaxBody)) + foot
	return nil
}

// digest tells of several posts, room by room and topic by topic.
func (p pen) digest(ctx context.Context, l *mail.Letter, w mail.Waiting, told store.Told) error {
	count := len(told.Posts) + told.More
	l.Subject = p.T("forum_mail_digest_subject", "Site", p.Site(p.Code()), "Count", count)
	foot, err := p.foot(ctx, l, w.Seat, forum.Room{})
	if err != nil {
		return err
	}
	slices.SortStableFunc(told.Posts, func(a, b store.ToldPost) int {
		return cmp.Or(cmp.Compare(a.Room.Position, b.Room.Position), cmp.Compare(a.Topic.ID, b.Topic.ID), cmp.Compare(a.Post.Number, b.Post.Number))
	})
	var b strings.Builder
	b.WriteString(p.T("forum_mail_digest_intro", "Count", count) + "\n\n")
	for i, post := range told.Posts {
		if i > 0 {
			b.WriteString(strings.Repeat("-", ruleLength) + "\n\n")
		}
		b.WriteString(p.post(post, digestLength))
	}
	if told.More > 0 {
		b.WriteString(p.T("forum_mail_digest_more", "Count", told.More, "Link", p.link("/forum/")) + "\n\n")
	}
	l.Text = mail.Flow(b.String()) + foot
	return nil
}

const ruleLength = 40

// post writes one post as its room's mail level allows.
func (p pen) post(t store.ToldPost, most int) string {
	address := p.link(fmt.Sprintf("/forum/posts/%d", t.Post.ID))
	level := t.Room.Mail
	var b strings.Builder
	b.WriteString(p.heading(t) + "\n")
	b.WriteString(p.when(t.Post) + "\n")
	if t.Post.Lang != p.Code() && level != forum.MailTitle {
		if name := "record_language_" + t.Post.Lang; p.Has(name) {
			b.WriteString(p.T("forum_mail_written_in", "Language", p.T(name)) + "\n")
		}
	}
	switch level {
	case forum.MailFull:
	case forum.MailExcerpt:
		most = excerptLength
	default: // what a level allows that nobody knows is nothing
		return b.String() + "\n" + p.T("forum_mail_withheld", "Link", address) + "\n\n"
	}
	text, whole := beginning(t.Post.Body, most)
	b.WriteString("\n" + text + "\n\n")
	key := "forum_mail_answer"
	if !whole {
		key = "forum_mail_rest"
	}
	return b.String() + p.T(key, "Link", address) + "\n\n"
}

// heading says where a post stands and who speaks, as far as the room lets a
// letter say it.
func (p pen) heading(t store.ToldPost) string {
	values := []any{"Room", t.Room.Title(p.Code()), "Topic", t.Topic.Title, "Number", t.Post.Number}
	a := t.Post.Author
	if a.Delegation.Code == "" || t.Room.Mail != forum.MailFull && t.Room.Mail != forum.MailExcerpt {
		return p.T("forum_mail_heading", values...)
	}
	by := "forum_mail_by_expert"
	switch {
	case t.Post.Capacity == forum.Position:
		by = "forum_mail_by_position"
	case a.Name == "":
		by = "forum_mail_by_delegation"
	}
	return p.T("forum_mail_heading_by", append(values, "By", p.T(by, "Name", a.Name, "Delegation", a.Delegation.Name(p.Code())))...)
}

func (p pen) when(post forum.Post) string {
	date := p.DateTime(post.CreatedAt)
	if post.ReplyTo > 0 {
		return p.T("forum_mail_when_reply", "Date", date, "Number", post.ReplyTo)
	}
	return date
}

// signature is the line after which a mail program takes the rest for no part
// of the text.
const signature = "-- \n"

// foot ends a letter with the ways to have fewer, and puts them into its
// headers (RFC 8058). The room is zero where a letter tells of several.
func (p pen) foot(ctx context.Context, l *mail.Letter, seat int64, room forum.Room) (string, error) {
	token, err := p.mailing.OfferStop(ctx, seat, room.ID)
	if err != nil {
		return "", err
	}
	stop := p.link("/forum/mail/stop?token=" + url.QueryEscape(token))
	list, line := "forum."+p.Domain, p.T("forum_mail_foot_stop_all", "Link", stop)
	if room.ID != 0 {
		list, line = room.Slug+"."+list, p.T("forum_mail_foot_stop_room", "Room", room.Title(p.Code()), "Link", stop)
	}
	l.Headers = map[string]string{
		"List-Id":                  bracket(list),
		"List-Unsubscribe":         bracket(stop),
		"List-Unsubscribe-Post":    "List-Unsubscribe=One-Click",
		"Precedence":               "list",
		"X-Auto-Response-Suppress": "All",
	}
	return signature + mail.Flow(strings.Join([]string{
		p.T("forum_mail_foot"), p.T("forum_mail_foot_settings", "Link", p.link("/forum/mail/")), line,
	}, "\n")+"\n"), nil
}

func bracket(s string) string { return "<" + s + ">" }

// beginning is the first part of a text, cut between two words, and whether it
// is the whole.
func beginning(text string, most int) (string, bool) {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) <= most {
		return text, true
	}
	cut := string([]rune(text)[:most])
	if i := strings.LastIndexFunc(cut, unicode.IsSpace); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRightFunc(cut, unicode.IsSpace) + " …", false
}
