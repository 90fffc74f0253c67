package web

import (
	"net/http"

	"cmc/forum"
	"cmc/internal/page"
)

type roomsPage struct {
	page.Base
	Rooms []roomEntry
}

type roomEntry struct {
	URL, Title, About string
	Topics, Posts     int
	Last              moment // of the newest post
	Readers           string // who may read it, in words
	Archived          bool
}

// rooms lists the rooms that the reader may enter.
func (f *Web) rooms(w http.ResponseWriter, r *http.Request) error {
	views, err := f.Store.Rooms(r.Context(), f.member(r))
	if err != nil {
		return err
	}
	b := f.Pages.NewBase(r, "forum_title")
	b.Description = b.T("forum_intro")
	p := roomsPage{Base: b}
	for _, v := range views {
		p.Rooms = append(p.Rooms, roomEntry{
			URL:      b.URL(roomPath(v.Slug)),
			Title:    v.Title(b.Lang.Code()),
			About:    v.Description(b.Lang.Code()),
			Topics:   v.Topics,
			Posts:    v.Posts,
			Last:     momentOf(b.Lang, v.LastAt),
			Readers:  readers(b, v.Room),
			Archived: v.Archived,
		})
	}
	return f.Pages.Render(w, r, http.StatusOK, "forum/rooms", p)
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
