package web

import (
	"net/http"
	"strconv"

	"cmc/forum"
	"cmc/internal/errs"
	"cmc/internal/mail"
	"cmc/internal/page"
)

// lettersShown is how many of the last letters a seat sees.
const lettersShown = 20

type settingsPage struct {
	page.Base
	Faults   page.Faults
	Rooms    []roomChoice
	All      []option
	Paused   bool
	Bouncing string // a sentence, when letters came back
	Done     string // a sentence, after a form
	Hour     string // when digests leave, in words
	Letters  []letterView
}

type roomChoice struct {
	Field, Title, Level string
	Options             []option
}

type option struct {
	Value, Label string
	Chosen       bool
}

// letterView is one letter and how it went.
type letterView struct {
	What, How, Said string
	At, ISO         string
	Bad             bool
}

// settings shows what mail the reader's seat gets.
func (f *Web) settings(w http.ResponseWriter, r *http.Request, m forum.Member) error {
	p, err := f.settingsOf(r, m)
	if err != nil {
		return err
	}
	switch r.URL.Query().Get("done") {
	case "saved":
		p.Done = p.T("forum_mail_saved")
	case "test":
		p.Done = p.T("forum_mail_test_sent")
	}
	return f.Pages.Render(w, r, http.StatusOK, "mail/settings", p)
}

func (f *Web) settingsOf(r *http.Request, m forum.Member) (settingsPage, error) {
	p := settingsPage{Base: f.base(r, "forum_mail_title")}
	chosen, err := f.Mailer.Mailing().Choices(r.Context(), m)
	if err != nil {
		return p, err
	}
	p.Paused = chosen.Paused
	for _, c := range chosen.Rooms {
		p.Rooms = append(p.Rooms, roomChoice{
			Field:   roomField(c.Room),
			Title:   c.Room.Title(p.Lang.Code()),
			Level:   p.T("forum_mail_level_" + string(c.Room.Mail)),
			Options: cadences(p.Base, chosen.Usual, c.Cadence),
		})
	}
	p.All = cadences(p.Base, chosen.Usual, "")
	p.Hour = p.T("forum_mail_hour", "Hour", strconv.Itoa(f.Mailer.Hour), "Zone", f.Mailer.Location.String())
	bounced, err := f.Mailer.Records().Bouncing(r.Context(), m.ID)
	if err != nil {
		return p, err
	}
	if bounced > 0 {
		p.Bouncing = p.T("forum_mail_bouncing", "Count", bounced)
	}
	letters, err := f.Mailer.Records().Letters(r.Context(), m.Seat, lettersShown)
	for _, l := range letters {
		p.Letters = append(p.Letters, letterOf(p.Base, l))
	}
	return p, err
}

func roomField(r forum.Room) string { return "room-" + r.Slug }

// cadences offers what a seat may choose, whatever is usual first.
func cadences(b page.Base, usual, chosen forum.Cadence) []option {
	all := []option{{"", b.T("forum_mail_cadence_usual", "Cadence", b.T("forum_mail_cadence_"+string(usual))), chosen == ""}}
	for _, c := range forum.Cadences() {
		all = append(all, option{string(c), b.T("forum_mail_cadence_" + string(c)), c == chosen})
	}
	return all
}

func letterOf(b page.Base, l mail.Record) letterView {
	v := letterView{
		What: l.Subject,
		How:  b.T("forum_mail_state_" + string(l.State)),
		Said: l.Said,
		At:   b.Lang.DateTime(l.At),
		ISO:  l.At.UTC().Format("2006-01-02T15:04:05Z"),
		Bad:  l.State == mail.StateFailed,
	}
	if v.What == "" {
		v.What = b.T("forum_mail_kind_" + l.Kind)
	}
	return v
}

// again shows the form with its faults, if it is the form's fault.
func (f *Web) again(w http.ResponseWriter, r *http.Request, m forum.Member, err error) error {
	faults := page.FaultsOf(f.base(r, "forum_mail_title").Lang, err)
	if faults == nil {
		return err
	}
	p, failed := f.settingsOf(r, m)
	if failed != nil {
		return failed
	}
	p.Faults = faults
	status := http.StatusUnprocessableEntity
	if errs.KindOf(err) == errs.TooMany {
		status = http.StatusTooManyRequests
	}
	return f.Pages.Render(w, r, status, "mail/settings", p)
}

// choose keeps the choice for each room.
func (f *Web) choose(w http.ResponseWriter, r *http.Request, m forum.Member) error {
	return f.keep(w, r, m, func(room forum.Room) (forum.Cadence, bool) {
		return forum.Cadence(r.PostForm.Get(roomField(room))), r.PostForm.Has(roomField(room))
	})
}

// chooseAll keeps one choice for all rooms.
func (f *Web) chooseAll(w http.ResponseWriter, r *http.Request, m forum.Member) error {
	return f.keep(w, r, m, func(forum.Room) (forum.Cadence, bool) {
		return forum.Cadence(r.PostForm.Get("cadence")), r.PostForm.Has("cadence")
	})
}

func (f *Web) keep(w http.ResponseWriter, r *http.Request, m forum.Member, of func(forum.Room) (forum.Cadence, bool)) error {
	chosen, err := f.Mailer.Mailing().Choices(r.Context(), m)
	if err != nil {
		return err
	}
	wanted := map[string]forum.Cadence{}
	for _, c := range chosen.Rooms {
		if cadence, asked := of(c.Room); asked {
			wanted[c.Room.Slug] = cadence
		}
	}
	if err := f.Mailer.Mailing().Choose(r.Context(), m, wanted); err != nil {
		return f.again(w, r, m, err)
	}
	return f.to(w, r, "/forum/mail/?done=saved")
}

// pause stops all letters, or lets them go on.
func (f *Web) pause(w http.ResponseWriter, r *http.Request, m forum.Member) error {
	if err := f.Mailer.Mailing().Pause(r.Context(), m, r.PostForm.Get("pause") == "yes"); err != nil {
		return err
	}
	return f.to(w, r, "/forum/mail/?done=saved")
}

// test sends the reader a letter.
func (f *Web) test(w http.ResponseWriter, r *http.Request, m forum.Member) error {
	if err := f.Mailer.Try(r.Context(), m); err != nil {
		return f.again(w, r, m, err)
	}
	return f.to(w, r, "/forum/mail/?done=test")
}
