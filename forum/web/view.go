package web

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/i18n"
	"cmc/internal/page"
)

// moment is a point in time for people and for programs.
type moment struct{ Text, ISO string }

func momentOf(l *i18n.Language, t time.Time) moment {
	if t.IsZero() || t.Unix() == 0 {
		return moment{}
	}
	return moment{l.DateTime(t), t.UTC().Format(time.RFC3339)}
}

// pager leads through numbered pages. It is empty when there is only one.
type pager struct {
	Page, Pages    int
	Previous, Next string
}

func pagerOf(b page.Base, path string, at, pages int) pager {
	p := pager{Page: at, Pages: pages}
	if at > 1 {
		p.Previous = b.URL(pageOf(path, at-1))
	}
	if at < pages {
		p.Next = b.URL(pageOf(path, at+1))
	}
	return p
}

// pageOf is the address of a page; the first has none of its own.
func pageOf(path string, n int) string {
	if n <= 1 {
		return path
	}
	return path + "?page=" + strconv.Itoa(n)
}

func topicPath(id int64) string { return fmt.Sprintf("/forum/topics/%d/", id) }

// standing makes a page stand at path, whatever address answered with it: the
// links to its other languages lead there.
func standing(b page.Base, path string) page.Base {
	all := slices.Clone(b.Languages)
	for i, a := range all {
		address, _, _ := strings.Cut(a.URL, "?")
		all[i].URL = strings.TrimSuffix(address, b.Path) + path
	}
	b.Languages, b.Path = all, path
	return b
}

// place is where a post stands.
func place(topic int64, post int) string {
	return pageOf(topicPath(topic), forum.PageOf(post)) + "#post-" + strconv.Itoa(post)
}

// otherLang is a text's language where it is not the page's, for lang="".
func otherLang(b page.Base, lang string) string {
	if lang == b.Lang.Code() {
		return ""
	}
	return lang
}

// langLabel names a language in its own words.
func langLabel(b page.Base, lang string) string {
	for _, l := range b.Languages {
		if l.Code == lang {
			return l.Label
		}
	}
	return lang
}

// byline names an author as far as the room's policy has left anybody to name.
func byline(b page.Base, a forum.Author) string {
	switch {
	case a.Name != "" && a.Delegation.Code != "":
		return b.T("forum_byline", "Name", a.Name, "Delegation", a.Delegation.Name(b.Lang.Code()))
	case a.Name != "":
		return a.Name
	case a.Delegation.Code != "":
		return a.Delegation.Name(b.Lang.Code())
	default:
		return b.T("forum_unattributed")
	}
}

// postView is one post as a page shows it.
type postView struct {
	ID       int64
	Number   int
	Client   string // for its author: tells the browser that the draft has arrived
	Heading  string
	Unread   bool
	Capacity string // in words
	Position bool
	At       moment
	Edited   moment // zero: never
	ReplyTo  int
	ReplyURL string
	URL      string // permanent
	Lang     string // where it is not the page's
	LangName string
	HTML     template.HTML
	Removed  string // what is told of a removed post
	Reason   string
	History  string // where the earlier texts are; empty: nothing to see
	Edit     string
	Deeds    []deedLink
	Notice   string // what the few who read a withheld post are told
	Answer   string // where an answer to this post is written
	Quote    string // where such an answer quotes it
	Files    []fileView
	// Consolidate is where the post is made the consolidated reply; Consolidated
	// says that it is.
	Consolidate  string
	Consolidated bool
}

// postOf prepares a post for a member. Buttons are shown by the same rules
// that the store asks again.
func postOf(b page.Base, m forum.Member, room forum.Room, t forum.Topic, p forum.Post, now time.Time) postView {
	path := fmt.Sprintf("/forum/posts/%d", p.ID)
	v := postView{
		ID:       p.ID,
		Number:   p.Number,
		Client:   p.ClientID,
		Heading:  heading(b, p, false),
		At:       momentOf(b.Lang, p.CreatedAt),
		ReplyTo:  p.ReplyTo,
		URL:      b.URL(path),
		Lang:     otherLang(b, p.Lang),
		LangName: langLabel(b, p.Lang),
		HTML:     localized(b, p.HTML),
	}
	if p.ReplyTo > 0 {
		v.ReplyURL = b.URL(place(t.ID, p.ReplyTo))
	}
	edited := !p.EditedAt.IsZero()
	if edited {
		v.Edited = momentOf(b.Lang, p.EditedAt)
	}
	if forum.CanSeeHistory(m, room, p) && (edited || p.Removed != nil) {
		v.History = b.URL(path + "/history")
	}
	if p.Removed != nil {
		v.Removed, v.Reason = removal(b, p.Removed), p.Removed.Reason
		return v
	}
	if p.Withheld() {
		if v.withhold(b, m, room, p); v.Removed != "" {
			return v
		}
	}
	v.Capacity, v.Position = b.T("forum_capacity_"+string(p.Capacity)), p.Capacity == forum.Position
	if forum.CanEdit(m, room, t, p, now) {
		v.Edit = b.URL(path + "/edit")
	}
	v.Deeds = deedsFor(b, m, store.PostView{Room: room, Topic: t, Post: p}, now)
	for _, file := range p.Files {
		v.Files = append(v.Files, fileOf(b, file))
	}
	v.Consolidated = t.Consolidated == p.ID
	if forum.CanConsolidate(m, room, t) && p.Number > 1 && !p.Withheld() {
		v.Consolidate = b.URL(path + "/consolidate")
	}
	if forum.CanPost(m, room, t, now) {
		answer := fmt.Sprintf("%s?page=%d&reply=%d", topicPath(t.ID), forum.PageOf(p.Number), p.Number)
		v.Answer, v.Quote = b.URL(answer+"#composer"), b.URL(fmt.Sprintf("%s&quote=%d#composer", answer, p.ID))
	}
	return v
}

// localized leads the links within the forum to the reader's language.
func localized(b page.Base, text template.HTML) template.HTML {
	prefix := b.URL("/forum/")
	if prefix == "/forum/" {
		return text
	}
	// Only what the renderer wrote holds a quote that is not escaped.
	return template.HTML(strings.ReplaceAll(string(text), `href="/forum/`, `href="`+prefix)) //nolint:gosec // prefix is ours
}

func removal(b page.Base, r *forum.Removal) string {
	if r.ByAuthor {
		return b.T("forum_removed_by_author", "Date", b.Lang.DateTime(r.At))
	}
	return b.T("forum_removed_by_secretariat", "Date", b.Lang.DateTime(r.At))
}
