package web

import (
	"fmt"
	"net/http"

	"cmc/forum"
	"cmc/internal/page"
)

type removePage struct {
	page.Base
	Faults page.Faults
	Action string
	Back   string
	Posts  []postView // the one that is asked about
	Reason string
}

// showRemove asks before a post is taken away.
func (f *Web) showRemove(w http.ResponseWriter, r *http.Request) error {
	return f.renderRemove(w, r, nil, http.StatusOK)
}

// remove takes a post away and leaves its trace.
func (f *Web) remove(w http.ResponseWriter, r *http.Request, id int64, sent form) error {
	again := func(faults page.Faults, status int) error { return f.renderRemove(w, r, faults, status) }
	if sent.restored {
		return again(nil, http.StatusOK)
	}
	m := f.member(r)
	if err := f.Store.Remove(r.Context(), m, id, sent.get("reason")); err != nil {
		return f.refused(w, r, err, again)
	}
	v, err := f.Store.Post(r.Context(), m, id)
	if err != nil {
		return err
	}
	return f.to(w, r, place(v.Topic.ID, v.Post.Number))
}

func (f *Web) renderRemove(w http.ResponseWriter, r *http.Request, faults page.Faults, status int) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	m := f.member(r)
	v, err := f.Store.Post(r.Context(), m, id)
	if err != nil {
		return err
	}
	if v.Post.Removed != nil {
		return f.to(w, r, place(v.Topic.ID, v.Post.Number))
	}
	if !forum.CanRemove(m, v.Room, v.Topic, v.Post) {
		return denied(m)
	}
	b := f.base(r, v.Room, "forum_remove_title", "Number", v.Post.Number)
	b.NoIndex = true
	post := postOf(b, m, v.Room, v.Topic, v.Post)
	post.Edit, post.Remove, post.Answer = "", "", "" // this page asks one thing
	return f.Pages.Render(w, r, status, "forum/remove", removePage{
		Base:   b,
		Faults: faults,
		Action: b.URL(fmt.Sprintf("/forum/posts/%d/remove", id)),
		Back:   b.URL(place(v.Topic.ID, v.Post.Number)),
		Posts:  []postView{post},
		Reason: formOf(r).get("reason"),
	})
}
