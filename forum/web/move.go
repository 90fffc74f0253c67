package web

import (
	"net/http"
	"regexp"
	"strconv"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/page"
)

// movePage asks where a topic goes: to another room, or into another topic.
type movePage struct {
	page.Base
	Faults page.Faults
	Back   link
	Action string
	Rooms  []option // to which it may go
	Into   string   // the other topic, as typed
	Ask    *mergeAsked
}

// mergeAsked is the merge that is to be confirmed.
type mergeAsked struct {
	Into  int64
	Title string
	URL   string
	Room  string
	Posts string
}

// showMove shows both forms, and asks once more before a merge.
func (f *Web) showMove(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	into := r.URL.Query().Get("into")
	if into == "" {
		return f.renderMove(w, r, id, nil, nil, http.StatusOK)
	}
	asked, err := f.Store.MayMerge(r.Context(), f.member(r), id, topicNamed(into))
	again := func(faults page.Faults, status int) error { return f.renderMove(w, r, id, faults, nil, status) }
	if err != nil {
		return f.refused(w, r, err, again)
	}
	return f.renderMove(w, r, id, nil, &asked, http.StatusOK)
}

// move takes a topic to another room.
func (f *Web) move(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := f.Store.Move(r.Context(), f.member(r), id, formOf(r).get("room")); err != nil {
		return f.refused(w, r, err, func(faults page.Faults, status int) error {
			return f.renderMove(w, r, id, faults, nil, status)
		})
	}
	return f.to(w, r, topicPath(id))
}

// merge gives a topic's posts to another topic.
func (f *Web) merge(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := f.Store.Merge(r.Context(), f.member(r), id, topicNamed(formOf(r).get("into"))); err != nil {
		return f.refused(w, r, err, func(faults page.Faults, status int) error {
			return f.renderMove(w, r, id, faults, nil, status)
		})
	}
	return f.merged(w, r, id)
}

// merged leads to where a topic's posts went.
func (f *Web) merged(w http.ResponseWriter, r *http.Request, id int64) error {
	into, number, err := f.Store.Merged(r.Context(), f.member(r), id)
	if err != nil {
		return err
	}
	return f.to(w, r, place(into, number))
}

var topicNumber = regexp.MustCompile(`^\s*(?:.*/forum/topics/)?([0-9]{1,18})(?:[/?#].*)?\s*$`)

// topicNamed reads a topic's number, or its address; 0 when it is neither.
func topicNamed(text string) int64 {
	m := topicNumber.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	id, _ := strconv.ParseInt(m[1], 10, 64)
	return id
}

func (f *Web) renderMove(w http.ResponseWriter, r *http.Request, id int64, faults page.Faults, asked *store.Merging, status int) error {
	m := f.member(r)
	t, err := f.Store.Thread(r.Context(), m, id, 1)
	if err != nil {
		return err
	}
	if !forum.CanModerate(m, t.Room) {
		return denied(m)
	}
	rooms, err := f.Store.Rooms(r.Context(), m)
	if err != nil {
		return err
	}
	b := f.base(r, t.Room, "forum_move_title")
	b.NoIndex = true
	p := movePage{
		Base:   b,
		Faults: faults,
		Back:   link{b.URL(topicPath(id)), t.Topic.Title},
		Action: b.URL(topicPath(id)),
		Into:   r.FormValue("into"),
	}
	for _, room := range rooms {
		if forum.CanMove(m, t.Room, room.Room) {
			p.Rooms = append(p.Rooms, option{
				Value: room.Slug,
				Label: b.T("forum_room_choice", "Room", room.Title(b.Lang.Code()), "Readers", readers(b, room.Room)),
			})
		}
	}
	if asked != nil {
		p.Ask = &mergeAsked{
			Into:  asked.Into.ID,
			Title: asked.Into.Title,
			URL:   b.URL(topicPath(asked.Into.ID)),
			Room:  asked.IntoRoom.Title(b.Lang.Code()),
			Posts: b.T("forum_posts", "Count", asked.From.Posts),
		}
	}
	return f.Pages.Render(w, r, status, "forum/move", p)
}
