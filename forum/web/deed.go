package web

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/page"
)

// deed is something done to a post that is asked about first: what it means
// and, for most, why. Its texts are forum_NAME_title, _text and _button.
type deed struct {
	name   string
	reason string // the text that asks why, empty where none is asked for
	// may is asked to show the form; the store asks again.
	may func(m forum.Member, v store.PostView, now time.Time) bool
	do  func(s *store.Store, ctx context.Context, m forum.Member, post int64, reason string) error
}

// deeds are the last parts of the addresses below a post's own.
func deeds() []deed {
	hides := func(m forum.Member, v store.PostView, _ time.Time) bool { return forum.CanHide(m, v.Room, v.Post) }
	return []deed{
		{"remove", "forum_reason", func(m forum.Member, v store.PostView, now time.Time) bool {
			return forum.CanRemove(m, v.Room, v.Topic, v.Post, now)
		}, (*store.Store).Remove},
		{"hide", "forum_hide_reason", hides, (*store.Store).Hide},
		{"show", "", hides, func(s *store.Store, ctx context.Context, m forum.Member, post int64, _ string) error {
			return s.Show(ctx, m, post)
		}},
		{"release", "", hides, func(s *store.Store, ctx context.Context, m forum.Member, post int64, _ string) error {
			return s.Release(ctx, m, post)
		}},
		{"report", "forum_report_reason", func(m forum.Member, v store.PostView, _ time.Time) bool {
			return forum.CanReport(m, v.Room, v.Post)
		}, (*store.Store).Report},
	}
}

// fits reports whether the deed makes sense for a post in its present state.
func (d deed) fits(p forum.Post) bool {
	switch d.name {
	case "hide":
		return p.Hidden == nil && !p.Held
	case "show":
		return p.Hidden != nil
	case "release":
		return p.Held
	}
	return true
}

func (d deed) reasonLabel(b page.Base) string {
	if d.reason == "" {
		return ""
	}
	return b.T(d.reason)
}

type deedPage struct {
	page.Base
	Faults      page.Faults
	Text        string
	Button      string
	ReasonLabel string // empty: none is asked for
	Action      string
	Back        string
	Posts       []postView // the one that is asked about
	Reason      string
}

// showDeed asks before something is done to a post.
func (f *Web) showDeed(d deed) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return f.renderDeed(w, r, d, nil, http.StatusOK)
	}
}

// commit does it.
func (f *Web) commit(d deed) page.Handler {
	return f.writing(func(w http.ResponseWriter, r *http.Request, id int64, sent form) error {
		again := func(faults page.Faults, status int) error { return f.renderDeed(w, r, d, faults, status) }
		if sent.restored {
			return again(nil, http.StatusOK)
		}
		m := f.member(r)
		if err := d.do(f.Store, r.Context(), m, id, sent.get("reason")); err != nil {
			return f.refused(w, r, err, again)
		}
		v, err := f.Store.Post(r.Context(), m, id)
		if err != nil {
			return err
		}
		if d.name == "report" {
			return f.to(w, r, fmt.Sprintf("/forum/posts/%d/reported", id))
		}
		return f.to(w, r, place(v.Topic.ID, v.Post.Number))
	})
}

func (f *Web) renderDeed(w http.ResponseWriter, r *http.Request, d deed, faults page.Faults, status int) error {
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
	now := f.Now()
	if !d.may(m, v, now) {
		return denied(m)
	}
	b := f.base(r, v.Room, "forum_"+d.name+"_title", "Number", v.Post.Number)
	b.NoIndex = true
	post := postOf(b, m, v.Room, v.Topic, v.Post, now)
	post.Deeds, post.Edit, post.Answer, post.Quote, post.Consolidate = nil, "", "", "", "" // this page asks one thing
	return f.Pages.Render(w, r, status, "forum/deed", deedPage{
		Base:        b,
		Faults:      faults,
		Text:        b.T("forum_" + d.name + "_text"),
		Button:      b.T("forum_" + d.name + "_button"),
		ReasonLabel: d.reasonLabel(b),
		Action:      b.URL(fmt.Sprintf("/forum/posts/%d/%s", id, d.name)),
		Back:        b.URL(place(v.Topic.ID, v.Post.Number)),
		Posts:       []postView{post},
		Reason:      formOf(r).get("reason"),
	})
}

type reportedPage struct {
	page.Base
	Back string
}

// reported thanks whoever pointed a post out, and says what happens now.
func (f *Web) reported(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	v, err := f.Store.Post(r.Context(), f.member(r), id)
	if err != nil {
		return err
	}
	b := f.base(r, v.Room, "forum_reported_title")
	b.NoIndex = true
	return f.Pages.Render(w, r, http.StatusOK, "forum/reported", reportedPage{b, b.URL(place(v.Topic.ID, v.Post.Number))})
}
