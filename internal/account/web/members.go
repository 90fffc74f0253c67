package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cmc/forum"
	"cmc/internal/account"
	"cmc/internal/errs"
	"cmc/internal/page"
)

// membersPage lists the delegations for the secretariat.
type membersPage struct {
	page.Base
	Faults      page.Faults
	Requests    []request
	Delegations []delegates
}

type delegates struct {
	Code, Name, Kind string
	Taken, Vacant    int
	Waiting          int
}

func (a *Web) members(w http.ResponseWriter, r *http.Request) error {
	return a.signedIn(w, r, func(m forum.Member) error { return a.renderMembers(w, r, m, nil) })
}

func (a *Web) renderMembers(w http.ResponseWriter, r *http.Request, m forum.Member, faults page.Faults) error {
	all, err := a.accounts.Members(r.Context(), m)
	if err != nil {
		return err
	}
	p := membersPage{Base: a.base(r, "account_members_title"), Faults: faults}
	if p.Requests, err = a.requests(r, m, p.Base); err != nil {
		return err
	}
	order := map[string]int{} // of the kinds, as they came
	for _, d := range all {
		kind := p.T("account_kind_" + string(d.Delegation.Kind))
		if _, known := order[kind]; !known {
			order[kind] = len(order)
		}
		p.Delegations = append(p.Delegations, delegates{
			Code:    d.Delegation.Code,
			Name:    d.Delegation.Name(p.Lang.Code()),
			Kind:    kind,
			Taken:   d.Taken(),
			Vacant:  len(d.Seats) - d.Taken(),
			Waiting: len(d.Invitations),
		})
	}
	slices.SortFunc(p.Delegations, func(a, b delegates) int {
		return cmp.Or(cmp.Compare(order[a.Kind], order[b.Kind]), strings.Compare(a.Name, b.Name))
	})
	return a.pages.Render(w, r, status(faults), "account/members", p)
}

// delegationPage shows a delegation's seats, with a form for each deed.
type delegationPage struct {
	page.Base
	Faults  page.Faults
	Said    string // what was just done
	Code    string
	Seats   []seat
	Waiting []pending
	Roles   []option
	Langs   []option
	Address string // as typed
	Reason  string
}

type seat struct {
	ID     int64
	Role   string
	Person int64 // 0: vacant
	occupant
	Suspended string // since when; empty: not
	Why       string
	Self      bool
	Open      bool   // its form was sent back
	Field     string // id of the field for a reason
	Roles     []option
	Before    []occupant
}

type occupant struct{ Name, Address, Since, Until string }

type pending struct {
	ID                     int64
	Address, Role, Expires string
}

type option struct {
	Value, Label string
	Chosen       bool
}

func (a *Web) delegation(w http.ResponseWriter, r *http.Request) error {
	return a.signedIn(w, r, func(m forum.Member) error { return a.renderDelegation(w, r, m, nil) })
}

// said are the deeds that a page may confirm; an address can name no other.
func said() []string {
	return []string{"invited", "cancelled", "resent", "vacated", "role", "suspended", "unsuspended"}
}

func (a *Web) renderDelegation(w http.ResponseWriter, r *http.Request, m forum.Member, faults page.Faults) error {
	all, err := a.accounts.Members(r.Context(), m)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(d account.Delegates) bool { return d.Delegation.Code == r.PathValue("code") })
	if i < 0 {
		return errs.New(errs.NotFound, "error_not_found")
	}
	d := all[i]
	p := delegationPage{
		Base: a.base(r, "account_members_title"), Faults: faults, Code: d.Delegation.Code,
		Address: r.PostForm.Get("address"), Reason: r.PostForm.Get("reason"),
	}
	p.Title = d.Delegation.Name(p.Lang.Code())
	if done := r.URL.Query().Get("done"); slices.Contains(said(), done) {
		p.Said = p.T("account_said_" + done)
	}
	p.Roles = roles(p.Base, d.Delegation.Kind, forum.Role(r.PostForm.Get("role")))
	for _, l := range p.Languages {
		p.Langs = append(p.Langs, option{l.Code, l.Label, l.Current})
	}
	for _, s := range d.Seats {
		shown := shownSeat(p.Base, d.Delegation.Kind, s, m)
		if faults != nil && r.Pattern == suspendPattern && r.PathValue("id") == strconv.FormatInt(s.Now.Person, 10) {
			shown.Open, shown.Field = true, "reason"
		}
		p.Seats = append(p.Seats, shown)
	}
	for _, in := range d.Invitations {
		p.Waiting = append(p.Waiting, pending{in.ID, in.Address, p.T(roleKey(in.Role)), p.Lang.Date(in.ExpiresAt)})
	}
	return a.pages.Render(w, r, status(faults), "account/delegation", p)
}

func shownSeat(p page.Base, kind forum.DelegationKind, s account.Seat, m forum.Member) seat {
	shown := seat{
		ID: s.ID, Role: p.T(roleKey(s.Role)), Person: s.Now.Person, occupant: shownOccupant(p, s.Now),
		Why: s.Now.Why, Self: s.Now.Person == m.ID, Roles: roles(p, kind, s.Role),
		Field: "reason-" + strconv.FormatInt(s.ID, 10),
	}
	if !s.Now.Suspended.IsZero() {
		shown.Suspended = p.Lang.Date(s.Now.Suspended)
	}
	for _, o := range s.Before {
		shown.Before = append(shown.Before, shownOccupant(p, o))
	}
	return shown
}

func shownOccupant(p page.Base, o account.Occupant) occupant {
	shown := occupant{Name: o.Name, Address: o.Address}
	if o.Name == "" {
		shown.Name, shown.Address = p.T("account_name_erased"), ""
	}
	if !o.Since.IsZero() {
		shown.Since = p.Lang.Date(o.Since)
	}
	if !o.Until.IsZero() {
		shown.Until = p.Lang.Date(o.Until)
	}
	return shown
}

// roles are those that seats of such a delegation may have.
func roles(p page.Base, kind forum.DelegationKind, chosen forum.Role) []option {
	var all []option
	for _, r := range forum.Roles() {
		if (r == forum.RoleSecretariat) == (kind == forum.KindSecretariat) {
			all = append(all, option{string(r), p.T(roleKey(r)), r == chosen})
		}
	}
	return all
}
