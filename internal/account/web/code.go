package web

import (
	"net/http"

	"cmc/internal/errs"
	"cmc/internal/page"
)

type codePage struct {
	page.Base
	Faults page.Faults
	Next   string
	Kept   []Field
}

func (a *Web) showCode(w http.ResponseWriter, r *http.Request) error {
	if Member(r.Context()).SignedIn() {
		return a.onward(w, r)
	}
	return a.renderCode(w, r, nil)
}

// code signs in with the typed code. Whoever used the mailed link meanwhile,
// in another window of this browser, is through already.
func (a *Web) code(w http.ResponseWriter, r *http.Request) error {
	if Member(r.Context()).SignedIn() {
		return a.onward(w, r)
	}
	if a.waits(r) {
		return a.toFactor(w, r, a.read(r, sessionCookie))
	}
	token, err := a.accounts.WithCode(r.Context(), a.read(r, deviceCookie), r.PostForm.Get("code"), r.UserAgent())
	if faults := page.FaultsOf(a.base(r, "account_code_title").Lang, err); faults != nil {
		return a.renderCode(w, r, faults)
	}
	if errs.KindOf(err) == errs.NotFound { // somebody was quicker with the same invitation
		return a.renderInvitation(w, r, "", nil)
	}
	if err != nil {
		return err
	}
	return a.enter(w, r, token)
}

func (a *Web) renderCode(w http.ResponseWriter, r *http.Request, faults page.Faults) error {
	return a.pages.Render(w, r, status(faults), "account/code", codePage{
		Base:   a.base(r, "account_code_title"),
		Faults: faults,
		Next:   local(r.FormValue("next")),
		Kept:   keptOf(r.PostForm).fields,
	})
}
