package web

import (
	"html/template"
	"net/http"
	"strings"
	"time"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/page"
)

type topicPage struct {
	page.Base
	ID        int64
	TitleLang string
	Room      link
	Record    link // the page it discusses; empty: none
	// RecordChanged says that the page was changed after the topic was started.
	RecordChanged bool
	Kind          string
	State         stateView
	Closes        moment
	Questions     template.HTML
	Reply         *consolidated // nil: none yet
	Circular      *circularView // nil: it is none
	Close         bool          // the reader may close it, or open it again
	Closed        bool
	Day           string // on which it closes, for the form that changes it
	MayDate       bool   // the reader may change it
	Locked        bool
	Pinned        bool
	Posts         []postView
	Unread        unreadView // where the first unread post is, if it is not the first one shown
	Seq           int64      // the log's head before the posts were read
	Latest        string     // where new posts will stand when that is another page
	Pager         pager
	Composer      *Composer // nil where the reader may not write
	SignIn        string    // where a visitor signs in to answer
	Moderate      bool
}

type link struct{ URL, Text string }

// topic shows a page of a topic.
func (f *Web) topic(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	n := forum.NewPost{ReplyTo: number(r, "reply")}
	return f.renderTopic(w, r, id, max(1, number(r, "page")), n, nil, http.StatusOK)
}

// renderTopic shows a topic with a composer that holds n.
func (f *Web) renderTopic(w http.ResponseWriter, r *http.Request, id int64, at int, n forum.NewPost, faults page.Faults, status int) error {
	m := f.member(r)
	t, err := f.Store.Thread(r.Context(), m, id, at)
	if err != nil {
		return err
	}
	if t.Topic.MergedInto != 0 {
		return f.merged(w, r, id)
	}
	read, err := f.Store.ReadUpTo(r.Context(), m, id)
	if err != nil {
		return err
	}
	p := f.topicPage(r, m, t)
	p.unread(t, m, read)
	if p.Circular, err = f.circular(r, p.Base, m, t); err != nil {
		return err
	}
	p.Pager = pagerOf(p.Base, topicPath(id), t.Page, t.Pages)
	if t.Page < t.Pages {
		p.Latest = p.URL(pageOf(topicPath(id), t.Pages))
	}
	if forum.CanPost(m, t.Room, t.Topic, f.Now()) {
		at := forum.TopicPlace(id)
		kept, begun, err := f.begun(r, m, at)
		if err != nil {
			return err
		}
		if kept.Version != 0 {
			n = resumed(n, begun.post())
		}
		quote, err := f.quote(r, p.Base, m, t.Room, int64(number(r, "quote")))
		if err != nil {
			return err
		}
		if quote != "" && n.Body != "" {
			n.Body = strings.TrimRight(n.Body, "\n") + "\n\n"
		}
		n.Body += quote
		if n.BodyLang == "" && faults == nil {
			n.BodyLang = t.Topic.Lang
		}
		c := compose(p.Base, m, n, faults)
		c.Quote = quote
		c.keepDraft(m, formOf(r), at, kept)
		c.MayConsolidate, c.Consolidates = forum.CanConsolidate(m, t.Room, t.Topic) && t.Reply == nil && t.Topic.Posts > 0, n.Consolidates
		if formOf(r).restored {
			c.restored()
		}
		if err := f.complete(r, m, &c, at, t.Room); err != nil {
			return err
		}
		p.Composer = &c
	}
	if err := f.Pages.Render(w, r, status, "forum/topic", p); err != nil {
		return err
	}
	f.seen(r, m, t, read)
	return nil
}

// topicPage prepares what a page and a fragment of it share.
func (f *Web) topicPage(r *http.Request, m forum.Member, t store.Thread) topicPage {
	b := f.base(r, t.Room, "forum_title")
	b = standing(b, topicPath(t.Topic.ID))
	b.Title = t.Topic.Title
	p := topicPage{
		Base:      b,
		ID:        t.Topic.ID,
		TitleLang: otherLang(b, t.Topic.Lang),
		Room:      link{b.URL(roomPath(t.Room.Slug)), t.Room.Title(b.Lang.Code())},
		State:     stateOf(b, t.Topic, f.Now()),
		Closes:    closing(b, t.Topic),
		Reply:     consolidatedOf(b, t),
		Close:     forum.CanClose(m, t.Room, t.Topic),
		Closed:    t.Topic.ClosedBy(f.Now()),
		MayDate:   forum.CanClose(m, t.Room, t.Topic) && t.Topic.Kind != forum.Discussion && t.Topic.Consolidated == 0,
		Locked:    t.Topic.Locked,
		Pinned:    t.Topic.Pinned,
		Seq:       t.Seq,
		Moderate:  forum.CanModerate(m, t.Room),
	}
	if !t.Topic.ClosesAt.IsZero() {
		p.Day = t.Topic.ClosesAt.UTC().Format(time.DateOnly)
	}
	if t.Topic.Kind != forum.Discussion {
		p.Kind = b.T("forum_kind_" + string(t.Topic.Kind))
	}
	if t.Topic.Questions != "" {
		p.Questions = localized(b, forum.Render(t.Topic.Questions))
	}
	if title, url, ok := f.record(t.Topic.Record, b.Lang.Code()); ok {
		p.Record = link{url, title}
		now := f.stamp(t.Topic.Record)
		p.RecordChanged = now != "" && t.Topic.RecordStamp != "" && now != t.Topic.RecordStamp
	}
	if !m.SignedIn() {
		p.SignIn = signIn(b, b.URL(pageOf(b.Path, t.Page))+"#composer")
	}
	for _, post := range t.Posts {
		p.Posts = append(p.Posts, postOf(b, m, t.Room, t.Topic, post, f.Now()))
	}
	return p
}

// stamp is that of a record as it stands now.
func (f *Web) stamp(id string) string {
	if id == "" || f.Stamp == nil {
		return ""
	}
	return f.Stamp(id)
}

// record finds the page behind an id; an id without a page is no link.
func (f *Web) record(id, lang string) (title, url string, ok bool) {
	if id == "" || f.Record == nil {
		return "", "", false
	}
	return f.Record(id, lang)
}
