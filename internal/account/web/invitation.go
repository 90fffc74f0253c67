package web

import (
	"net/http"

	"cmc/internal/account"
	"cmc/internal/errs"
	"cmc/internal/page"
)

type invitationPage struct {
	page.Base
	Faults     page.Faults
	Token      string
	Open       bool // the invitation can still be accepted
	Delegation string
	Role       string
	Invited    string // the invited address; empty where the holder gives one
	Name       string
	Address    string
	Expires    string
}

func (a *Web) showInvitation(w http.ResponseWriter, r *http.Request) error {
	return a.renderInvitation(w, r, r.URL.Query().Get("token"), nil)
}

// invitation accepts: a code is mailed, and the seat is taken when it comes
// back.
func (a *Web) invitation(w http.ResponseWriter, r *http.Request) error {
	token := r.PostForm.Get("token")
	lang := a.base(r, "account_invitation_title").Lang
	device, err := a.accounts.Accept(r.Context(), account.Acceptance{
		Token:   token,
		Name:    r.PostForm.Get("name"),
		Address: r.PostForm.Get("address"),
		Lang:    lang.Code(),
	})
	if faults := page.FaultsOf(lang, err); faults != nil {
		return a.renderInvitation(w, r, token, faults)
	}
	if errs.KindOf(err) == errs.NotFound {
		return a.renderInvitation(w, r, token, nil)
	}
	if err != nil {
		return err
	}
	a.set(w, deviceCookie, device, account.DeviceLife)
	return a.to(w, r, "/account/code")
}

func (a *Web) renderInvitation(w http.ResponseWriter, r *http.Request, token string, faults page.Faults) error {
	p := invitationPage{
		Base:    a.base(r, "account_invitation_title"),
		Faults:  faults,
		Token:   token,
		Name:    r.PostForm.Get("name"),
		Address: r.PostForm.Get("address"),
	}
	in, err := a.accounts.Invitation(r.Context(), token)
	if errs.KindOf(err) == errs.NotFound {
		return a.pages.Render(w, r, http.StatusNotFound, "account/invitation", p)
	}
	if err != nil {
		return err
	}
	p.Open = true
	p.Delegation = in.Delegation.Name(p.Lang.Code())
	p.Role = p.T(roleKey(in.Role))
	p.Invited = in.Address
	p.Expires = p.Lang.Date(in.ExpiresAt)
	return a.pages.Render(w, r, status(faults), "account/invitation", p)
}
