package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/errs"
	"cmc/internal/page"
)

type draftsPage struct {
	page.Base
	Drafts []draftView
}

// draftView is one unfinished text of the reader's seat.
type draftView struct {
	Place    string
	Label    string // what it would become
	Continue string // empty: it has nowhere to go any more
	Closed   bool   // there, but no more to be written
	Title    string // typed for a topic
	Text     string // its beginning; all of it where it has nowhere to go
	Lang     string
	At       moment
	By       string // whoever typed last, where that is not the reader
}

// excerptLength is how much of a draft a list shows, in runes.
const excerptLength = 160

// drafts lists what the reader's seat has begun.
func (f *Web) drafts(w http.ResponseWriter, r *http.Request) error {
	m := f.member(r)
	list, err := f.Store.Drafts(r.Context(), m)
	if err != nil {
		return err
	}
	b := f.Pages.NewBase(r, "draft_title")
	b.NoIndex = true
	p := draftsPage{Base: b}
	for _, d := range list {
		p.Drafts = append(p.Drafts, f.draftOf(r, b, m, d))
	}
	return f.Pages.Render(w, r, http.StatusOK, "forum/drafts", p)
}

func (f *Web) draftOf(r *http.Request, b page.Base, m forum.Member, d forum.Draft) draftView {
	v := draftView{
		Place: string(d.Place),
		Title: d.Fields["title"],
		Text:  strings.TrimSpace(d.Fields["questions"] + "\n" + d.Fields["body"]),
		Lang:  otherLang(b, d.Fields["lang"]),
		At:    momentOf(b.Lang, d.At),
	}
	if d.By.Person != m.ID {
		v.By = d.By.Name
	}
	path, label, open := f.draftGoes(r, b, m, d.Place)
	v.Label, v.Closed = label, path != "" && !open
	if open {
		v.Continue, v.Text = b.URL(path), shorten(v.Text, excerptLength)
	}
	return v
}

// draftGoes says where a draft is continued, what it would become, and whether
// it still can; the path is empty where there is no way for the reader.
func (f *Web) draftGoes(r *http.Request, b page.Base, m forum.Member, at forum.DraftPlace) (path, label string, open bool) {
	t, err := f.Store.DraftTarget(r.Context(), m, at)
	if err != nil {
		return "", b.T("draft_gone"), false
	}
	switch kind, name := at.Split(); kind {
	case "topic":
		return pageOf(topicPath(t.Topic.ID), t.Topic.Pages()) + "#composer", b.T("draft_reply", "Topic", t.Topic.Title),
			forum.CanPost(m, t.Room, t.Topic, f.Now())
	case "post":
		return fmt.Sprintf("/forum/posts/%d/edit", t.Post.ID), b.T("draft_edit", "Number", t.Post.Number, "Topic", t.Topic.Title),
			forum.CanEdit(m, t.Room, t.Topic, t.Post, f.Now())
	case "room":
		return roomPath(name) + "new", b.T("draft_topic", "Room", t.Room.Title(b.Lang.Code())), forum.CanStart(m, t.Room, forum.Discussion)
	default:
		title, _, ok := f.record(name, b.Lang.Code())
		if !ok {
			return "", b.T("draft_gone"), false
		}
		return "/forum/discuss?record=" + url.QueryEscape(name), b.T("draft_record", "Record", title), true
	}
}

// shorten cuts a text at a word.
func shorten(text string, limit int) string {
	runes := []rune(text)
	if len(runes) <= limit {
		return text
	}
	cut := string(runes[:limit])
	if i := strings.LastIndexAny(cut, " \n"); i > limit/2 {
		cut = cut[:i]
	}
	return strings.TrimSpace(cut) + "…"
}

// draft reads a form as an unfinished text: whatever it holds is kept.
func (f form) draft() forum.Draft {
	d := forum.Draft{Place: forum.DraftPlace(f.get("place")), Client: f.get("client"), Version: f.saved(), Fields: map[string]string{}}
	for name := range f.values {
		plain, kept := strings.CutPrefix(name, keptPrefix)
		switch plain {
		case "place", "saved", "client", "action", "attach", "detach[]", "preview", filesField:
			continue
		}
		if kept == f.restored {
			d.Fields[plain] = f.values.Get(name)
		}
	}
	return d
}

// saved is the version of the draft that the form showed or saved last.
func (f form) saved() int64 {
	n, _ := strconv.ParseInt(f.get("saved"), 10, 64)
	return n
}

// fromDraft is the draft that a form was made from.
func (f form) fromDraft() forum.SavedDraft {
	return forum.SavedDraft{Place: forum.DraftPlace(f.get("place")), Version: f.saved()}
}

// draftConflictPage shows two versions of one draft.
type draftConflictPage struct {
	page.Base
	Mine, Theirs string
	By           string
	Saved        moment
	Fields       []hidden // of mine, saved over theirs
	Continue     string   // with theirs
}

// saveDraft keeps a form as it is. A text that somebody, or another device,
// has saved since is never replaced before the writer has seen it. A form that
// comes back from sign-in is saved like any other: that takes nothing from
// anybody.
func (f *Web) saveDraft(w http.ResponseWriter, r *http.Request) error {
	m := f.member(r)
	script := strings.HasPrefix(r.Header.Get("Accept"), "application/json")
	if !m.SignedIn() {
		if script {
			return denied(m)
		}
		return f.expired(w, r)
	}
	d := formOf(r).draft()
	kept, err := f.Store.SaveDraft(r.Context(), m, d)
	if conflict := errors.Is(err, store.ErrDraftChanged); script && (err == nil || conflict) {
		return f.tellDraft(w, r, kept, conflict)
	} else if conflict {
		return f.renderDraftConflict(w, r, d, kept)
	}
	if err != nil {
		return f.refused(w, r, err, func(page.Faults, int) error {
			return f.returned(w, r, errs.Wrap(err, errs.Denied, "draft_error_large"))
		})
	}
	path, _, open := f.draftGoes(r, f.Pages.NewBase(r, "draft_title"), m, d.Place)
	if !open {
		path = draftsPath // which shows all of it
	}
	return f.to(w, r, path)
}

// tellDraft answers a script: with the version that is kept now, and with the
// text of it where that is not the writer's own.
func (f *Web) tellDraft(w http.ResponseWriter, r *http.Request, kept forum.Draft, conflict bool) error {
	b := f.Pages.NewBase(r, "draft_title")
	told := struct {
		Version int64             `json:"version"`
		Note    string            `json:"note"`
		Fields  map[string]string `json:"fields,omitempty"`
	}{Version: kept.Version, Note: b.T("draft_saved", "Date", b.Lang.DateTime(kept.At))}
	status := http.StatusOK
	if conflict {
		status, told.Fields = http.StatusConflict, kept.Fields
		told.Note = b.T("draft_other", "Name", kept.By.Name, "Date", b.Lang.DateTime(kept.At))
	}
	if kept.Version == 0 {
		told.Note = ""
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(told)
}

func (f *Web) renderDraftConflict(w http.ResponseWriter, r *http.Request, mine, theirs forum.Draft) error {
	b := standing(f.Pages.NewBase(r, "draft_conflict_title"), draftsPath)
	b.NoIndex = true
	text := func(d forum.Draft) string { return strings.TrimSpace(d.Fields["title"] + "\n\n" + d.Fields["body"]) }
	p := draftConflictPage{Base: b, Mine: text(mine), Theirs: text(theirs), By: theirs.By.Name, Saved: momentOf(b.Lang, theirs.At)}
	for name, value := range mine.Fields {
		p.Fields = append(p.Fields, hidden{name, value})
	}
	p.Fields = append(p.Fields, hidden{"place", string(mine.Place)}, hidden{"client", mine.Client},
		hidden{"saved", strconv.FormatInt(theirs.Version, 10)})
	if path, _, open := f.draftGoes(r, b, f.member(r), mine.Place); open {
		p.Continue = b.URL(path)
	}
	return f.Pages.Render(w, r, http.StatusConflict, "forum/draft", p)
}

// discardDraft throws a draft away.
func (f *Web) discardDraft(w http.ResponseWriter, r *http.Request) error {
	if err := f.Store.DiscardDraft(r.Context(), f.member(r), forum.DraftPlace(formOf(r).get("place"))); err != nil {
		return err
	}
	return f.to(w, r, draftsPath)
}

const draftsPath = "/forum/drafts/"

// keepDraft ties a composer to the draft of a place: kept is the one it was
// filled with, if there is one.
func (c *Composer) keepDraft(m forum.Member, sent form, at forum.DraftPlace, kept forum.Draft) {
	c.Place, c.Saved = string(at), sent.saved()
	if kept.Version == 0 {
		return
	}
	c.Saved = kept.Version
	c.Kept = c.T("draft_saved", "Date", c.Lang.DateTime(kept.At))
	if kept.By.Person != m.ID {
		c.Kept = c.T("draft_kept", "Name", kept.By.Name, "Date", c.Lang.DateTime(kept.At))
	}
}

// begun finds the draft with which a form is filled that nobody has typed in
// yet; Version is 0 when there is none.
func (f *Web) begun(r *http.Request, m forum.Member, at forum.DraftPlace) (forum.Draft, form, error) {
	if r.Method != http.MethodGet {
		return forum.Draft{}, form{}, nil
	}
	d, err := f.Store.Draft(r.Context(), m, at)
	values := url.Values{"client": {d.Client}} // should it have been sent, sending it again adds nothing
	for name, value := range d.Fields {
		values.Set(name, value)
	}
	return d, form{values: values}, err
}

// begunTopic fills a form with which a topic is started from its draft, unless
// its address already says what the topic is about.
func (f *Web) begunTopic(r *http.Request, m forum.Member, at forum.DraftPlace, n *forum.NewTopic) (forum.Draft, form, error) {
	if r.URL.Query().Get("title") != "" {
		return forum.Draft{}, form{}, nil
	}
	kept, begun, err := f.begun(r, m, at)
	if kept.Version != 0 {
		record := n.Record
		*n, _ = begun.topic() // a date that is none is shown as typed
		n.Record = record
	}
	return kept, begun, err
}

// keepTopic ties a form with which a topic is started to its draft.
func (p *newPage) keepTopic(m forum.Member, sent form, at forum.DraftPlace, kept forum.Draft, begun form) {
	p.keepDraft(m, sent, at, kept)
	if kept.Version != 0 {
		p.Closes = begun.get("closes")
	}
}

// resumed is a draft's reply; whoever came by a link to answer another post
// answers that one.
func resumed(asked, kept forum.NewPost) forum.NewPost {
	if asked.ReplyTo != 0 {
		kept.ReplyTo = asked.ReplyTo
	}
	return kept
}
