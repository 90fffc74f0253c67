package web

import (
	"net/http"
	"testing"
	"time"

	"cmc/forum"
	"cmc/internal/account"
	"cmc/internal/testkit"
)

// secretary is a browser of the secretariat, its second step taken.
func (d *door) secretary() *browser {
	d.t.Helper()
	token, err := d.accounts.Enrolment(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	b := d.browser()
	b.post("/account/invitation", "token", token, "name", "Sam Rey", "address", "sam@example.org")
	secret := b.post("/account/code", "code", typed(d.letter())).Attr("input[name=secret]", "value")
	b.post("/account/factors/app", "secret", secret, "code", testkit.TOTP(d.t, secret, time.Now())).Count(".code-list code", 10)
	return b
}

func TestTheSecretariatManagesSeats(t *testing.T) {
	d := newDoor(t, false)
	sam := d.secretary()
	ana := d.enrol()
	sam.get("/account/").Has(`a[href="/account/members/"]`)
	sam.get("/account/members").Has("h1", "Delegations and seats").Has("tbody tr", "Saint Luciamember100")
	page := sam.get("/account/members/LCA/")
	page.Has("h1", "Saint Lucia").Has("h3", "Ana Joseph").Count("select[name=role] option[value=secretariat]", 0)

	sent := sam.post("/account/members/LCA/invite", "address", "bo@example.org", "role", "expert", "lang", "fr")
	sent.Has(".notice", "on its way").Has(".device", "bo@example.org")
	d.letter()
	again := sent.Attr(`form[action$="/resend"]`, "action")
	sam.post(again).Has(".notice", "sent again")
	d.letter()
	sam.post(sam.get("/account/members/LCA/").Attr(`form[action$="/cancel"]`, "action")).Has(".notice", "cancelled").Lacks(".device", "bo@example.org")
	sam.post("/account/members/LCA/invite", "address", "broken", "role", "expert").Has(`.error-summary a[href="#address"]`).Has(`#address[value=broken]`)

	suspend := page.Attr(`form[action$="/suspend"]`, "action")
	sam.post(suspend, "reason", " ").Has(`.error-summary a[href="#reason"]`).Has("details[open] #reason")
	sam.post(suspend, "reason", "a lost telephone").Has(".device", "Suspended since").Has(".device", "a lost telephone")
	ana.get("/forum/").Lacks("main", "Ana")
	sam.post(sam.get("/account/members/LCA/").Attr(`form[action$="/unsuspend"]`, "action")).Lacks(".device", "Suspended")
	sam.post(page.Attr(`form[action$="/role"]`, "action"), "role", "alternate").Has(".badge", "alternate")
	sam.post(page.Attr(`form[action$="/vacate"]`, "action")).Has("h3", "Vacant").Has(".device", "Before: Ana Joseph")
	if got := sam.post("/account/members/SEC/seats/1/vacate"); got.status != http.StatusUnprocessableEntity {
		t.Errorf("the last secretary leaves: %d", got.status)
	}
	if got := sam.get("/account/members/QQQ/"); got.status != http.StatusNotFound {
		t.Errorf("an unknown delegation answers %d", got.status)
	}
}

func TestNobodyElseSeesTheSeats(t *testing.T) {
	d := newDoor(t, false)
	ana := d.enrol()
	for _, path := range []string{"/account/members/", "/account/members/LCA/"} {
		if got := ana.get(path); got.status != http.StatusForbidden {
			t.Errorf("a focal point at %s: %d", path, got.status)
		}
		d.browser().get(path).Has("h1", "Sign in")
	}
	if got := ana.post("/account/members/LCA/invite", "address", "eve@example.org", "role", "expert"); got.status != http.StatusForbidden {
		t.Errorf("a focal point invites: %d", got.status)
	}
	d.browser().post("/account/members/LCA/seats/1/vacate").Has("h1", "Sign in")
	ana.get("/forum/").Has("main", "rooms for Ana Joseph")
}

func TestAWrongMethodSaysWhichAreAllowed(t *testing.T) {
	d := newDoor(t, false)
	for path, allow := range map[string]string{
		"/account/sign-in": "GET, HEAD, POST", "/account/sign-out": "GET, HEAD, POST", "/account/": "GET, HEAD",
		"/account/factors/codes": "POST", "/account/members/LCA/invite": "POST", "/account/devices/7/revoke": "POST",
	} {
		got := d.browser().do(http.MethodDelete, path, nil)
		if got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != allow {
			t.Errorf("DELETE %s = %d, Allow %q, want 405 and %q", path, got.status, got.header.Get("Allow"), allow)
		}
		got.Has("h1", "Not possible here")
	}
}

func TestTheSeatsAreReadableByAll(t *testing.T) {
	d := newDoor(t, false)
	b := testkit.NewBrowser(t, testkit.BrowserOptions{Width: 320})
	b.Keyring()
	d.invited(b, "Sam Rey", "sam@example.org", "SEC", forum.RoleSecretariat)
	b.Click(`form[data-passkey=create] button`)
	b.WaitText("h1", "Recovery codes")
	d.enrol()
	if _, err := d.accounts.Invite(t.Context(), account.Operator(),
		account.Invite{Address: "bo@example.org", Delegation: "LCA", Role: forum.RoleExpert}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/account/", "/account/members/", "/account/members/LCA/", "/account/factors", "/account/factors/app", "/account/sign-out"} {
		b.Open(d.address + path)
		b.Axe()
	}
}
