package web

import (
	"net/http"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/page"
)

type newsPage struct {
	page.Base
	Delegation string
	Sum        string // how much is unread, in words; empty: nothing
	Mentions   []newsMention
	Awaited    []newsAwaited
	Rooms      []newsRoom
	More       int
	Drafts     []draftView
	Seq        int64
}

type newsMention struct {
	Post  link
	Topic string
	Lang  string // of the topic's title, where it is not the page's
	At    moment
}

// newsAwaited is a topic that asks something of the delegation.
type newsAwaited struct {
	Topic  link
	Lang   string
	Asks   string // what is asked, in words
	Room   string
	Closes moment
	State  stateView
}

type newsRoom struct {
	Room   link
	Topics []newsTopic
}

type newsTopic struct {
	Topic  link // to its first unread post
	Lang   string
	Unread unreadView
	Last   moment
}

// newsLink leads to what is new, and says how much it is.
type newsLink struct{ URL, Text string }

func newsLinkOf(b page.Base, m forum.Member, unread map[int64]store.UnreadCount) newsLink {
	if !m.SignedIn() {
		return newsLink{}
	}
	posts := 0
	for _, c := range unread {
		posts += c.Posts
	}
	text := b.T("news_title", "Delegation", m.Delegation.Name(b.Lang.Code()))
	if posts > 0 {
		text = b.T("news_link", "Delegation", m.Delegation.Name(b.Lang.Code()), "Count", posts)
	}
	return newsLink{b.URL(newsPath), text}
}

// news shows what waits for the reader's seat.
func (f *Web) news(w http.ResponseWriter, r *http.Request) error {
	m := f.member(r)
	n, err := f.Store.News(r.Context(), m)
	if err != nil {
		return err
	}
	drafts, err := f.Store.Drafts(r.Context(), m)
	if err != nil {
		return err
	}
	b := f.Pages.NewBase(r, "news_title", "Delegation", m.Delegation.Name(f.lang(r)))
	b.NoIndex = true
	p := newsPage{Base: b, Delegation: m.Delegation.Name(b.Lang.Code()), More: n.More, Seq: n.Seq}
	if n.Posts > 0 {
		p.Sum = b.T("news_sum", "Count", n.Posts, "Topics", b.T("forum_topics", "Count", n.Topics))
	}
	for _, v := range n.Mentions {
		p.Mentions = append(p.Mentions, newsMention{
			Post:  link{b.URL(place(v.Topic.ID, v.Post.Number)), heading(b, v.Post, false)},
			Topic: v.Topic.Title,
			Lang:  otherLang(b, v.Topic.Lang),
			At:    momentOf(b.Lang, v.Post.CreatedAt),
		})
	}
	p.Awaited = append(f.awaited(b, n.Circulars, "news_acknowledge"), f.awaited(b, n.Queries, "news_answer")...)
	for _, room := range n.Rooms {
		p.Rooms = append(p.Rooms, newsRoomOf(b, room))
	}
	for _, d := range drafts {
		p.Drafts = append(p.Drafts, f.draftOf(r, b, m, d))
	}
	return f.Pages.Render(w, r, http.StatusOK, "forum/news", p)
}

func (f *Web) awaited(b page.Base, list []store.Awaited, asks string) []newsAwaited {
	var all []newsAwaited
	for _, a := range list {
		all = append(all, newsAwaited{
			Topic:  link{b.URL(topicPath(a.Topic.ID)), a.Topic.Title},
			Lang:   otherLang(b, a.Topic.Lang),
			Asks:   b.T(asks),
			Room:   a.Room.Title(b.Lang.Code()),
			Closes: closing(b, a.Topic),
			State:  stateOf(b, a.Topic, f.Now()),
		})
	}
	return all
}

func newsRoomOf(b page.Base, n store.RoomNews) newsRoom {
	room := newsRoom{Room: link{b.URL(roomPath(n.Room.Slug)), n.Room.Title(b.Lang.Code())}}
	for _, t := range n.Topics {
		unread := unreadOf(b, t.Topic, t.Unread)
		room.Topics = append(room.Topics, newsTopic{
			Topic:  link{unread.URL, t.Topic.Title},
			Lang:   otherLang(b, t.Topic.Lang),
			Unread: unread,
			Last:   momentOf(b.Lang, t.Topic.LastAt),
		})
	}
	return room
}

// lang is the language of the page that answers a request.
func (f *Web) lang(r *http.Request) string { return f.Pages.NewBase(r, "forum_title").Lang.Code() }
