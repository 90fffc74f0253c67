package web

import (
	"errors"
	"net/http"
	"net/url"

	"cmc/forum"
	"cmc/internal/account"
	"cmc/internal/errs"
	"cmc/internal/page"
)

// factorPage asks for the second step of a sign-in, or leads to setting one up.
type factorPage struct {
	page.Base
	Faults   page.Faults
	App      bool // a code from an app is expected
	Passkeys bool
	Codes    int
	Next     string
	Kept     []Field
}

// waits tells whether this browser's session waits for its second step.
func (a *Web) waits(r *http.Request) bool {
	_, err := a.accounts.Waiting(r.Context(), a.read(r, sessionCookie))
	return err == nil
}

// enter lets a new session in: to where it wanted to go, or to its second step.
func (a *Web) enter(w http.ResponseWriter, r *http.Request, token string) error {
	a.admit(w, token)
	_, err := a.accounts.Lookup(r.Context(), token)
	if errors.Is(err, account.ErrFactor) {
		return a.toFactor(w, r, token)
	}
	if err != nil {
		return err
	}
	return a.onward(w, r)
}

// toFactor leads to the second step. A kept text cannot travel in an address,
// so the page is then the answer itself.
func (a *Web) toFactor(w http.ResponseWriter, r *http.Request, token string) error {
	if keptOf(r.PostForm).action != "" {
		return a.renderFactor(w, r, token, nil)
	}
	return a.to(w, r, factorPath(local(r.FormValue("next"))))
}

func factorPath(next string) string {
	if next == "" {
		return "/account/factor"
	}
	return "/account/factor?next=" + url.QueryEscape(next)
}

func (a *Web) showFactor(w http.ResponseWriter, r *http.Request) error {
	if Member(r.Context()).SignedIn() {
		return a.onward(w, r)
	}
	return a.renderFactor(w, r, a.read(r, sessionCookie), nil)
}

// factor takes the second step with a typed code.
func (a *Web) factor(w http.ResponseWriter, r *http.Request) error {
	if Member(r.Context()).SignedIn() {
		return a.onward(w, r)
	}
	token := a.read(r, sessionCookie)
	err := a.accounts.WithFactor(r.Context(), token, r.PostForm.Get("code"))
	if faults := page.FaultsOf(a.base(r, "account_factor_title").Lang, err); faults != nil {
		return a.renderFactor(w, r, token, faults)
	}
	if err != nil {
		return err
	}
	return a.onward(w, r)
}

func (a *Web) renderFactor(w http.ResponseWriter, r *http.Request, token string, faults page.Faults) error {
	m, err := a.accounts.Waiting(r.Context(), token)
	if errs.KindOf(err) == errs.Unauthenticated {
		return a.to(w, r, "/account/sign-in")
	}
	if err != nil {
		return err
	}
	f, err := a.accounts.Factors(r.Context(), m)
	if err != nil {
		return err
	}
	if !f.Any() {
		return a.renderSetUp(w, r, m, faults)
	}
	return a.pages.Render(w, r, status(faults), "account/factor", factorPage{
		Base:     a.base(r, "account_factor_title"),
		Faults:   faults,
		App:      !f.App.IsZero(),
		Passkeys: len(f.Passkeys) > 0,
		Codes:    f.Codes,
		Next:     local(r.FormValue("next")),
		Kept:     keptOf(r.PostForm).fields,
	})
}

// holder is whose factors a request is about: the member's, or those of whoever
// waits for a second step.
func (a *Web) holder(r *http.Request) (forum.Member, error) {
	if m := Member(r.Context()); m.SignedIn() {
		return m, nil
	}
	return a.accounts.Waiting(r.Context(), a.read(r, sessionCookie))
}
