package web

import (
	"context"
	"net/http"
	"strconv"

	"cmc/forum"
	"cmc/internal/page"
)

// vouchPage asks for a new address for a colleague who can't sign in any more.
type vouchPage struct {
	page.Base
	Faults     page.Faults
	Done       bool
	Colleagues []option
	Address    string
	Hours      int
}

func (a *Web) showVouch(w http.ResponseWriter, r *http.Request) error {
	return a.signedIn(w, r, func(m forum.Member) error { return a.renderVouch(w, r, m, nil) })
}

func (a *Web) vouch(w http.ResponseWriter, r *http.Request) error {
	return a.signedIn(w, r, func(m forum.Member) error {
		id, _ := strconv.ParseInt(r.PostForm.Get("person"), 10, 64) // 0 is nobody
		err := a.accounts.AskRecovery(r.Context(), m, id, r.PostForm.Get("address"))
		if faults := page.FaultsOf(a.base(r, "account_vouch_title").Lang, err); faults != nil {
			return a.renderVouch(w, r, m, faults)
		}
		if err != nil {
			return err
		}
		return a.to(w, r, "/account/recovery/ask?done=1")
	})
}

func (a *Web) renderVouch(w http.ResponseWriter, r *http.Request, m forum.Member, faults page.Faults) error {
	p := vouchPage{
		Base: a.base(r, "account_vouch_title"), Faults: faults,
		Done: r.URL.Query().Has("done"), Address: r.PostForm.Get("address"), Hours: a.accounts.RecoveryHours(),
	}
	colleagues, err := a.accounts.Colleagues(r.Context(), m)
	if err != nil {
		return err
	}
	for _, c := range colleagues {
		id := strconv.FormatInt(c.ID, 10)
		p.Colleagues = append(p.Colleagues, option{id, c.Name + ", " + p.T(roleKey(c.Role)), id == r.PostForm.Get("person")})
	}
	return a.pages.Render(w, r, status(faults), "account/vouch", p)
}

// request is what the secretariat reads of one.
type request struct {
	ID                                 int64
	Name, Address, Asker, Asked, Ready string
	Mine                               bool
}

func (a *Web) requests(r *http.Request, m forum.Member, p page.Base) ([]request, error) {
	all, err := a.accounts.Recoveries(r.Context(), m)
	if err != nil {
		return nil, err
	}
	var list []request
	for _, q := range all {
		shown := request{ID: q.ID, Name: q.Name, Address: q.Address, Asker: q.Asker, Asked: p.Lang.DateTime(q.AskedAt), Mine: q.Mine}
		if !q.ReadyAt.IsZero() {
			shown.Ready = p.Lang.DateTime(q.ReadyAt)
		}
		list = append(list, shown)
	}
	return list, nil
}

// answer is the secretariat's word on a request.
func (a *Web) answer(say func(ctx context.Context, by forum.Member, id int64) error) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return a.signedIn(w, r, func(m forum.Member) error {
			id, err := number(r)
			if err != nil {
				return err
			}
			err = say(r.Context(), m, id)
			if faults := page.FaultsOf(a.base(r, "account_members_title").Lang, err); faults != nil {
				return a.renderMembers(w, r, m, faults)
			}
			if err != nil {
				return err
			}
			return a.to(w, r, "/account/members/")
		})
	}
}

// stopPage is where the old mailbox says no.
type stopPage struct {
	page.Base
	Faults page.Faults
	Token  string
	Done   bool
}

func (a *Web) showStop(w http.ResponseWriter, r *http.Request) error {
	return a.pages.Render(w, r, http.StatusOK, "account/stop", stopPage{
		Base: a.base(r, "account_stop_title"), Token: r.URL.Query().Get("token"),
	})
}

// stop needs the code that is typed from the letter: a scanner that sends every
// form it finds stops nothing.
func (a *Web) stop(w http.ResponseWriter, r *http.Request) error {
	p := stopPage{Base: a.base(r, "account_stop_title"), Token: r.PostForm.Get("token")}
	err := a.accounts.CancelRecovery(r.Context(), p.Token, r.PostForm.Get("code"))
	p.Faults = page.FaultsOf(p.Lang, err)
	if p.Faults == nil && err != nil {
		return err
	}
	p.Done = p.Faults == nil
	return a.pages.Render(w, r, status(p.Faults), "account/stop", p)
}
