package web

import (
	"context"
	"net/http"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/page"
)

type roomsPage struct {
	page.Base
	Rooms []roomEntry
	News  newsLink // empty for a visitor
	// CameBack is a sentence when letters to the reader came back.
	CameBack string
}

type roomEntry struct {
	URL, Title, About string
	Topics, Posts     int
	Unread            store.UnreadCount
	Last              moment // of the newest post
	Readers           string // who may read it, in words
	Archived          bool
}

// rooms lists the rooms that the reader may enter.
func (f *Web) rooms(w http.ResponseWriter, r *http.Request) error {
	m := f.member(r)
	views, err := f.Store.Rooms(r.Context(), m)
	if err != nil {
		return err
	}
	unread, err := f.Store.UnreadByRoom(r.Context(), m, views)
	if err != nil {
		return err
	}
	b := f.Pages.NewBase(r, "forum_title")
	b.Description = b.T("forum_intro")
	p := roomsPage{Base: b, News: newsLinkOf(b, m, unread)}
	if p.CameBack, err = f.cameBack(r.Context(), b, m); err != nil {
		return err
	}
	for _, v := range views {
		p.Rooms = append(p.Rooms, roomEntry{
			URL:      b.URL(roomPath(v.Slug)),
			Title:    v.Title(b.Lang.Code()),
			About:    v.Description(b.Lang.Code()),
			Topics:   v.Topics,
			Posts:    v.Posts,
			Unread:   unread[v.ID],
			Last:     momentOf(b.Lang, v.LastAt),
			Readers:  readers(b, v.Room),
			Archived: v.Archived,
		})
	}
	return f.Pages.Render(w, r, http.StatusOK, "forum/rooms", p)
}

// cameBack tells a member that mail doesn't reach them, where they look for
// what is new: silence would say that nothing is.
func (f *Web) cameBack(ctx context.Context, b page.Base, m forum.Member) (string, error) {
	if f.CameBack == nil || !m.SignedIn() {
		return "", nil
	}
	n, err := f.CameBack(ctx, m.ID)
	if err != nil || n == 0 {
		return "", err
	}
	return b.T("forum_mail_bouncing", "Count", n), nil
}

// readers says in words who reads a room.
func readers(b page.Base, room forum.Room) string {
	switch room.Visibility {
	case forum.Public:
		return b.T("forum_readers_public")
	case forum.Members:
		return b.T("forum_readers_members")
	default:
		return b.T("forum_readers_group")
	}
}

func roomPath(slug string) string { return "/forum/rooms/" + slug + "/" }
