package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cmc/forum"
	"cmc/internal/account"
)

func TestAColleagueAsksAndTheSecretariatGrants(t *testing.T) {
	d := newDoor(t, false)
	sam, ana := d.secretary(), d.enrol()
	ana.get("/account/recovery/ask").Has("main", "Nobody else sits for your delegation").Lacks("main form")
	bo := d.member("Bo Rey", "bo@example.org", "LCA", forum.RoleExpert)
	ask := ana.get("/account/recovery/ask")
	ask.Has("#person option", "Bo Rey, expert").Has("main", "24 hours later")
	id := ask.Attr("#person option", "value")
	ana.post("/account/recovery/ask", "person", id, "address", "broken").Has(`.error-summary a[href="#address"]`)
	ana.post("/account/recovery/ask", "person", "x", "address", "new@example.org").Has(`.error-summary a[href="#person"]`)
	ana.post("/account/recovery/ask", "person", id, "address", "new@example.org").Has(".notice", "with the secretariat")
	ana.get("/account/members/").Lacks("main", "new@example.org")

	grant := sam.get("/account/members/").Has("#requests ~ ul", "Bo Rey").Attr(`form[action$="/grant"]`, "action")
	if got := ana.post(grant); got.status != http.StatusForbidden {
		t.Errorf("a focal point grants: %d", got.status)
	}
	sam.post(grant).Has("main", "it counts from")
	letter := d.letter()
	d.letter() // to the new mailbox
	if got := sam.post(grant); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a second grant answers %d", got.status)
	}

	link := d.linkOf(letter)
	_, token, _ := strings.Cut(link, "token=")
	token, _ = url.QueryUnescape(token)
	old := d.browser()
	old.get(link).Has("h1", "Stop a change of address")
	old.post("/account/recovery", "token", token, "code", "").Has(`.error-summary a[href="#code"]`)
	lines := strings.Fields(letter.Text)
	old.post("/account/recovery", "token", token, "code", lines[len(lines)-1]).Has(".notice", "was stopped").Lacks("main form")
	sam.get("/account/members/").Lacks("#requests")
	bo.get("/forum/").Has("main", "rooms for Bo Rey")
}

// member is somebody invited by the operator, in a browser of their own.
func (d *door) member(name, address, delegation string, role forum.Role) *browser {
	d.t.Helper()
	if _, err := d.accounts.Invite(d.t.Context(), account.Operator(),
		account.Invite{Address: address, Delegation: delegation, Role: role, Lang: "en"}); err != nil {
		d.t.Fatal(err)
	}
	_, token, _ := strings.Cut(d.letter().Link, "token=")
	token, _ = url.QueryUnescape(token)
	b := d.browser()
	b.post("/account/invitation", "token", token, "name", name)
	b.post("/account/code", "code", typed(d.letter())).Has("main", "rooms for "+name)
	return b
}
