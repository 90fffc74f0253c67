package web

import (
	"net/http"
	"strings"

	"cmc/forum"
	"cmc/internal/page"
)

type accountPage struct {
	page.Base
	Name       string
	Delegation string
	Role       string
	Devices    []device
}

type device struct {
	ID      int64
	Agent   string
	Since   string
	Seen    string
	Strong  bool // a second step was taken there
	Current bool
}

// account shows who is signed in, and where.
func (a *Web) account(w http.ResponseWriter, r *http.Request) error {
	m := Member(r.Context())
	if !m.SignedIn() {
		return a.to(w, r, "/account/sign-in")
	}
	sessions, err := a.accounts.Sessions(r.Context(), m)
	if err != nil {
		return err
	}
	p := accountPage{Base: a.base(r, "account_title"), Name: m.Name}
	p.Delegation = m.Delegation.Name(p.Lang.Code())
	p.Role = p.T(roleKey(m.Role))
	for _, s := range sessions {
		p.Devices = append(p.Devices, device{
			ID:      s.ID,
			Agent:   s.Agent,
			Since:   p.Lang.Date(s.CreatedAt),
			Seen:    p.Lang.DateTime(s.SeenAt),
			Strong:  s.Strong,
			Current: s.Current,
		})
	}
	return a.pages.Render(w, r, http.StatusOK, "account/account", p)
}

// revoke signs a lost or borrowed device out.
func (a *Web) revoke(w http.ResponseWriter, r *http.Request) error {
	m := Member(r.Context())
	if !m.SignedIn() {
		return a.to(w, r, "/account/sign-in")
	}
	id, err := number(r)
	if err != nil {
		return err
	}
	if err := a.accounts.Revoke(r.Context(), m, id); err != nil {
		return err
	}
	return a.to(w, r, "/account/")
}

// revokeAll signs the member out everywhere, here too.
func (a *Web) revokeAll(w http.ResponseWriter, r *http.Request) error {
	return a.signedIn(w, r, func(m forum.Member) error {
		if err := a.accounts.RevokeAll(r.Context(), m); err != nil {
			return err
		}
		a.set(w, sessionCookie, "", 0)
		return a.to(w, r, "/account/sign-in")
	})
}

// roleKey is the interface text that names a kind of seat.
func roleKey(role forum.Role) string {
	return "account_role_" + strings.ReplaceAll(string(role), "-", "_")
}
