package web

import (
	"fmt"
	"net/http"

	"cmc/forum"
	"cmc/internal/page"
)

type editPage struct {
	Composer
	Action   string
	Post     link   // the post's place
	Revision int    // that the author saw
	Now      string // the present text, where it is not the one the author saw
}

// showEdit shows an author's own post as a form.
func (f *Web) showEdit(w http.ResponseWriter, r *http.Request) error {
	return f.renderEdit(w, r, nil, nil, http.StatusOK)
}

// edit changes a post's text. When it was changed meanwhile, both texts are
// shown and the author decides.
func (f *Web) edit(w http.ResponseWriter, r *http.Request, id int64, sent form) error {
	n := forum.NewText{Body: sent.get("body"), Lang: sent.get("lang"), Revision: sent.number("revision"), Draft: sent.fromDraft()}
	again := func(faults page.Faults, status int) error { return f.renderEdit(w, r, &n, faults, status) }
	if sent.restored {
		return again(nil, http.StatusOK)
	}
	if pause, err := f.aside(r, forum.PostPlace(id), sent); err != nil {
		return f.refused(w, r, err, again)
	} else if pause {
		return again(nil, http.StatusOK)
	}
	post, err := f.Store.Edit(r.Context(), f.member(r), id, n)
	if err != nil {
		return f.refused(w, r, err, again)
	}
	return f.to(w, r, place(post.Topic, post.Number))
}

// renderEdit shows the form with the text n, or with the post's own.
func (f *Web) renderEdit(w http.ResponseWriter, r *http.Request, n *forum.NewText, faults page.Faults, status int) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	m := f.member(r)
	v, err := f.Store.Post(r.Context(), m, id)
	if err != nil {
		return err
	}
	if !forum.CanEdit(m, v.Room, v.Topic, v.Post, f.Now()) {
		return denied(m)
	}
	at := forum.PostPlace(id)
	kept, begun, err := f.begun(r, m, at)
	if err != nil {
		return err
	}
	text := forum.NewText{Body: v.Post.Body, Lang: v.Post.Lang, Revision: v.Post.Revision}
	if kept.Version != 0 { // of an earlier revision, it meets its conflict when it is sent
		text = forum.NewText{Body: begun.get("body"), Lang: begun.get("lang"), Revision: begun.number("revision")}
	}
	if n != nil {
		text = *n
	}
	b := f.base(r, v.Room, "forum_edit_title", "Number", v.Post.Number)
	b.NoIndex = true
	p := editPage{
		Composer: compose(b, forum.Member{}, forum.NewPost{Body: text.Body, BodyLang: text.Lang}, faults),
		Action:   b.URL(fmt.Sprintf("/forum/posts/%d/edit", id)),
		Post:     link{b.URL(place(v.Topic.ID, v.Post.Number)), v.Topic.Title},
		Revision: text.Revision,
	}
	if formOf(r).restored {
		p.restored()
	}
	p.keepDraft(m, formOf(r), at, kept)
	if err := f.complete(r, m, &p.Composer, at, v.Room); err != nil {
		return err
	}
	if status == http.StatusConflict {
		// Sending the form again is then a decision made with both in view.
		p.Now, p.Revision = v.Post.Body, v.Post.Revision
	}
	return f.Pages.Render(w, r, status, "forum/edit", p)
}
