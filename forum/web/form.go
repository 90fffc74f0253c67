package web

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cmc/forum"
	"cmc/internal/errs"
	"cmc/internal/page"
)

// keptPrefix marks the fields of a form that travelled through sign-in because
// the session ended before the form arrived.
const keptPrefix = "keep_"

// form is what a member sent. restored says that it comes back from sign-in:
// it is shown again to be checked, and not acted upon.
type form struct {
	values   url.Values
	restored bool
}

// writing prepares what a member sends about a numbered thing. Where the
// session ended meanwhile, the form is kept and leads through sign-in.
func (f *Web) writing(do func(w http.ResponseWriter, r *http.Request, id int64, sent form) error) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := pathID(r)
		if err != nil {
			return err
		}
		if !f.member(r).SignedIn() {
			return f.expired(w, r)
		}
		return do(w, r, id, formOf(r))
	}
}

func formOf(r *http.Request) form {
	return form{values: r.PostForm, restored: r.PostForm.Has(keptPrefix + "action")}
}

func (f form) get(name string) string {
	if f.restored {
		name = keptPrefix + name
	}
	return f.values.Get(name)
}

func (f form) number(name string) int {
	n, err := strconv.Atoi(f.get(name))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// post reads what every composer sends.
func (f form) post() forum.NewPost {
	return forum.NewPost{
		ClientID:     f.get("client"),
		Body:         f.get("body"),
		BodyLang:     f.get("lang"),
		Capacity:     forum.Capacity(f.get("capacity")),
		ReplyTo:      f.number("reply_to"),
		Consolidates: f.get("consolidates") == "true",
		Draft:        f.fromDraft(),
	}
}

// Composer is the part of a form in which a text is written.
type Composer struct {
	page.Base
	Faults     page.Faults
	Client     string
	Body       string
	Langs      []option
	Capacities []option // empty where there is no choice
	ReplyTo    int
	Quote      string // that the text was begun with
	Optional   bool   // the text may be left empty
	Restored   bool   // the text came back from sign-in
	Fresh      bool   // nobody has typed in it yet: a draft may be brought back
	Place      string // of the draft that the browser and the server keep
	Saved      int64  // version of the draft that the form shows, 0: none
	Kept       string // in words, who saved it when
	Max        int
	Files      []fileView
	Endings    string // that the file field offers
	FilesHint  string
	Preview    template.HTML // how the text will look; empty: not asked for
	// MayConsolidate offers to make the text the query's consolidated reply.
	MayConsolidate, Consolidates bool
}

// restored marks a composer whose text came back from sign-in.
func (c *Composer) restored() { c.Restored, c.Fresh = true, false }

// option is one choice of a field.
type option struct {
	Value, Label string
	Chosen       bool
}

// compose fills a composer for a member, with what was typed before.
func compose(b page.Base, m forum.Member, n forum.NewPost, faults page.Faults) Composer {
	if n.ClientID == "" {
		n.ClientID = clientID()
	}
	if n.BodyLang == "" {
		n.BodyLang = b.Lang.Code()
	}
	c := Composer{
		Base:    b,
		Faults:  faults,
		Client:  n.ClientID,
		Body:    n.Body,
		Langs:   languages(b, n.BodyLang),
		ReplyTo: n.ReplyTo,
		Max:     forum.MaxBody,
		Fresh:   faults == nil,
	}
	if forum.CanSpeakAs(m, forum.Position) {
		for _, capacity := range []forum.Capacity{forum.Expert, forum.Position} {
			c.Capacities = append(c.Capacities, option{
				Value:  string(capacity),
				Label:  b.T("forum_speak_"+string(capacity), "Delegation", m.Delegation.Name(b.Lang.Code())),
				Chosen: n.Capacity == capacity || n.Capacity == "" && (capacity == forum.Position) == m.Secretariat(),
			})
		}
	}
	return c
}

// languages offers the site's languages, and the text's own when it is
// another.
func languages(b page.Base, chosen string) []option {
	var all []option
	for _, l := range b.Languages {
		all = append(all, option{l.Code, l.Label, l.Code == chosen})
	}
	if !slices.ContainsFunc(all, func(o option) bool { return o.Chosen }) && chosen != "" {
		all = append(all, option{chosen, chosen, true})
	}
	return all
}

// expiredPage asks whoever was signed in to sign in again, and carries what
// they wrote.
type expiredPage struct {
	page.Base
	Text  string
	Kept  []hidden
	Files bool // came with it, and could not be kept
}

// hidden is a field that is carried along unseen.
type hidden struct{ Name, Value string }

// expired keeps a form whose sender is not signed in any more.
func (f *Web) expired(w http.ResponseWriter, r *http.Request) error {
	b := f.Pages.NewBase(r, "forum_expired_title")
	b.NoIndex = true
	p := expiredPage{Base: b, Text: r.PostForm.Get("body")}
	p.Files = r.MultipartForm != nil && len(r.MultipartForm.File[filesField]) > 0
	p.Kept = append(p.Kept, hidden{keptPrefix + "action", b.URL(r.URL.RequestURI())})
	for name := range r.PostForm {
		if !strings.HasPrefix(name, keptPrefix) {
			p.Kept = append(p.Kept, hidden{keptPrefix + name, r.PostForm.Get(name)})
		}
	}
	slices.SortFunc(p.Kept, func(a, b hidden) int { return strings.Compare(a.Name, b.Name) })
	return f.Pages.Render(w, r, http.StatusUnauthorized, "forum/expired", p)
}

// denied refuses a member, or asks a visitor to sign in.
func denied(m forum.Member) error {
	if !m.SignedIn() {
		return errs.New(errs.Unauthenticated, "forum_error_sign_in")
	}
	return errs.New(errs.Denied, "forum_error_denied")
}
