// Package web is the door of the site: sign-in, invitations, the account page
// with its devices, and sign-out. Every action is an ordinary form.
//
// It promises that no GET changes anything, that what a page says about an
// address is the same whether it is known or not, and that a text somebody was
// writing when the session ended travels through the sign-in forms and comes
// back. It refuses to judge rights: it only notes who is asking.
package web

import (
	"context"
	"embed"
	"net/http"
	"net/url"
	"strings"

	"cmc/forum"
	"cmc/internal/account"
	"cmc/internal/page"
)

//go:embed templates
var templates embed.FS

// Web answers /account/.
type Web struct {
	accounts *account.Accounts
	pages    *page.Set
	secure   bool
}

// New adds the room's pages to the set. secure says that the site is reached
// over TLS only; its cookies are then locked to the host.
func New(accounts *account.Accounts, pages *page.Set, secure bool) *Web {
	for name, file := range map[string]string{
		"account/erase":      "erase.html",
		"account/account":    "account.html",
		"account/code":       "code.html",
		"account/codes":      "codes.html",
		"account/delegation": "delegation.html",
		"account/factor":     "factor.html",
		"account/members":    "members.html",
		"account/factors":    "factors.html",
		"account/invitation": "invitation.html",
		"account/link":       "link.html",
		"account/set-up":     "set_up.html",
		"account/openid":     "openid.html",
		"account/sign-in":    "sign_in.html",
		"account/sign-out":   "sign_out.html",
		"account/stop":       "stop.html",
		"account/vouch":      "vouch.html",
	} {
		pages.Add(name, templates, "templates/parts.html", "templates/"+file)
	}
	return &Web{accounts: accounts, pages: pages, secure: secure}
}

// base makes the frame's part of a page. Nothing here is for search engines.
func (a *Web) base(r *http.Request, titleKey string) page.Base {
	b := a.pages.NewBase(r, titleKey)
	b.NoIndex = true
	return b
}

// to answers a form: the browser asks for path, in the page's language, by GET.
func (a *Web) to(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, a.base(r, "account_title").URL(path), http.StatusSeeOther)
	return nil
}

// slash leads to the page's whole address, in the reader's language.
func (a *Web) slash(w http.ResponseWriter, r *http.Request) error {
	return a.to(w, r, r.URL.Path+"/")
}

// onward leads a reader who has signed in to where they wanted to go.
func (a *Web) onward(w http.ResponseWriter, r *http.Request) error {
	if kept := keptOf(r.PostForm); kept.action != "" {
		// 307 sends the whole form again, to the room that keeps its text.
		http.Redirect(w, r, kept.action, http.StatusTemporaryRedirect)
		return nil
	}
	if next := local(r.FormValue("next")); next != "" {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	}
	return a.to(w, r, "/forum/")
}

// local returns an address when it is one of this site, else "".
func local(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" || u.User != nil {
		return ""
	}
	// Browsers read "//host" and "/\host" as another site's address.
	if !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || strings.ContainsAny(address, "\\\r\n\t") {
		return ""
	}
	return address
}

type contextKey struct{}

// Member returns who is asking; a visitor is the zero Member.
func Member(ctx context.Context) forum.Member {
	m, _ := ctx.Value(contextKey{}).(forum.Member)
	return m
}
