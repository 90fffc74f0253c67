package web

import (
	"net/http"

	"cmc/internal/page"
)

type signOutPage struct{ page.Base }

func (a *Web) showSignOut(w http.ResponseWriter, r *http.Request) error {
	return a.pages.Render(w, r, http.StatusOK, "account/sign-out", signOutPage{a.base(r, "account_sign_out")})
}

func (a *Web) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := a.accounts.SignOut(r.Context(), a.read(r, sessionCookie)); err != nil {
		return err
	}
	a.set(w, sessionCookie, "", 0)
	return a.to(w, r, "/")
}
