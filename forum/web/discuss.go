package web

import (
	"net/http"
	"net/url"

	"cmc/forum"
	"cmc/internal/errs"
	"cmc/internal/page"
)

// discussPage tells a reader who cannot start a topic what they can do.
type discussPage struct {
	page.Base
	Record link
	SignIn string // empty for a member without a voice
}

// discuss leads from a page of the knowledge base to the topic about it, or
// offers to start one.
func (f *Web) discuss(w http.ResponseWriter, r *http.Request) error {
	record, err := f.discussed(r)
	if err != nil {
		return err
	}
	t, err := f.Store.TopicForRecord(r.Context(), f.member(r), r.URL.Query().Get("record"))
	switch errs.KindOf(err) {
	case errs.NotFound, errs.Unauthenticated:
		return f.renderDiscuss(w, r, record, forum.NewTopic{Title: record.Text}, nil, http.StatusOK)
	}
	if err != nil {
		return err
	}
	return f.to(w, r, topicPath(t.ID))
}

// startDiscussion starts the topic about a record. Whoever comes second adds
// to the first one's.
func (f *Web) startDiscussion(w http.ResponseWriter, r *http.Request) error {
	record, err := f.discussed(r)
	if err != nil {
		return err
	}
	if !f.member(r).SignedIn() {
		return f.expired(w, r)
	}
	sent := formOf(r)
	n, _ := sent.topic() // this form asks for no date
	n.Record = r.URL.Query().Get("record")
	n.Stamp = f.stamp(n.Record)
	again := func(faults page.Faults, status int) error { return f.renderDiscuss(w, r, record, n, faults, status) }
	if sent.restored {
		return again(nil, http.StatusOK)
	}
	if pause, err := f.aside(r, forum.RecordPlace(n.Record), sent); err != nil {
		return f.refused(w, r, err, again)
	} else if pause {
		return again(nil, http.StatusOK)
	}
	t, err := f.Store.Start(r.Context(), f.member(r), n)
	if errs.KindOf(err) == errs.NotFound { // the record was found above, so it is the room
		err = errs.Wrap(err, errs.Invalid, "forum_error_room").On("room")
	}
	if err != nil {
		return f.refused(w, r, err, again)
	}
	return f.to(w, r, topicPath(t.ID))
}

// discussed finds the record that the address names.
func (f *Web) discussed(r *http.Request) (link, error) {
	query := r.URL.Query()
	lang := query.Get("lang")
	if lang == "" {
		lang = f.Pages.NewBase(r, "forum_title").Lang.Code()
	}
	title, address, ok := f.record(query.Get("record"), lang)
	if !ok {
		return link{}, errs.New(errs.NotFound, "forum_error_no_record")
	}
	return link{address, title}, nil
}

// renderDiscuss shows the form to whoever may start a topic in some room, and
// an explanation to everybody else.
func (f *Web) renderDiscuss(w http.ResponseWriter, r *http.Request, record link, n forum.NewTopic, faults page.Faults, status int) error {
	m := f.member(r)
	rooms, err := f.Store.Rooms(r.Context(), m)
	if err != nil {
		return err
	}
	id := r.URL.Query().Get("record")
	at := forum.RecordPlace(id)
	kept, begun, err := f.begunTopic(r, m, at, &n)
	if err != nil {
		return err
	}
	p := f.newPage(r, m, n, faults, nil)
	p.keepTopic(m, formOf(r), at, kept, begun)
	// Which room it will be is not known yet: what is true of the strictest is
	// true of all.
	if err := f.complete(r, m, &p.Composer, at, forum.Room{Visibility: forum.Public, Policy: forum.Chatham}); err != nil {
		return err
	}
	for _, room := range rooms {
		if forum.CanStart(m, room.Room, forum.Discussion) {
			p.Rooms = append(p.Rooms, option{
				Value:  room.Slug,
				Label:  p.T("forum_room_choice", "Room", room.Title(p.Lang.Code()), "Readers", readers(p.Base, room.Room)),
				Chosen: n.Room == room.Slug,
			})
		}
	}
	if len(p.Rooms) == 0 {
		e := discussPage{Base: p.Base, Record: record}
		e.Title = p.T("forum_discuss_title")
		if !m.SignedIn() {
			e.SignIn = signIn(p.Base, p.URL(r.URL.RequestURI()))
		}
		return f.Pages.Render(w, r, http.StatusOK, "forum/discuss", e)
	}
	p.Title = p.T("forum_discuss_title")
	p.Action = p.URL("/forum/discuss") + "?record=" + url.QueryEscape(id)
	p.Record = record
	p.Optional = true
	if len(p.Rooms) == 1 {
		p.Rooms[0].Chosen = true
	}
	return f.Pages.Render(w, r, status, "forum/new", p)
}
