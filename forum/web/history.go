package web

import (
	"html/template"
	"net/http"
	"slices"

	"cmc/internal/page"
)

type historyPage struct {
	page.Base
	Back      link
	By        string
	Removed   string
	Reason    string
	Revisions []revisionView
}

type revisionView struct {
	Heading string
	At      moment
	Lang    string
	HTML    template.HTML
}

// history shows what a post said before, newest first.
func (f *Web) history(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	h, err := f.Store.History(r.Context(), f.member(r), id)
	if err != nil {
		return err
	}
	b := f.base(r, h.Room, "forum_history_title", "Number", h.Post.Number)
	b.NoIndex = true
	p := historyPage{
		Base: b,
		Back: link{b.URL(place(h.Topic.ID, h.Post.Number)), h.Topic.Title},
		By:   byline(b, h.Post.Author),
	}
	if h.Post.Removed != nil {
		p.Removed, p.Reason = removal(b, h.Post.Removed), h.Post.Removed.Reason
	}
	for i, v := range slices.Backward(h.Revisions) {
		key := "forum_revision"
		if i == len(h.Revisions)-1 {
			key = "forum_revision_present"
		}
		p.Revisions = append(p.Revisions, revisionView{
			Heading: b.T(key, "Number", v.Number),
			At:      momentOf(b.Lang, v.At),
			Lang:    otherLang(b, v.Lang),
			HTML:    v.HTML,
		})
	}
	return f.Pages.Render(w, r, http.StatusOK, "forum/history", p)
}
