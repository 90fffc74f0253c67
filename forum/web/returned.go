package web

import (
	"net/http"

	"cmc/internal/errs"
	"cmc/internal/page"
)

// returnedPage hands a text back that cannot be posted where it was written.
type returnedPage struct {
	page.Base
	Messages []string
	Text     string
}

// returned tells why a form cannot be sent at all any more, with the text to
// copy. A form without a text, or a failure of ours, is an error page.
func (f *Web) returned(w http.ResponseWriter, r *http.Request, err error) error {
	status := map[errs.Kind]int{errs.Denied: http.StatusForbidden, errs.NotFound: http.StatusNotFound}[errs.KindOf(err)]
	text := formOf(r).get("body")
	if status == 0 || text == "" {
		return err
	}
	b := f.Pages.NewBase(r, "forum_returned_title")
	b.NoIndex = true
	return f.Pages.Render(w, r, status, "forum/returned", returnedPage{b, page.Messages(b.Lang, err), text})
}
