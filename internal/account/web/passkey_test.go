package web

import (
	"net/http"
	"strings"
	"testing"

	"cmc/forum"
	"cmc/internal/account"
	"cmc/internal/testkit"
)

// invited accepts an invitation in a browser and types the code.
func (d *door) invited(b *testkit.Browser, name, address, delegation string, role forum.Role) {
	d.t.Helper()
	if _, err := d.accounts.Invite(d.t.Context(), account.Operator(),
		account.Invite{Address: address, Delegation: delegation, Role: role, Lang: "en"}); err != nil {
		d.t.Fatal(err)
	}
	b.Open(d.letter().Link)
	b.Fill("#name", name)
	b.Follow(`form[action="/account/invitation"] button`)
	b.Fill("#code", strings.TrimSpace(typed(d.letter())))
	b.Follow(`form[action="/account/code"] button`)
}

func TestAPasskeyIsTheSecondStepAndADoorOfItsOwn(t *testing.T) {
	d := newDoor(t, false)
	b := testkit.NewBrowser(t, testkit.BrowserOptions{})
	b.Keyring()
	d.invited(b, "Sam Rey", "sam@example.org", "SEC", forum.RoleSecretariat)
	b.Page().Has("h1", "Set up an authenticator app")
	b.Axe()
	b.Click(`form[data-passkey=create] button`)
	b.WaitText("h1", "Recovery codes")
	b.Axe()
	b.Open(d.address + "/forum/")
	b.Page().Has("main", "rooms for Sam Rey")
	b.Open(d.address + "/account/factors")
	b.Page().Count("#passkeys + p + ul .device", 1).Has(".device", "not used yet")
	b.Axe()

	// A new session by mail, and the passkey as its second step.
	b.Open(d.address + "/account/sign-out")
	b.Follow("main form button")
	b.Open(d.address + "/account/sign-in?next=/forum/?page=2")
	b.Axe()
	b.Fill("#address", "sam@example.org")
	b.Follow(`form[action="/account/sign-in"] button`)
	b.Fill("#code", strings.TrimSpace(typed(d.letter())))
	b.Follow(`form[action="/account/code"] button`)
	b.Page().Has("h1", "One more step")
	b.Axe()
	b.Open(d.address + "/forum/")
	if got := b.Path(); got != "/account/factor?next=%2Fforum%2F" {
		t.Errorf("before the second step the forum is at %s", got)
	}
	b.Open(d.address + "/account/factor?next=/forum/?page=2")
	b.Click(`form[data-passkey=get] button`)
	b.WaitText("main", "rooms for Sam Rey")
	if got := b.Path(); got != "/forum/?page=2" {
		t.Errorf("the second step leads to %s, want where one wanted to go", got)
	}

	// Without any mail.
	b.Open(d.address + "/account/sign-out")
	b.Follow("main form button")
	b.Open(d.address + "/account/sign-in")
	b.Click(`form[data-passkey=get] button`)
	b.WaitText("main", "rooms for Sam Rey")
	b.Open(d.address + "/account/factors")
	b.Follow(`.device form button`)
	b.Page().Has(".error-summary", "keeps at least one")
}

func TestAPasskeyThatIsNoneIsRefused(t *testing.T) {
	d := newDoor(t, false)
	b := d.browser()
	for _, answer := range []string{"", "{}", "nonsense", `{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{}}`} {
		got := b.post("/account/passkeys/use", "credential", answer)
		if got.status != http.StatusUnprocessableEntity {
			t.Errorf("%q without having been asked answers %d", answer, got.status)
		}
		if asked := b.post("/account/passkeys/ask"); asked.status != http.StatusOK || asked.header.Get("Cache-Control") != "no-store" {
			t.Errorf("asking for a passkey answers %d", asked.status)
		}
		if got = b.post("/account/passkeys/use", "credential", answer); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%q answers %d", answer, got.status)
		}
		got.Has(".error-summary")
	}
	if got := b.post("/account/passkeys/offer"); got.status != http.StatusUnauthorized {
		t.Errorf("a visitor is offered a passkey: %d", got.status)
	}
}
