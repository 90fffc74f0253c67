package web

import (
	"net/http"

	"cmc/forum"
	"cmc/internal/errs"
	"cmc/internal/page"
)

// createPost adds a post to a topic.
func (f *Web) createPost(w http.ResponseWriter, r *http.Request, id int64, sent form) error {
	n := sent.post()
	again := func(faults page.Faults, status int) error {
		return f.renderTopic(w, r, id, lastPage, n, faults, status)
	}
	if sent.restored {
		return again(nil, http.StatusOK)
	}
	if pause, err := f.aside(r, forum.TopicPlace(id), sent); err != nil {
		return f.refused(w, r, err, again)
	} else if pause {
		return again(nil, http.StatusOK)
	}
	post, err := f.Store.Reply(r.Context(), f.member(r), id, n)
	if errs.KindOf(err) == errs.Conflict { // it is a post of its own, should its author send it again
		n.ClientID = ""
	}
	if err != nil {
		return f.refused(w, r, err, again)
	}
	return f.to(w, r, place(post.Topic, post.Number))
}

// lastPage asks for whatever page is the last: the store clamps it.
const lastPage = 1 << 30
