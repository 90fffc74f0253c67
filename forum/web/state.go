package web

import (
	"context"
	"html/template"
	"net/http"
	"time"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/errs"
	"cmc/internal/page"
)

// stateView is what a topic still takes, in words.
type stateView struct {
	Name  string // for the style sheet
	Label string
}

// stateOf is empty for what is simply open: only what differs is said.
func stateOf(b page.Base, t forum.Topic, now time.Time) stateView {
	state := t.State(now)
	if state == forum.StateOpen {
		return stateView{}
	}
	return stateView{string(state), b.T("forum_state_" + string(state))}
}

// closing is the topic's date, as long as it says more than its state does.
func closing(b page.Base, t forum.Topic) moment {
	if !t.ClosedAt.IsZero() {
		return moment{}
	}
	return momentOf(b.Lang, t.ClosesAt)
}

// consolidated is the reply that closes a query, at the head of its topic.
type consolidated struct {
	Number  int
	By, URL string
	At      moment
	Lang    string
	HTML    template.HTML // only on the first page; elsewhere the link does
}

func consolidatedOf(b page.Base, t store.Thread) *consolidated {
	if t.Reply == nil {
		return nil
	}
	c := &consolidated{
		Number: t.Reply.Number,
		By:     byline(b, t.Reply.Author),
		URL:    b.URL(place(t.Topic.ID, t.Reply.Number)),
		At:     momentOf(b.Lang, t.Reply.CreatedAt),
		Lang:   otherLang(b, t.Reply.Lang),
	}
	if t.Page == 1 {
		c.HTML = localized(b, t.Reply.HTML)
	}
	return c
}

// close closes a topic to further posts, or opens it again.
func (f *Web) close(w http.ResponseWriter, r *http.Request) error {
	return f.setState(w, r, f.Store.SetClosed)
}

// closes gives a query or a circular another closing date. A date that is none
// brings the page back with what is wrong.
func (f *Web) closes(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	at, err := closingDay(formOf(r).get("closes"))
	if err == nil {
		err = f.Store.SetClosesAt(r.Context(), f.member(r), id, at)
	}
	if err != nil {
		return f.refused(w, r, err, func(faults page.Faults, status int) error {
			return f.renderTopic(w, r, id, 1, forum.NewPost{}, faults, status)
		})
	}
	return f.to(w, r, topicPath(id))
}

// closingDay reads a day as its last minute; an empty one is no date.
func closingDay(day string) (time.Time, error) {
	if day == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}, errs.Wrap(err, errs.Invalid, "forum_error_closes").On("closes")
	}
	return at.Add(24*time.Hour - time.Minute), nil
}

// consolidate makes a post the consolidated reply, or takes that back.
func (f *Web) consolidate(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := f.Store.Consolidate(r.Context(), f.member(r), id, formOf(r).get("on") == "true"); err != nil {
		return err
	}
	v, err := f.Store.Post(r.Context(), f.member(r), id)
	if err != nil {
		return err
	}
	return f.to(w, r, topicPath(v.Topic.ID))
}

// acknowledge notes that the member's delegation has seen a circular.
func (f *Web) acknowledge(w http.ResponseWriter, r *http.Request) error {
	return f.setState(w, r, func(ctx context.Context, m forum.Member, id int64, _ bool) error {
		return f.Store.Acknowledge(ctx, m, id)
	})
}

// circularView tells how far a circular has been acknowledged.
type circularView struct {
	Text    string
	Own     moment // when the reader's delegation did; zero: not yet
	May     bool   // the reader may do so now
	By      []acknowledgement
	Missing []string
}

type acknowledgement struct {
	By string
	At moment
}

// circular is nil for a topic of another kind, and for a visitor: how the
// delegations respond is theirs to know.
func (f *Web) circular(r *http.Request, b page.Base, m forum.Member, t store.Thread) (*circularView, error) {
	if t.Topic.Kind != forum.Circular || !m.SignedIn() {
		return nil, nil
	}
	a, err := f.Store.Acknowledged(r.Context(), m, t.Topic.ID, f.Groups)
	if err != nil {
		return nil, err
	}
	v := &circularView{
		Text: b.T("forum_acknowledged", "Count", a.Count, "Of", b.Lang.Number(a.Of)),
		Own:  momentOf(b.Lang, a.Own),
		May:  a.Own.IsZero() && forum.CanAcknowledge(m, t.Room, t.Topic),
	}
	for _, one := range a.By {
		v.By = append(v.By, acknowledgement{byline(b, one.Author), momentOf(b.Lang, one.At)})
	}
	for _, d := range a.Missing {
		v.Missing = append(v.Missing, d.Name(b.Lang.Code()))
	}
	return v, nil
}
