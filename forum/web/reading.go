package web

import (
	"net/http"
	"strconv"
	"strings"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/errs"
	"cmc/internal/page"
)

// unreadView is what a list tells of a topic's unread posts.
type unreadView struct {
	Count int
	First int    // the number of the first of them
	URL   string // where that stands
}

// unreadOf tells of a topic of which a seat has not read the last count posts.
func unreadOf(b page.Base, t forum.Topic, count int) unreadView {
	if count <= 0 {
		return unreadView{}
	}
	first := t.Posts - count + 1
	return unreadView{count, first, b.URL(place(t.ID, first))}
}

// heading names a post so that a list of headings tells who speaks to whom,
// and what is new.
func heading(b page.Base, p forum.Post, unread bool) string {
	key := "forum_post_heading"
	switch {
	case p.ReplyTo > 0 && unread:
		key = "reading_reply_unread"
	case p.ReplyTo > 0:
		key = "reading_reply"
	case unread:
		key = "reading_post_unread"
	}
	return b.T(key, "Number", p.Number, "By", byline(b, p.Author), "To", p.ReplyTo)
}

// unread marks what a seat that has read up to a post has not: in the
// headings, and with the way to the first of it.
func (p *topicPage) unread(t store.Thread, m forum.Member, read int) {
	if !m.SignedIn() || len(t.Posts) == 0 {
		return
	}
	for i, post := range t.Posts {
		p.Posts[i].Unread = post.Number > read
		p.Posts[i].Heading = heading(p.Base, post, p.Posts[i].Unread)
	}
	p.Unread = unreadOf(p.Base, t.Topic, t.Topic.Posts-read)
	if p.Unread.First == t.Posts[0].Number {
		p.Unread = unreadView{} // it is what one sees first
	}
}

// seen notes, once a page was sent, that the reader's seat has read what it
// showed. A browser that fetches a page before anybody looks at it says so, and
// whoever asks for the head of a page has not read it.
func (f *Web) seen(r *http.Request, m forum.Member, t store.Thread, read int) {
	if r.Method != http.MethodGet || !m.SignedIn() || prefetched(r) || len(t.Posts) == 0 {
		return
	}
	last := t.Posts[len(t.Posts)-1].Number
	if last <= read {
		return
	}
	if err := f.Store.MarkRead(r.Context(), m, t.Topic.ID, last); err != nil {
		// The page was read all the same; its posts will be shown as new again.
		f.Log.WarnContext(r.Context(), "read mark not kept", "request_id", page.RequestID(r.Context()), "error", err)
	}
}

func prefetched(r *http.Request) bool {
	purpose := r.Header.Get("Sec-Purpose") + r.Header.Get("Purpose") + r.Header.Get("X-Moz")
	return strings.Contains(strings.ToLower(purpose), "prefetch")
}

// readRoom marks all of a room as read.
func (f *Web) readRoom(w http.ResponseWriter, r *http.Request) error {
	return f.readAll(w, r, r.PathValue("slug"), roomPath(r.PathValue("slug")))
}

// readEverything marks all rooms as read.
func (f *Web) readEverything(w http.ResponseWriter, r *http.Request) error {
	return f.readAll(w, r, "", newsPath)
}

// readAll marks as read what was there when the form was shown: its field seq
// says when.
func (f *Web) readAll(w http.ResponseWriter, r *http.Request, slug, next string) error {
	m := f.member(r)
	if !m.SignedIn() {
		return denied(m)
	}
	seq, err := strconv.ParseInt(formOf(r).get("seq"), 10, 64)
	if err != nil || seq < 0 {
		return errs.New(errs.Invalid, "forum_error_after")
	}
	if err := f.Store.MarkAllRead(r.Context(), m, slug, seq); err != nil {
		return err
	}
	return f.to(w, r, next)
}

const newsPath = "/forum/new/"
