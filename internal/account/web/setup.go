package web

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"rsc.io/qr"

	"cmc/forum"
	"cmc/internal/account"
	"cmc/internal/page"
)

// setUpPage sets an authenticator app or a passkey up.
type setUpPage struct {
	page.Base
	Faults   page.Faults
	First    bool // there is no other factor, and one is needed to go on
	Secret   string
	Shown    string       // the secret, in groups
	Address  template.URL // of the secret, for an app on this device
	QR       picture
	Passkeys bool // this address of the site allows them
	Next     string
	Kept     []Field
}

// picture is a QR code as one path of a square of Size modules.
type picture struct {
	Size int
	Path string
}

func (a *Web) showSetUp(w http.ResponseWriter, r *http.Request) error {
	m, err := a.holder(r)
	if err != nil {
		return a.to(w, r, "/account/sign-in")
	}
	return a.renderSetUp(w, r, m, nil)
}

// setUp keeps the secret that the form showed, once the app has given a code
// for it. The secret travels in the form, since a GET keeps nothing.
func (a *Web) setUp(w http.ResponseWriter, r *http.Request) error {
	m, err := a.holder(r)
	if err != nil {
		return a.to(w, r, "/account/sign-in")
	}
	codes, err := a.accounts.AddApp(r.Context(), m, r.PostForm.Get("secret"), r.PostForm.Get("code"))
	if faults := page.FaultsOf(a.base(r, "account_set_up_title").Lang, err); faults != nil {
		return a.renderSetUp(w, r, m, faults)
	}
	if err != nil {
		return err
	}
	return a.afterFactor(w, r, m, codes)
}

// afterFactor shows the recovery codes that came with a first factor, or goes
// on.
func (a *Web) afterFactor(w http.ResponseWriter, r *http.Request, m forum.Member, codes []string) error {
	switch {
	case len(codes) > 0:
		return a.renderCodes(w, r, m, codes)
	case Member(r.Context()).SignedIn():
		return a.to(w, r, "/account/factors")
	}
	return a.onward(w, r)
}

func (a *Web) renderSetUp(w http.ResponseWriter, r *http.Request, m forum.Member, faults page.Faults) error {
	secret := r.PostForm.Get("secret")
	if faults == nil || secret == "" {
		secret = account.NewAppSecret()
	}
	address := "otpauth://totp/" + url.PathEscape(a.accounts.Site()+":"+m.Name) +
		"?secret=" + url.QueryEscape(secret) + "&issuer=" + url.QueryEscape(a.accounts.Site())
	code, err := draw(address)
	if err != nil {
		return fmt.Errorf("draw a QR code: %w", err)
	}
	return a.pages.Render(w, r, status(faults), "account/set-up", setUpPage{
		Base:     a.base(r, "account_set_up_title"),
		Faults:   faults,
		First:    !Member(r.Context()).SignedIn(),
		Secret:   secret,
		Shown:    grouped(secret),
		Address:  template.URL(address), //nolint:gosec // made here; its parts are escaped
		QR:       code,
		Passkeys: a.accounts.PasskeysWork(),
		Next:     local(r.FormValue("next")),
		Kept:     keptOf(r.PostForm).fields,
	})
}

// grouped writes a secret so that people can type it.
func grouped(secret string) string {
	var groups []string
	for ; len(secret) > 4; secret = secret[4:] {
		groups = append(groups, secret[:4])
	}
	return strings.Join(append(groups, secret), " ")
}

// quiet is the light border that readers of QR codes need, in modules.
const quiet = 4

func draw(text string) (picture, error) {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return picture{}, err
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			run := 0
			for code.Black(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
				x += run
			}
		}
	}
	return picture{code.Size + 2*quiet, path.String()}, nil
}
