package web

import (
	"context"
	"net/http"

	"cmc/forum"
)

// lock closes a topic to new posts, or opens it again.
func (f *Web) lock(w http.ResponseWriter, r *http.Request) error {
	return f.setState(w, r, f.Store.SetLocked)
}

// pin holds a topic at the head of its room, or lets it go.
func (f *Web) pin(w http.ResponseWriter, r *http.Request) error {
	return f.setState(w, r, f.Store.SetPinned)
}

func (f *Web) setState(w http.ResponseWriter, r *http.Request, set func(context.Context, forum.Member, int64, bool) error) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := set(r.Context(), f.member(r), id, formOf(r).get("on") == "true"); err != nil {
		return err
	}
	return f.to(w, r, topicPath(id))
}
