package web

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/page"
)

type moderationPage struct {
	page.Base
	Held    []waitingView
	Reports []reportView
	Max     int // how many of each are shown
}

// waitingView is a post that somebody of the secretariat is to look at.
type waitingView struct {
	postView
	Room, Topic link
}

type reportView struct {
	waitingView
	By       string
	Why      string
	Reported moment
	Settle   string
}

// moderation shows the secretariat what waits for it: held posts and reports.
func (f *Web) moderation(w http.ResponseWriter, r *http.Request) error {
	m := f.member(r)
	waiting, err := f.Store.ToModerate(r.Context(), m)
	if err != nil {
		return err
	}
	b := f.Pages.NewBase(r, "forum_moderation_title")
	b.NoIndex = true
	p := moderationPage{Base: b, Max: store.MaxToModerate}
	for _, v := range waiting.Held {
		p.Held = append(p.Held, f.waiting(b, m, v))
	}
	for _, v := range waiting.Reports {
		p.Reports = append(p.Reports, reportView{
			waitingView: f.waiting(b, m, v.PostView),
			By:          byline(b, v.By),
			Why:         v.Why,
			Reported:    momentOf(b.Lang, v.Report.At),
			Settle:      b.URL(fmt.Sprintf("/forum/reports/%d/settle", v.Report.ID)),
		})
	}
	return f.Pages.Render(w, r, http.StatusOK, "forum/moderation", p)
}

func (f *Web) waiting(b page.Base, m forum.Member, v store.PostView) waitingView {
	return waitingView{
		postView: postOf(b, m, v.Room, v.Topic, v.Post, f.Now()),
		Room:     link{b.URL(roomPath(v.Room.Slug)), v.Room.Title(b.Lang.Code())},
		Topic:    link{b.URL(place(v.Topic.ID, v.Post.Number)), v.Topic.Title},
	}
}

// settle closes a report.
func (f *Web) settle(w http.ResponseWriter, r *http.Request, id int64, sent form) error {
	if err := f.Store.Settle(r.Context(), f.member(r), id, sent.get("reason")); err != nil {
		return err
	}
	return f.to(w, r, "/forum/moderation/")
}

type logPage struct {
	page.Base
	Deeds []deedView
	Older string
}

type deedView struct {
	At     moment
	What   string
	Where  link
	Room   link
	Detail string
}

// log shows members what the secretariat has done in their rooms.
func (f *Web) log(w http.ResponseWriter, r *http.Request) error {
	before := int64(math.MaxInt64)
	if n, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64); err == nil && n > 0 {
		before = n
	}
	deeds, next, err := f.Store.Deeds(r.Context(), f.member(r), before)
	if err != nil {
		return err
	}
	b := f.Pages.NewBase(r, "forum_log_title")
	b.NoIndex = true
	p := logPage{Base: b}
	for _, d := range deeds {
		p.Deeds = append(p.Deeds, deedViewOf(b, d))
	}
	if next > 0 {
		p.Older = b.URL(fmt.Sprintf("/forum/log/?before=%d", next))
	}
	return f.Pages.Render(w, r, http.StatusOK, "forum/log", p)
}

func deedViewOf(b page.Base, d forum.Deed) deedView {
	v := deedView{
		At:    momentOf(b.Lang, d.At),
		What:  b.T("forum_log_" + strings.ReplaceAll(d.Action, ".", "_")),
		Where: link{b.URL(topicPath(d.Topic.ID)), d.Topic.Title},
		Room:  link{b.URL(roomPath(d.Room.Slug)), d.Room.Title(b.Lang.Code())},
	}
	switch {
	case d.Post > 0:
		v.Where = link{b.URL(place(d.Topic.ID, d.Post)), b.T("forum_log_post", "Number", d.Post, "Topic", d.Topic.Title)}
		v.Detail = d.Detail
	case d.Detail == "false":
		v.What = b.T("forum_log_" + strings.ReplaceAll(d.Action, ".", "_") + "_off")
	}
	return v
}
