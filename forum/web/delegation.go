package web

import (
	"net/http"
	"slices"
	"strings"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/page"
)

type delegationsPage struct {
	page.Base
	Kinds []delegationKind
}

type delegationKind struct {
	Name        string
	Delegations []link
}

type delegationPage struct {
	page.Base
	Kind    string
	Own     bool // the reader's own
	Country link // its page in the knowledge base; empty: none
	Members bool // the reader sees who sits where
	Seats   []seatView
	Awaited []newsAwaited // of the reader's own delegation only
	Topics  []newsAwaited
	Posts   []delegationPost
}

type seatView struct {
	Role  string
	Name  string // empty: vacant
	Since string // a day
}

type delegationPost struct {
	Post     link
	Topic    string
	Lang     string // of the title
	Capacity string
	At       moment
}

// How much a delegation's page shows of what it said.
const (
	delegationPosts  = 10
	delegationTopics = 10
)

func delegationPath(code string) string { return "/forum/delegations/" + code + "/" }

// delegations lists all that take part.
func (f *Web) delegations(w http.ResponseWriter, r *http.Request) error {
	all, err := f.Store.Delegations(r.Context())
	if err != nil {
		return err
	}
	b := f.Pages.NewBase(r, "delegation_list_title")
	p := delegationsPage{Base: b}
	for _, kind := range []forum.DelegationKind{forum.KindMember, forum.KindObserver, forum.KindAgency, forum.KindSecretariat} {
		group := delegationKind{Name: b.T("delegation_kind_" + string(kind) + "_plural")}
		for _, d := range all {
			if d.Kind == kind {
				group.Delegations = append(group.Delegations, link{b.URL(delegationPath(d.Code)), d.Name(b.Lang.Code())})
			}
		}
		slices.SortFunc(group.Delegations, func(a, b link) int { return strings.Compare(a.Text, b.Text) })
		if len(group.Delegations) > 0 {
			p.Kinds = append(p.Kinds, group)
		}
	}
	return f.Pages.Render(w, r, http.StatusOK, "forum/delegations", p)
}

// delegation shows one of them: what it is, to members who sits where, and what
// it has said as far as the reader may read it and the rooms let it be told.
func (f *Web) delegation(w http.ResponseWriter, r *http.Request) error {
	m, code := f.member(r), strings.ToUpper(r.PathValue("code"))
	d, err := f.Store.Delegation(r.Context(), m, code)
	if err != nil {
		return err
	}
	b := standing(f.Pages.NewBase(r, "forum_title"), delegationPath(code))
	b.Title = d.Name(b.Lang.Code())
	p := delegationPage{
		Base: b, Kind: b.T("delegation_kind_" + string(d.Kind)),
		Own: m.SignedIn() && m.Delegation.Code == code, Members: forum.CanSeeSeats(m),
	}
	if title, address, ok := f.record("country-"+strings.ToLower(code), b.Lang.Code()); ok {
		p.Country = link{address, title}
	}
	for _, s := range d.Seats {
		p.Seats = append(p.Seats, seatView{b.T("account_role_" + strings.ReplaceAll(string(s.Role), "-", "_")), s.Name, b.Lang.Date(s.Since)})
	}
	if p.Own {
		if p.Awaited, err = f.owed(r, b, m); err != nil {
			return err
		}
	}
	topics, err := f.Store.TopicsOf(r.Context(), m, code, delegationTopics)
	if err != nil {
		return err
	}
	for _, t := range topics {
		p.Topics = append(p.Topics, f.awaited(b, []store.Awaited{t}, "forum_kind_"+string(t.Topic.Kind))...)
	}
	posts, err := f.Store.Latest(r.Context(), m, store.Scope{Delegation: code}, delegationPosts)
	if err != nil {
		return err
	}
	for _, found := range posts {
		p.Posts = append(p.Posts, delegationPostOf(b, found))
	}
	return f.Pages.Render(w, r, http.StatusOK, "forum/delegation", p)
}

// owed is what is asked of the reader's own delegation.
func (f *Web) owed(r *http.Request, b page.Base, m forum.Member) ([]newsAwaited, error) {
	circulars, err := f.Store.Unacknowledged(r.Context(), m)
	if err != nil {
		return nil, err
	}
	queries, err := f.Store.Unanswered(r.Context(), m)
	if err != nil {
		return nil, err
	}
	return append(f.awaited(b, circulars, "news_acknowledge"), f.awaited(b, queries, "news_answer")...), nil
}

func delegationPostOf(b page.Base, p store.Found) delegationPost {
	return delegationPost{
		Post:     link{b.URL(place(p.Topic.ID, p.Post.Number)), heading(b, p.Post, false)},
		Topic:    p.Topic.Title,
		Lang:     otherLang(b, p.Topic.Lang),
		Capacity: b.T("forum_capacity_" + string(p.Post.Capacity)),
		At:       momentOf(b.Lang, p.Post.CreatedAt),
	}
}
