package web

import (
	"net/http"
	"net/url"
	"strings"

	"cmc/internal/page"
)

// textOnly notes that a reader wants nothing but text, or everything again, and
// leads back to where they were.
func (f *Web) textOnly(w http.ResponseWriter, r *http.Request) error {
	page.SetTextOnly(w, formOf(r).get("on") == "true", strings.HasPrefix(f.absolute("/"), "https:"))
	http.Redirect(w, r, within(formOf(r).get("back")), http.StatusSeeOther)
	return nil
}

// within is an address of this site, whatever a form asked for.
func within(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.Contains(address, `\`) {
		return "/forum/"
	}
	return u.RequestURI()
}

func plainStyle(w http.ResponseWriter, r *http.Request) error {
	page.PlainStyle(w, r)
	return nil
}
