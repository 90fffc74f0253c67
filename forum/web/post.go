package web

import "net/http"

// post leads from a post's permanent address to its place in the topic.
func (f *Web) post(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	v, err := f.Store.Post(r.Context(), f.member(r), id)
	if err != nil {
		return err
	}
	return f.to(w, r, place(v.Topic.ID, v.Post.Number))
}
