package web

import (
	"net/http"

	"cmc/internal/errs"
	"cmc/internal/page"
)

type linkPage struct {
	page.Base
	Token string
	Ready bool // the link was asked for in this browser
}

// showLink reads only: mail scanners open every link.
func (a *Web) showLink(w http.ResponseWriter, r *http.Request) error {
	if Member(r.Context()).SignedIn() {
		return a.onward(w, r)
	}
	token := r.URL.Query().Get("token")
	ready, err := a.accounts.LinkReady(r.Context(), a.read(r, deviceCookie), token)
	if err != nil {
		return err
	}
	return a.renderLink(w, r, http.StatusOK, token, ready)
}

// link signs in the browser that asked for the link; for any other, such as
// a scanner that submits forms, nothing happens.
func (a *Web) link(w http.ResponseWriter, r *http.Request) error {
	token := r.PostForm.Get("token")
	session, err := a.accounts.WithLink(r.Context(), a.read(r, deviceCookie), token, r.UserAgent())
	switch errs.KindOf(err) {
	case errs.Denied, errs.Invalid, errs.NotFound:
		return a.renderLink(w, r, http.StatusForbidden, token, false)
	}
	if err != nil {
		return err
	}
	return a.enter(w, r, session)
}

func (a *Web) renderLink(w http.ResponseWriter, r *http.Request, status int, token string, ready bool) error {
	return a.pages.Render(w, r, status, "account/link", linkPage{
		Base:  a.base(r, "account_link_title"),
		Token: token,
		Ready: ready,
	})
}
