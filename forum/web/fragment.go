package web

import (
	"net/http"
)

// fragment answers with the posts that a page lacks: the same template and the
// same permission check as the page's own.
func (f *Web) fragment(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	m := f.member(r)
	t, err := f.Store.PostsAfter(r.Context(), m, id, number(r, "after"))
	if err != nil {
		return err
	}
	read, err := f.Store.ReadUpTo(r.Context(), m, id)
	if err != nil {
		return err
	}
	p := f.topicPage(r, m, t)
	p.unread(t, m, read)
	w.Header().Set("X-Robots-Tag", "noindex")
	if err := f.Pages.Fragment(w, r, http.StatusOK, "forum/topic", "posts", p); err != nil {
		return err
	}
	f.seen(r, m, t, read)
	return nil
}
