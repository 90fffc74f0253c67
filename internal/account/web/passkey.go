package web

import (
	"net/http"

	"cmc/internal/account"
	"cmc/internal/errs"
	"cmc/internal/page"
)

// offerPasskey tells a member's browser how to make a passkey.
func (a *Web) offerPasskey(w http.ResponseWriter, r *http.Request) error {
	m, err := a.holder(r)
	if err != nil {
		return err
	}
	options, device, err := a.accounts.OfferPasskey(r.Context(), m)
	if err != nil {
		return err
	}
	return a.options(w, options, device)
}

// askPasskey tells a browser how to show one.
func (a *Web) askPasskey(w http.ResponseWriter, r *http.Request) error {
	m, err := a.accounts.Waiting(r.Context(), a.read(r, sessionCookie))
	if err != nil && errs.KindOf(err) != errs.Unauthenticated {
		return err
	}
	options, device, err := a.accounts.AskPasskey(r.Context(), m)
	if err != nil {
		return err
	}
	return a.options(w, options, device)
}

func (a *Web) options(w http.ResponseWriter, options []byte, device string) error {
	a.set(w, ceremonyCookie, device, account.CeremonyLife)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, err := w.Write(options)
	return err
}

func (a *Web) addPasskey(w http.ResponseWriter, r *http.Request) error {
	m, err := a.holder(r)
	if err != nil {
		return a.to(w, r, "/account/sign-in")
	}
	codes, err := a.accounts.AddPasskey(r.Context(), m, a.read(r, ceremonyCookie), r.PostForm.Get("credential"), r.UserAgent())
	a.set(w, ceremonyCookie, "", 0)
	if faults := a.refused(r, err); faults != nil {
		if Member(r.Context()).SignedIn() {
			return a.renderFactors(w, r, m, faults)
		}
		return a.renderSetUp(w, r, m, faults)
	}
	if err != nil {
		return err
	}
	return a.afterFactor(w, r, m, codes)
}

// usePasskey signs in with a passkey: without a mail, or as the second step.
func (a *Web) usePasskey(w http.ResponseWriter, r *http.Request) error {
	if Member(r.Context()).SignedIn() {
		return a.onward(w, r)
	}
	token, err := a.accounts.WithPasskey(r.Context(), a.read(r, ceremonyCookie), r.PostForm.Get("credential"), r.UserAgent())
	a.set(w, ceremonyCookie, "", 0)
	if faults := a.refused(r, err); faults != nil {
		if waiting := a.read(r, sessionCookie); waiting != "" && a.waits(r) {
			return a.renderFactor(w, r, waiting, faults)
		}
		return a.renderSignIn(w, r, faults)
	}
	if err != nil {
		return err
	}
	return a.enter(w, r, token)
}

// refused is the one sentence about a passkey or another house that was not
// accepted. It doesn't tell why.
func (a *Web) refused(r *http.Request, err error) page.Faults {
	lang := a.base(r, "account_sign_in_title").Lang
	if kind := errs.KindOf(err); kind == errs.Denied || kind == errs.Conflict || kind == errs.Unavailable {
		return page.Faults{{Message: page.Messages(lang, err)[0]}}
	}
	return nil
}
