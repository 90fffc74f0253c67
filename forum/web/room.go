package web

import (
	"net/http"

	"cmc/forum"
	"cmc/internal/page"
)

type roomPage struct {
	page.Base
	About    string
	Readers  string
	Archived bool
	Topics   []topicEntry
	Total    int
	Pager    pager
	New      string // where a topic is started; empty where the reader may not
	Policy   string
	Unread   bool   // something is, in this room
	Read     string // where all of it is marked as read
	Seq      int64
	Feed     string // of a public room
}

type topicEntry struct {
	URL, Title, Lang string
	By               string
	Replies          int
	Unread           unreadView
	Last             moment
	Locked, Pinned   bool
	Kind             string // empty: a discussion
	State            stateView
	Closes           moment
	Record           string // what it discusses, empty: nothing of the knowledge base
}

// room shows a page of a room's topics.
func (f *Web) room(w http.ResponseWriter, r *http.Request) error {
	m := f.member(r)
	view, err := f.Store.Topics(r.Context(), m, r.PathValue("slug"), max(1, number(r, "page")))
	if err != nil {
		return err
	}
	b := f.base(r, view.Room, "forum_title")
	lang := b.Lang.Code()
	b.Title = view.Room.Title(lang)
	b.Description = view.Room.Description(lang)
	p := roomPage{
		Base:     b,
		About:    b.Description,
		Readers:  readers(b, view.Room),
		Policy:   policyText(b, view.Room.Policy),
		Archived: view.Room.Archived,
		Total:    view.Total,
		Pager:    pagerOf(b, roomPath(view.Room.Slug), view.Page, view.Pages),
	}
	if forum.CanStart(m, view.Room, forum.Discussion) {
		p.New = b.URL(roomPath(view.Room.Slug) + "new")
	}
	if view.Room.Visibility == forum.Public {
		p.Feed = b.URL("/forum/feed/rooms/" + view.Room.Slug + ".atom")
	}
	unread, err := f.Store.Unread(r.Context(), m, view.Room)
	if err != nil {
		return err
	}
	p.Unread, p.Read, p.Seq = len(unread) > 0, b.URL(roomPath(view.Room.Slug)+"read"), view.Seq
	for _, t := range view.Topics {
		kind := ""
		if t.Kind != forum.Discussion {
			kind = b.T("forum_kind_" + string(t.Kind))
		}
		record, _, _ := f.record(t.Record, lang)
		p.Topics = append(p.Topics, topicEntry{
			Kind:    kind,
			State:   stateOf(b, t, f.Now()),
			Closes:  closing(b, t),
			Record:  record,
			URL:     b.URL(topicPath(t.ID)),
			Title:   t.Title,
			Lang:    otherLang(b, t.Lang),
			By:      byline(b, t.Author),
			Replies: max(0, t.Posts-1),
			Unread:  unreadOf(b, t, unread[t.ID]),
			Last:    momentOf(b.Lang, t.LastAt),
			Locked:  t.Locked,
			Pinned:  t.Pinned,
		})
	}
	return f.Pages.Render(w, r, http.StatusOK, "forum/room", p)
}

// policyText says how statements in a room are attributed, where it is not the
// ordinary way.
func policyText(b page.Base, p forum.Policy) string {
	if p == forum.Attributed {
		return ""
	}
	return b.T("forum_policy_" + string(p))
}
