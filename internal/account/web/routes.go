package web

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"cmc/internal/errs"
	"cmc/internal/page"
)

// Routes registers the room. Paths are plain: the language's prefix is taken
// off before. Every other method at a known path answers 405 and says which
// are allowed.
func (a *Web) Routes(mux *http.ServeMux) {
	allowed := map[string][]string{}
	all := a.handlers()
	maps.Copy(all, a.management())
	for pattern, h := range all {
		mux.Handle(pattern, a.pages.Handle(h))
		method, path, _ := strings.Cut(pattern, " ")
		allowed[path] = append(allowed[path], method)
		if method == http.MethodGet {
			allowed[path] = append(allowed[path], http.MethodHead)
		}
	}
	for path, methods := range allowed {
		slices.Sort(methods)
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Allow", strings.Join(methods, ", "))
			a.pages.Error(w, r, errs.New(errs.Method, "error_method"))
		})
	}
}

func (a *Web) handlers() map[string]page.Handler {
	return map[string]page.Handler{
		"GET /account":                      a.slash,
		"GET /account/{$}":                  a.account,
		"POST /account/devices/{id}/revoke": a.revoke,
		"POST /account/devices/revoke":      a.revokeAll,

		"GET /account/sign-in":             a.showSignIn,
		"POST /account/sign-in":            a.signIn,
		"GET /account/code":                a.showCode,
		"POST /account/code":               a.code,
		"GET /account/link":                a.showLink,
		"POST /account/link":               a.link,
		"POST /account/openid/{code}/send": a.sendToOpenID,
		"GET /account/openid/callback":     a.openIDCallback,
		"GET /account/factor":              a.showFactor,
		"POST /account/factor":             a.factor,
		"GET /account/recovery":            a.showStop,
		"POST /account/recovery":           a.stop,
		"GET /account/recovery/ask":        a.showVouch,
		"POST /account/recovery/ask":       a.vouch,
		"GET /account/invitation":          a.showInvitation,
		"POST /account/invitation":         a.invitation,
		"GET /account/sign-out":            a.showSignOut,
		"POST /account/sign-out":           a.signOut,

		"GET /account/erase":  a.showErase,
		"POST /account/erase": a.erase,

		"GET /account/factors":               a.showFactors,
		"GET /account/factors/app":           a.showSetUp,
		"POST /account/factors/app":          a.setUp,
		"POST /account/factors/app/remove":   a.removeApp,
		"POST /account/factors/codes":        a.renewCodes,
		"POST /account/passkeys":             a.addPasskey,
		"POST /account/passkeys/offer":       a.offerPasskey,
		"POST /account/passkeys/ask":         a.askPasskey,
		"POST /account/passkeys/use":         a.usePasskey,
		"POST /account/passkeys/{id}/remove": a.removePasskey,
	}
}
