package web

import (
	"net/http"
	"net/url"

	"cmc/forum/store"
	"cmc/internal/page"
)

type stopPage struct {
	page.Base
	Action   string
	Sentence string
	Stopped  bool
}

// showStop asks whether letters are to stop, and changes nothing.
func (f *Web) showStop(w http.ResponseWriter, r *http.Request) error {
	s, err := f.Mailer.Mailing().Stop(r.Context(), r.URL.Query().Get("token"))
	if err != nil {
		return err
	}
	return f.stopPage(w, r, s)
}

// stop stops a room's letters, or all, or takes that back. It is what a mail
// program calls by itself (RFC 8058), so it neither asks for a session nor
// answers with a redirect.
func (f *Web) stop(w http.ResponseWriter, r *http.Request) error {
	s, err := f.Mailer.Mailing().SetStopped(r.Context(), r.URL.Query().Get("token"), r.PostForm.Get("undo") == "")
	if err != nil {
		return err
	}
	return f.stopPage(w, r, s)
}

func (f *Web) stopPage(w http.ResponseWriter, r *http.Request, s store.Stop) error {
	p := stopPage{Base: f.base(r, "forum_mail_stop_title"), Stopped: s.Stopped}
	p.Action = p.URL("/forum/mail/stop?token=" + url.QueryEscape(r.URL.Query().Get("token")))
	key := "forum_mail_stop_"
	if s.Stopped {
		key = "forum_mail_stopped_"
	}
	if s.Room.ID == 0 {
		p.Sentence = p.T(key + "all")
	} else {
		p.Sentence = p.T(key+"room", "Room", s.Room.Title(p.Lang.Code()))
	}
	return f.Pages.Render(w, r, http.StatusOK, "mail/stop", p)
}
