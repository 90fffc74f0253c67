package page

import (
	"bytes"
	_ "embed"
	"net/http"
	"time"
)

// Whoever reads over a weak line may ask for text only: the same pages around
// a frame of a few hundred bytes, without pictures, scripts or decoration. The
// wish is a cookie, so that it holds until it is taken back.

// plainCookie holds the wish.
const plainCookie = "text_only"

// plainLife is how long the wish holds, in seconds.
const plainLife = 365 * 24 * 3600

// PlainStylePath is where the plain frame finds its style sheet.
const PlainStylePath = "/forum/plain.css"

//go:embed templates/plain.css
var plainStyle []byte

// TextOnly reports whether the reader asked for text only.
func TextOnly(r *http.Request) bool {
	c, err := r.Cookie(plainCookie)
	return err == nil && c.Value == "1"
}

// SetTextOnly notes the wish, or takes it back.
func SetTextOnly(w http.ResponseWriter, on, https bool) {
	c := &http.Cookie{Name: plainCookie, Value: "1", Path: "/", MaxAge: plainLife, HttpOnly: true, Secure: https, SameSite: http.SameSiteLaxMode}
	if !on {
		c.Value, c.MaxAge = "", -1
	}
	http.SetCookie(w, c)
}

// PlainStyle answers with the style sheet of the plain frame.
func PlainStyle(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	http.ServeContent(w, r, "plain.css", time.Time{}, bytes.NewReader(plainStyle))
}
