package web

import (
	"net/http"
	"net/url"
	"time"

	"cmc/forum"
	"cmc/internal/page"
)

type newPage struct {
	Composer
	Action string
	Intro  string
	Topic  string   // the title, as typed
	Rooms  []option // empty where the room is given
	Room   link
	Kinds  []option
	Record link
	// Questions and Closes are what a query and a circular have besides.
	Questions string
	Closes    string // a day, as typed
	Today     string
}

// newTopic shows the form with which a topic is started. A link to it may
// carry the title, such as a question that search did not answer.
func (f *Web) newTopic(w http.ResponseWriter, r *http.Request) error {
	return f.renderNew(w, r, forum.NewTopic{Title: r.URL.Query().Get("title")}, nil, http.StatusOK)
}

// createTopic starts a topic.
func (f *Web) createTopic(w http.ResponseWriter, r *http.Request) error {
	if !f.member(r).SignedIn() {
		return f.expired(w, r)
	}
	sent := formOf(r)
	n, fault := sent.topic()
	n.Room = r.PathValue("slug")
	again := func(faults page.Faults, status int) error { return f.renderNew(w, r, n, faults, status) }
	if sent.restored {
		return again(nil, http.StatusOK)
	}
	if pause, err := f.aside(r, forum.RoomPlace(n.Room), sent); err != nil {
		return f.refused(w, r, err, again)
	} else if pause {
		return again(nil, http.StatusOK)
	}
	if fault != nil {
		return f.refused(w, r, fault, again)
	}
	t, err := f.Store.Start(r.Context(), f.member(r), n)
	if err != nil {
		return f.refused(w, r, err, again)
	}
	return f.to(w, r, topicPath(t.ID))
}

// topic reads what a form that starts a topic sends.
func (f form) topic() (forum.NewTopic, error) {
	n := forum.NewTopic{
		Room:      f.get("room"),
		Kind:      forum.TopicKind(f.get("kind")),
		Title:     f.get("title"),
		Lang:      f.get("lang"),
		Questions: f.get("questions"),
		NewPost:   f.post(),
	}
	if n.Kind == forum.Discussion {
		return n, nil
	}
	var err error
	n.ClosesAt, err = closingDay(f.get("closes"))
	return n, err
}

func (f *Web) renderNew(w http.ResponseWriter, r *http.Request, n forum.NewTopic, faults page.Faults, status int) error {
	m := f.member(r)
	room, err := f.Store.Room(r.Context(), m, r.PathValue("slug"))
	if err != nil {
		return err
	}
	if !forum.CanStart(m, room, forum.Discussion) {
		return denied(m)
	}
	at := forum.RoomPlace(room.Slug)
	kept, begun, err := f.begunTopic(r, m, at, &n)
	if err != nil {
		return err
	}
	p := f.newPage(r, m, n, faults, kinds(m, room))
	p.keepTopic(m, formOf(r), at, kept, begun)
	if err := f.complete(r, m, &p.Composer, at, room); err != nil {
		return err
	}
	p.Action = p.URL(roomPath(room.Slug) + "new")
	p.Room = link{p.URL(roomPath(room.Slug)), room.Title(p.Lang.Code())}
	return f.Pages.Render(w, r, status, "forum/new", p)
}

// newPage prepares what starting a topic and discussing a record share.
func (f *Web) newPage(r *http.Request, m forum.Member, n forum.NewTopic, faults page.Faults, allowed []forum.TopicKind) newPage {
	b := f.Pages.NewBase(r, "forum_new_title")
	b.NoIndex = true
	p := newPage{
		Composer:  compose(b, m, n.NewPost, faults),
		Topic:     n.Title,
		Questions: n.Questions,
		Closes:    formOf(r).get("closes"),
		Today:     f.Now().UTC().Format(time.DateOnly),
	}
	if formOf(r).restored {
		p.restored()
	}
	for _, k := range allowed {
		p.Kinds = append(p.Kinds, option{
			Value:  string(k),
			Label:  b.T("forum_kind_" + string(k) + "_choice"),
			Chosen: n.Kind == k || n.Kind == "" && k == forum.Discussion,
		})
	}
	return p
}

func kinds(m forum.Member, room forum.Room) []forum.TopicKind {
	var allowed []forum.TopicKind
	for _, k := range []forum.TopicKind{forum.Discussion, forum.Query, forum.Circular} {
		if forum.CanStart(m, room, k) {
			allowed = append(allowed, k)
		}
	}
	return allowed
}

// signIn is where a visitor signs in and comes back to next.
func signIn(b page.Base, next string) string {
	return b.URL("/account/sign-in") + "?next=" + url.QueryEscape(next)
}
