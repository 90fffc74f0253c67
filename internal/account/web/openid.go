package web

import (
	"net/http"
	"net/url"

	"cmc/internal/account"
	"cmc/internal/errs"
	"cmc/internal/page"
)

// openIDPage leads to another house. It is a page and no redirect, since a form
// of ours may be answered by our own pages only (form-action).
type openIDPage struct {
	page.Base
	Address string
	House   string // its host's name
}

func (a *Web) sendToOpenID(w http.ResponseWriter, r *http.Request) error {
	next := local(r.PostForm.Get("next"))
	if next == "" {
		next = a.base(r, "account_openid_title").URL("/forum/")
	}
	address, device, err := a.accounts.SendToOpenID(r.Context(), r.PathValue("code"), next)
	if faults := a.refused(r, err); faults != nil {
		return a.renderSignIn(w, r, faults)
	}
	if err != nil {
		return err
	}
	u, err := url.Parse(address)
	if err != nil {
		return errs.Wrap(err, errs.Unavailable, "account_error_openid_away")
	}
	a.set(w, ceremonyCookie, device, account.CeremonyLife)
	w.Header().Set("Refresh", "0; url="+address)
	return a.pages.Render(w, r, http.StatusOK, "account/openid", openIDPage{
		Base: a.base(r, "account_openid_title"), Address: address, House: u.Host,
	})
}

// openIDCallback is the one GET that counts: the protocol sends the other
// house's answer that way. It works once, in the browser that asked.
func (a *Web) openIDCallback(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	token, next, err := a.accounts.WithOpenID(r.Context(), account.OpenIDAnswer{
		Device: a.read(r, ceremonyCookie), State: q.Get("state"), Code: q.Get("code"), Issuer: q.Get("iss"), UserAgent: r.UserAgent(),
	})
	a.set(w, ceremonyCookie, "", 0)
	if faults := a.refused(r, err); faults != nil {
		return a.renderSignIn(w, r, faults)
	}
	if err != nil {
		return err
	}
	r.Form = url.Values{"next": {next}} // what enter and the pages after it read
	return a.enter(w, r, token)
}
