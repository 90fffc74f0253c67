package web

import (
	"net/http"
	"time"

	"cmc/internal/account"
)

// The cookies. The session's says who is signed in; the device's binds a
// mailed link to the browser that asked for it, the ceremony's the answer of a
// passkey or of another house.
const (
	sessionCookie  = "session"
	deviceCookie   = "device"
	ceremonyCookie = "ceremony"
)

// name locks a cookie to this host where TLS allows it.
func (a *Web) name(cookie string) string {
	if a.secure {
		return "__Host-" + cookie
	}
	return cookie
}

func (a *Web) read(r *http.Request, cookie string) string {
	c, err := r.Cookie(a.name(cookie))
	if err != nil {
		return ""
	}
	return c.Value
}

// set keeps a secret in the browser for life; life 0 takes it away. Lax, since
// a link in a mail must arrive with its cookies.
func (a *Web) set(w http.ResponseWriter, cookie, secret string, life time.Duration) {
	age := int(life.Seconds())
	if life == 0 {
		secret, age = "", -1
	}
	http.SetCookie(w, &http.Cookie{
		Name:     a.name(cookie),
		Value:    secret,
		Path:     "/",
		MaxAge:   age,
		Secure:   a.secure,
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
	})
}

// admit starts a session in this browser.
func (a *Web) admit(w http.ResponseWriter, token string) {
	a.set(w, sessionCookie, token, account.SessionLife)
	a.set(w, deviceCookie, "", 0)
}
