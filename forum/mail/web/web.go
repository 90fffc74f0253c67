// Package web shows a seat what mail it gets and how that went, and the
// secretariat what came back. Every action is an ordinary form.
//
// It promises that no GET changes anything, so that a mail scanner that follows
// the links of a letter stops nothing, and that a scanner which submits the
// form has stopped one room's letters, which its page takes back. It refuses
// to show an address.
package web

import (
	"context"
	"embed"
	"net/http"

	"cmc/forum"
	"cmc/forum/mail"
	"cmc/internal/errs"
	"cmc/internal/page"
)

//go:embed templates
var templates embed.FS

// Options are what the pages need from outside.
type Options struct {
	Mailer *mail.Mailer
	Pages  *page.Set
	// Member returns who is asking; a visitor is the zero Member.
	Member func(context.Context) forum.Member
}

// Web answers /forum/mail/ and /forum/bounces/.
type Web struct{ Options }

// New adds the pages to the set.
func New(o Options) *Web {
	for name, file := range map[string]string{
		"mail/settings": "settings.html",
		"mail/stop":     "stop.html",
		"mail/bounces":  "bounces.html",
	} {
		o.Pages.Add(name, templates, "templates/parts.html", "templates/"+file)
	}
	return &Web{o}
}

// Routes registers the pages. Paths are plain: the language's prefix is taken
// off before.
func (f *Web) Routes(mux *http.ServeMux) {
	for pattern, h := range map[string]page.Handler{
		"GET /forum/mail":           f.slash,
		"GET /forum/mail/{$}":       f.seated(f.settings),
		"POST /forum/mail/{$}":      f.seated(f.choose),
		"POST /forum/mail/all":      f.seated(f.chooseAll),
		"POST /forum/mail/pause":    f.seated(f.pause),
		"POST /forum/mail/test":     f.seated(f.test),
		"GET /forum/mail/stop":      f.showStop,
		"POST /forum/mail/stop":     f.stop,
		"GET /forum/bounces":        f.slash,
		"GET /forum/bounces/{$}":    f.seated(f.bounces),
		"POST /forum/bounces/clear": f.seated(f.clear),
	} {
		mux.Handle(pattern, f.Pages.Handle(h))
	}
}

// seated keeps visitors out: they have no mail.
func (f *Web) seated(do func(http.ResponseWriter, *http.Request, forum.Member) error) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		m := f.Member(r.Context())
		if !m.SignedIn() {
			return errs.New(errs.Unauthenticated, "forum_error_sign_in")
		}
		return do(w, r, m)
	}
}

// base makes the frame's part of a page. Nothing here is for search engines.
func (f *Web) base(r *http.Request, titleKey string) page.Base {
	b := f.Pages.NewBase(r, titleKey)
	b.NoIndex = true
	return b
}

// to answers a form: the browser asks for path, in the page's language, by GET.
func (f *Web) to(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, f.base(r, "forum_mail_title").URL(path), http.StatusSeeOther)
	return nil
}

// slash leads to the page's whole address, in the reader's language.
func (f *Web) slash(w http.ResponseWriter, r *http.Request) error { return f.to(w, r, r.URL.Path+"/") }
