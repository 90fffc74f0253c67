package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"cmc/internal/testkit"
)

func TestTheAnswerIsTheSameForEveryAddress(t *testing.T) {
	d := newDoor(t, false)
	d.enrol()
	known, unknown := d.browser(), d.browser()
	a, b := known.post("/account/sign-in", "address", ana), unknown.post("/account/sign-in", "address", "nobody@example.org")
	if a.status != b.status || a.path != b.path || a.Text("main") != b.Text("main") {
		t.Errorf("a known address gets %d %s, an unknown one %d %s", a.status, a.path, b.status, b.path)
	}
	a, b = known.post("/account/code", "code", "ACDE-FGHJ"), unknown.post("/account/code", "code", "ACDE-FGHJ")
	if a.status != http.StatusUnprocessableEntity || a.status != b.status || a.Text("main") != b.Text("main") {
		t.Errorf("a wrong code for a known address gets %d %q, for an unknown one %d %q", a.status, a.Text("main"), b.status, b.Text("main"))
	}
	a.Has(`.error-summary a[href="#code"]`).Has("#code-error")
	d.browser().post("/account/sign-in", "address", "not an address").Has(`.error-summary a[href="#address"]`).Has("#address-error")
}

func TestALinkWorksInTheBrowserThatAskedAndNowhereElse(t *testing.T) {
	d := newDoor(t, false)
	d.enrol()
	b := d.browser()
	b.post("/account/sign-in", "address", ana, "next", "/forum/?page=2")
	path := d.linkOf(d.letter())
	_, token, _ := strings.Cut(path, "token=")

	// A mail scanner opens the link, more than once, and sends the form.
	scanner := d.browser()
	for range 3 {
		scanner.get(path).Has("main", "only in the browser that asked").Lacks("main form")
		if got := scanner.post("/account/link", "token", token); got.status != http.StatusForbidden {
			t.Errorf("a scanner that sends the form gets %d", got.status)
		}
	}
	scanner.get("/account/").Has("h1", "Sign in")

	b.get(path).Has("main form button", "Sign in")
	b.get(path).Has("main form button", "Sign in")
	if got := b.post("/account/link", "token", token); got.path != "/forum/" {
		t.Errorf("the link leads to %s", got.path)
	}
	b.get("/forum/").Has("main", "rooms for Ana Joseph")
}

func TestAKeptTextGoesOnToItsRoom(t *testing.T) {
	d := newDoor(t, false)
	d.enrol()
	kept := []string{"keep_action", "/forum/topics/3/posts", "keep_body", "every word"}
	b := d.browser()
	b.post("/account/sign-in", append(kept, "address", "broken")...).
		Has(`input[name=keep_body][value="every word"]`).Has(".notice", "Your text is kept")
	b.post("/account/sign-in", append(kept, "address", ana)...).Has(`input[name=keep_body][value="every word"]`)
	if got := b.post("/account/code", append(kept, "code", typed(d.letter()))...); got.Text("main") != "Ana Joseph wrote every word" {
		t.Errorf("after the code the room reads %q", got.Text("main"))
	}

	// The same when the link was opened in another window meanwhile.
	b.post("/account/code", append(kept, "code", "")...).Has("main", "Ana Joseph wrote every word")
	b.post("/account/sign-in", append(kept, "keep_action", "https://evil.example/")...).Has("main", "rooms for Ana Joseph")
}

func TestAKeptTextGoesOnThroughTheSecondStep(t *testing.T) {
	d := newDoor(t, false)
	codes := d.secretary().post("/account/factors/codes").Texts(".code-list code")
	kept := []string{"keep_action", "/forum/topics/3/posts", "keep_body", "every word"}
	b := d.browser()
	b.post("/account/sign-in", append(kept, "address", "sam@example.org")...)
	step := b.post("/account/code", append(kept, "code", typed(d.letter()))...)
	step.Has("h1", "One more step").Has(`input[name=keep_body][value="every word"]`).Has(".notice", "Your text is kept")
	b.post("/account/sign-in", append(kept, "address", "sam@example.org")...).Has("h1", "One more step").Has(`input[name=keep_body][value="every word"]`)
	b.post("/account/factor", append(kept, "code", "000000")...).Has("#code-error").Has(`input[name=keep_body][value="every word"]`)
	if got := b.post("/account/factor", append(kept, "code", codes[0])...); got.Text("main") != "Sam Rey wrote every word" {
		t.Errorf("after the second step the room reads %q", got.Text("main"))
	}
}

func TestSigningOutEverywhereEndsEverySession(t *testing.T) {
	d := newDoor(t, false)
	first := d.enrol()
	second := d.browser()
	second.post("/account/sign-in", "address", ana)
	second.post("/account/code", "code", typed(d.letter()))
	second.post("/account/devices/revoke").Has("h1", "Sign in")
	first.get("/forum/").Lacks("main", "Ana")
	second.get("/forum/").Lacks("main", "Ana")
}

func TestSignInLeadsBackAndNeverAway(t *testing.T) {
	d := newDoor(t, false)
	b := d.enrol()
	for next, want := range map[string]string{
		"/forum/?page=2":         "/forum/?page=2",
		"https://evil.example/":  "/forum/",
		"//evil.example/":        "/forum/",
		`/\evil.example/`:        "/forum/",
		"/\t/evil.example/":      "/forum/",
		"javascript:alert(1)":    "/forum/",
		"forum/":                 "/forum/",
		"http:///evil.example/x": "/forum/",
	} {
		if got := b.post("/account/sign-in", "next", next); got.path != want {
			t.Errorf("next %q leads to %s, want %s", next, got.path, want)
		}
	}
}

func TestDevicesAreListedAndSignedOut(t *testing.T) {
	d := newDoor(t, false)
	first := d.enrol()
	second := d.browser()
	second.post("/account/sign-in", "address", ana)
	second.post("/account/code", "code", typed(d.letter()))

	list := second.get("/account/")
	list.Has("main", "Ana Joseph, focal point, Saint Lucia").Has(".device", "Firefox").Count(".device", 2).Count(".device form", 1)
	second.post(list.Attr(".device form", "action")).Count(".device", 1)
	first.get("/account/").Has("h1", "Sign in")

	second.get("/account/sign-out").Has("main form button", "Sign out")
	second.get("/forum/").Has("main", "rooms for Ana Joseph")
	second.post("/account/sign-out")
	second.get("/forum/").Lacks("main", "Ana")
	if got := second.post("/account/devices/1/revoke"); got.path != "/account/sign-in" {
		t.Errorf("a visitor who revokes is led to %s", got.path)
	}
}

func TestAnInvitationThatIsGoneSaysSo(t *testing.T) {
	d := newDoor(t, false)
	for _, token := range []string{"", "unknown"} {
		got := d.browser().get("/account/invitation?token=" + token)
		if got.status != http.StatusNotFound {
			t.Errorf("the invitation %q answers %d, want 404", token, got.status)
		}
		got.Has("main", "has been used or has expired").Lacks("main form")
	}
}

func TestTheSecondToAcceptIsToldThatTheInvitationIsGone(t *testing.T) {
	d := newDoor(t, false)
	token, err := d.accounts.Enrolment(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	accept := func(address string) (*browser, string) {
		b := d.browser()
		b.post("/account/invitation", "token", token, "name", "Sam Rey", "address", address)
		return b, typed(d.letter())
	}
	first, code := accept("sam@example.org")
	second, later := accept("rey@example.org")
	first.post("/account/code", "code", code).Has("h1", "Set up an authenticator app")
	got := second.post("/account/code", "code", later)
	if got.status != http.StatusNotFound {
		t.Errorf("the second to accept is answered %d, want 404", got.status)
	}
	got.Has("main", "has been used or has expired").Lacks("main form")
}

func TestTheSecretariatEnrolsWithItsOwnAddress(t *testing.T) {
	d := newDoor(t, false)
	token, err := d.accounts.Enrolment(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := d.browser()
	b.get("/es/account/invitation?token="+token).Has("#address").Has("h1", "Su invitación")
	b.post("/es/account/invitation", "token", token, "name", "Sam Rey", "address", "nonsense").Has(`.error-summary a[href="#address"]`)
	b.post("/es/account/invitation", "token", token, "name", "Sam Rey", "address", "sam@example.org").Has("h1", "Escriba su código")
	got := b.post("/es/account/code", "code", typed(d.letter()), "next", "/es/forum/?page=2")
	if want := "/es/account/factor?next=" + url.QueryEscape("/es/forum/?page=2"); got.path != want {
		t.Errorf("the code leads to %s, want %s", got.path, want)
	}
	b.get("/forum/").Lacks("main", "Sam")
	secret := got.Attr("input[name=secret]", "value")
	wrong := b.post("/es/account/factors/app", "secret", secret, "code", "000000")
	wrong.Has(`.error-summary a[href="#code"]`).Has(`input[name=secret][value="` + secret + `"]`).Has(".qr path")
	codes := b.post("/es/account/factors/app", "secret", secret, "code", testkit.TOTP(t, secret, time.Now()), "next", "/es/forum/?page=2")
	codes.Count(".code-list code", 10).Has(`a.button[href="/es/forum/?page=2"]`)
	b.get("/es/forum/").Has("main", "rooms for Sam Rey")
}

func TestCookiesAreLockedToTheHost(t *testing.T) {
	d := newDoor(t, true)
	b := d.browser()
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	cookie := b.post("/account/sign-in", "address", ana).header.Get("Set-Cookie")
	for _, want := range []string{"__Host-device=", "; Path=/", "; HttpOnly", "; Secure", "; SameSite=Lax", "; Max-Age=900"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("Set-Cookie = %s, want %s", cookie, want)
		}
	}
}
