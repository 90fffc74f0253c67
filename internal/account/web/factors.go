package web

import (
	"net/http"
	"strconv"

	"cmc/forum"
	"cmc/internal/errs"
	"cmc/internal/page"
)

// factorsPage lists what a member can show besides their mailbox.
type factorsPage struct {
	page.Base
	Faults   page.Faults
	Required bool
	Any      bool
	App      string // since when; empty: none
	Passkeys []passkey
	Offer    bool // this address of the site allows passkeys
	Codes    int
	Next     string  // never set here; the forms for passkeys carry both
	Kept     []Field // elsewhere
}

type passkey struct {
	ID    int64
	Name  string
	Since string
	Used  string // empty: not yet
}

func (a *Web) showFactors(w http.ResponseWriter, r *http.Request) error {
	return a.signedIn(w, r, func(m forum.Member) error { return a.renderFactors(w, r, m, nil) })
}

// signedIn does what needs a member, and leads anybody else to the door.
func (a *Web) signedIn(w http.ResponseWriter, r *http.Request, do func(forum.Member) error) error {
	m := Member(r.Context())
	if !m.SignedIn() {
		return a.to(w, r, "/account/sign-in")
	}
	return do(m)
}

func (a *Web) removeApp(w http.ResponseWriter, r *http.Request) error {
	return a.signedIn(w, r, func(m forum.Member) error {
		return a.removed(w, r, m, a.accounts.RemoveApp(r.Context(), m))
	})
}

func (a *Web) removePasskey(w http.ResponseWriter, r *http.Request) error {
	return a.signedIn(w, r, func(m forum.Member) error {
		id, err := number(r)
		if err != nil {
			return err
		}
		return a.removed(w, r, m, a.accounts.RemovePasskey(r.Context(), m, id))
	})
}

func (a *Web) removed(w http.ResponseWriter, r *http.Request, m forum.Member, err error) error {
	if faults := page.FaultsOf(a.base(r, "account_factors_title").Lang, err); faults != nil {
		return a.renderFactors(w, r, m, faults)
	}
	if err != nil {
		return err
	}
	return a.to(w, r, "/account/factors")
}

func (a *Web) renderFactors(w http.ResponseWriter, r *http.Request, m forum.Member, faults page.Faults) error {
	f, err := a.accounts.Factors(r.Context(), m)
	if err != nil {
		return err
	}
	p := factorsPage{Base: a.base(r, "account_factors_title"), Faults: faults, Required: f.Required, Any: f.Any(), Codes: f.Codes, Offer: a.accounts.PasskeysWork()}
	if !f.App.IsZero() {
		p.App = p.Lang.Date(f.App)
	}
	for _, k := range f.Passkeys {
		shown := passkey{ID: k.ID, Name: k.Name, Since: p.Lang.Date(k.CreatedAt)}
		if !k.UsedAt.IsZero() {
			shown.Used = p.Lang.Date(k.UsedAt)
		}
		p.Passkeys = append(p.Passkeys, shown)
	}
	return a.pages.Render(w, r, status(faults), "account/factors", p)
}

// codesPage shows recovery codes, this once.
type codesPage struct {
	page.Base
	Codes  []string
	Onward string
	Action string // of a kept form; empty: none
	Kept   []Field
}

func (a *Web) renewCodes(w http.ResponseWriter, r *http.Request) error {
	return a.signedIn(w, r, func(m forum.Member) error {
		codes, err := a.accounts.RenewCodes(r.Context(), m)
		if err != nil {
			return err
		}
		if codes == nil {
			return a.to(w, r, "/account/factors")
		}
		return a.renderCodes(w, r, m, codes)
	})
}

func (a *Web) renderCodes(w http.ResponseWriter, r *http.Request, m forum.Member, codes []string) error {
	p := codesPage{Base: a.base(r.WithContext(with(r.Context(), m)), "account_codes_title"), Codes: codes, Onward: local(r.FormValue("next"))}
	kept := keptOf(r.PostForm)
	p.Action, p.Kept = kept.action, kept.fields
	if p.Onward == "" && Member(r.Context()).SignedIn() {
		p.Onward = p.URL("/account/factors")
	} else if p.Onward == "" { // a first factor, at the end of a sign-in
		p.Onward = p.URL("/forum/")
	}
	return a.pages.Render(w, r, http.StatusOK, "account/codes", p)
}

// number reads the id in the path.
func number(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, errs.New(errs.NotFound, "error_not_found")
	}
	return id, nil
}
