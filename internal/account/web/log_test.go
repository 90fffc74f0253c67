package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"cmc/internal/testkit"
)

func TestNothingSecretReachesTheLog(t *testing.T) {
	d := newDoor(t, false)
	token, err := d.accounts.Enrolment(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{token, "sam@example.org", "example.org", "Sam Rey"}
	keep := func(more ...string) { secrets = append(secrets, more...) }
	b := d.browser()
	b.get("/account/invitation?token=" + token)
	b.post("/account/invitation", "token", token, "name", "Sam Rey", "address", "sam@example.org")
	letter := d.letter()
	_, link, _ := strings.Cut(d.linkOf(letter), "token=")
	keep(strings.TrimSpace(typed(letter)), link)
	b.get(d.linkOf(letter))
	b.post("/account/code", "code", "WRNG-CDEF")
	set := b.post("/account/code", "code", typed(letter))
	secret := set.Attr("input[name=secret]", "value")
	code := testkit.TOTP(t, secret, time.Now())
	codes := b.post("/account/factors/app", "secret", secret, "code", code).Texts(".code-list code")
	keep(append(codes, secret, code)...)
	b.post("/account/passkeys/use", "credential", `{"id":"c2VjcmV0LWNyZWRlbnRpYWw"}`)
	b.get("/account/openid/callback?code=secret-code-of-a-house&state=secret-state")
	b.get("/account/recovery?token=secret-token-of-a-letter")
	keep("c2VjcmV0LWNyZWRlbnRpYWw", "secret-code-of-a-house", "secret-state", "secret-token-of-a-letter")
	b.post("/account/members/LCA/invite", "address", "bo@example.org", "role", "expert")
	b.post("/account/sign-out")
	b.post("/account/sign-in", "address", "sam@example.org")
	b.post("/account/code", "code", codes[0])
	b.do(http.MethodDelete, "/account/sign-in?address=sam@example.org", nil)
	at, err := url.Parse(d.address)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range b.client.Jar.Cookies(at) {
		keep(c.Value)
	}
	log := d.log.String()
	if strings.Count(log, "path=/account/code") == 0 {
		t.Fatalf("the log has no requests:\n%s", log)
	}
	for _, s := range secrets {
		if s != "" && (strings.Contains(log, s) || strings.Contains(log, url.QueryEscape(s))) {
			t.Errorf("the log holds %q", s)
		}
	}
}
