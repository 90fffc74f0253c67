package web

import (
	"net/http"

	"cmc/internal/page"
)

type erasePage struct {
	page.Base
	Faults page.Faults
	Done   bool
}

func (a *Web) showErase(w http.ResponseWriter, r *http.Request) error {
	return a.renderErase(w, r, erasePage{}, http.StatusOK)
}

// erase takes the name and address of whoever asks out of the register.
func (a *Web) erase(w http.ResponseWriter, r *http.Request) error {
	err := a.accounts.Erase(r.Context(), Member(r.Context()), r.PostFormValue("address"))
	if faults := page.FaultsOf(a.pages.NewBase(r, "account_erase_title").Lang, err); faults != nil {
		return a.renderErase(w, r, erasePage{Faults: faults}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	a.set(w, sessionCookie, "", 0)
	return a.renderErase(w, r, erasePage{Done: true}, http.StatusOK)
}

func (a *Web) renderErase(w http.ResponseWriter, r *http.Request, p erasePage, status int) error {
	p.Base = a.base(r, "account_erase_title")
	return a.pages.Render(w, r, status, "account/erase", p)
}
