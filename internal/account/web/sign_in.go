package web

import (
	"net/http"
	"net/url"

	"cmc/internal/account"
	"cmc/internal/errs"
	"cmc/internal/page"
)

type signInPage struct {
	page.Base
	Faults   page.Faults
	Address  string
	Next     string
	Kept     []Field
	Passkeys bool
	Houses   []option // delegations with a sign-in of their own
}

func (a *Web) showSignIn(w http.ResponseWriter, r *http.Request) error {
	if Member(r.Context()).SignedIn() {
		return a.onward(w, r)
	}
	if a.waits(r) {
		return a.toFactor(w, r, a.read(r, sessionCookie))
	}
	return a.renderSignIn(w, r, nil)
}

// signIn asks for a code. Whatever the address, the answer is the code page.
func (a *Web) signIn(w http.ResponseWriter, r *http.Request) error {
	if Member(r.Context()).SignedIn() {
		return a.onward(w, r)
	}
	if a.waits(r) {
		return a.toFactor(w, r, a.read(r, sessionCookie))
	}
	lang := a.base(r, "account_sign_in_title").Lang
	device, err := a.accounts.SignIn(r.Context(), r.PostForm.Get("address"), lang.Code())
	faults := page.FaultsOf(lang, err)
	if errs.KindOf(err) == errs.Unavailable { // an error page would lose a kept text
		faults = page.Faults{{Message: page.Messages(lang, err)[0]}}
	}
	if faults != nil {
		return a.renderSignIn(w, r, faults)
	}
	if err != nil {
		return err
	}
	a.set(w, deviceCookie, device, account.DeviceLife)
	return a.toCode(w, r)
}

// toCode leads to the code page. A kept text cannot travel in an address, so
// the page is then the answer itself.
func (a *Web) toCode(w http.ResponseWriter, r *http.Request) error {
	if keptOf(r.PostForm).action != "" {
		return a.renderCode(w, r, nil)
	}
	path := "/account/code"
	if next := local(r.PostForm.Get("next")); next != "" {
		path += "?next=" + url.QueryEscape(next)
	}
	return a.to(w, r, path)
}

func (a *Web) renderSignIn(w http.ResponseWriter, r *http.Request, faults page.Faults) error {
	p := signInPage{
		Base:     a.base(r, "account_sign_in_title"),
		Faults:   faults,
		Address:  r.PostForm.Get("address"),
		Next:     local(r.FormValue("next")),
		Kept:     keptOf(r.PostForm).fields,
		Passkeys: a.accounts.PasskeysWork(),
	}
	if p.Kept == nil { // a kept text would not come back from another house
		houses, err := a.accounts.Houses(r.Context())
		if err != nil {
			return err
		}
		for _, d := range houses {
			p.Houses = append(p.Houses, option{Value: d.Code, Label: d.Name(p.Lang.Code())})
		}
	}
	return a.pages.Render(w, r, status(faults), "account/sign-in", p)
}

// status of a form that is shown, or shown again.
func status(faults page.Faults) int {
	if faults != nil {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}
