package web

import (
	"context"
	"net/http"
	"net/url"

	"cmc/forum"
	"cmc/internal/account"
	"cmc/internal/page"
)

// deed does something for the secretariat with the number in the path, and
// shows the delegation again: with what was done, or with what was wrong.
func (a *Web) deed(done string, do func(ctx context.Context, by forum.Member, id int64, r *http.Request) error) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return a.signedIn(w, r, func(m forum.Member) error {
			id, err := number(r)
			if err != nil {
				return err
			}
			return a.told(w, r, m, done, do(r.Context(), m, id, r))
		})
	}
}

func (a *Web) told(w http.ResponseWriter, r *http.Request, m forum.Member, done string, err error) error {
	if faults := page.FaultsOf(a.base(r, "account_members_title").Lang, err); faults != nil {
		return a.renderDelegation(w, r, m, faults)
	}
	if err != nil {
		return err
	}
	return a.to(w, r, "/account/members/"+url.PathEscape(r.PathValue("code"))+"/?done="+done)
}

func (a *Web) invite(w http.ResponseWriter, r *http.Request) error {
	return a.signedIn(w, r, func(m forum.Member) error {
		_, err := a.accounts.Invite(r.Context(), m, account.Invite{
			Address:    r.PostForm.Get("address"),
			Delegation: r.PathValue("code"),
			Role:       forum.Role(r.PostForm.Get("role")),
			Lang:       r.PostForm.Get("lang"),
		})
		return a.told(w, r, m, "invited", err)
	})
}

const suspendPattern = "POST /account/members/{code}/persons/{id}/suspend"

// management are the deeds of the secretariat.
func (a *Web) management() map[string]page.Handler {
	const delegation = "POST /account/members/{code}/"
	return map[string]page.Handler{
		"GET /account/members":                 a.slash,
		"GET /account/members/{$}":             a.members,
		"GET /account/members/{code}":          a.slash,
		"GET /account/members/{code}/{$}":      a.delegation,
		"POST /account/recoveries/{id}/grant":  a.answer(a.accounts.GrantRecovery),
		"POST /account/recoveries/{id}/refuse": a.answer(a.accounts.RefuseRecovery),
		delegation + "invite":                  a.invite,
		delegation + "invitations/{id}/cancel": a.deed("cancelled", func(ctx context.Context, by forum.Member, id int64, _ *http.Request) error {
			return a.accounts.CancelInvitation(ctx, by, id)
		}),
		delegation + "invitations/{id}/resend": a.deed("resent", func(ctx context.Context, by forum.Member, id int64, _ *http.Request) error {
			return a.accounts.ResendInvitation(ctx, by, id)
		}),
		delegation + "seats/{id}/vacate": a.deed("vacated", func(ctx context.Context, by forum.Member, id int64, _ *http.Request) error {
			return a.accounts.Vacate(ctx, by, id)
		}),
		delegation + "seats/{id}/role": a.deed("role", func(ctx context.Context, by forum.Member, id int64, r *http.Request) error {
			return a.accounts.ChangeRole(ctx, by, id, forum.Role(r.PostForm.Get("role")))
		}),
		suspendPattern: a.deed("suspended", func(ctx context.Context, by forum.Member, id int64, r *http.Request) error {
			return a.accounts.Suspend(ctx, by, id, r.PostForm.Get("reason"))
		}),
		delegation + "persons/{id}/unsuspend": a.deed("unsuspended", func(ctx context.Context, by forum.Member, id int64, _ *http.Request) error {
			return a.accounts.Unsuspend(ctx, by, id)
		}),
	}
}
