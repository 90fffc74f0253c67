package web

import (
	"strings"
	"testing"

	"cmc/forum"
	"cmc/internal/testkit"
)

// comeBack signs a member in on one more device.
func (h *house) comeBack(address string) *reader {
	h.t.Helper()
	r := h.visitor()
	asked := r.post("/account/sign-in", "address", address).is(h.t, 200)
	r.post("/account/code", append(asked.form("/account/code"), "code", h.code(address))...).is(h.t, 200)
	return r
}

func TestTwoDevicesOfOneWriterLoseNoWord(t *testing.T) {
	testkit.Require(t, "chromium")
	h := sqliteHouse(t)
	topic := h.member("Bo Rolle", "BHS", forum.RoleExpert).start("closed", "Visas", "one")
	b := testkit.NewBrowser(t, testkit.BrowserOptions{})
	comeIn(b, h, "Ana Joseph", "LCA", forum.RoleFocalPoint)
	typed := func() (text string) {
		b.Eval(`document.querySelector("#body").value`, &text)
		return text
	}

	b.Open(h.address + topic.path)
	b.Fill("#body", "half a thought")
	b.WaitText("[data-draft-note]", "Draft saved")
	telephone := h.comeBack("ana.joseph@example.org")
	found := telephone.get(topic.path).is(t, 200).Has("textarea", "half a thought")
	telephone.post("/forum/drafts/save", append(found.form(topic.path+"posts"), "lang", "en", "body", "half a thought, ended on the telephone")...).is(t, 200)

	b.Fill("#body", ", ended on the laptop")
	b.WaitText("[data-draft-note]", "Another version of this text was saved")
	mine := typed()
	if !strings.Contains(mine, "laptop") {
		t.Fatalf("the laptop's text became %q", mine)
	}
	telephone.get("/forum/drafts/").is(t, 200).Has("li", "ended on the telephone")
	b.Open(h.address + "/forum/") // the server has one version, this browser the other
	b.Open(h.address + topic.path)
	b.WaitText("[data-draft-note]", "Show the other version")
	theirs := "half a thought, ended on the telephone"
	shown := typed() // which of the two depends on whose clock is ahead
	b.Click("[data-draft-note] button")
	if other := typed(); shown != mine && shown != theirs || other != mine && other != theirs || shown == other {
		t.Errorf("the two versions are %q and %q, want %q and %q", shown, other, mine, theirs)
	}
	if typed() != mine {
		b.Click("[data-draft-note] button")
	}
	b.Open(h.address + topic.path) // who has seen both may go on with either
	if got := typed(); got != mine {
		t.Errorf("the version that was chosen came back as %q, want %q", got, mine)
	}
	b.Follow(".composer button[type=submit]")
	b.WaitText("#post-2 .post-body", "ended on the laptop")
	telephone.get("/forum/drafts/").is(t, 200).Has("main", "There are no drafts")
}

func TestReadingAndDraftsWithoutScripts(t *testing.T) {
	testkit.Require(t, "chromium")
	h := sqliteHouse(t)
	bo := h.member("Bo Rolle", "BHS", forum.RoleExpert)
	topic := bo.start("closed", "Visas", "one")
	for range 21 {
		bo.post(topic.path+"posts", "lang", "en", "body", "more").is(t, 200)
	}
	b := testkit.NewBrowser(t, testkit.BrowserOptions{NoScript: true, Width: 360, Height: 740})
	comeIn(b, h, "Ana Joseph", "LCA", forum.RoleFocalPoint)
	b.Follow(".news-link a")
	b.Follow("section[aria-labelledby=unread] h4 a")
	b.Page().Has("#post-1 h3", "unread").Has("#post-20 h3", "unread")
	b.Follow(".pager a[rel=next]")
	b.Page().Has("#post-22 h3", "unread")
	b.Fill("#body", "half a thought")
	b.Follow(`button[formaction$="/drafts/save"]`)
	b.Page().Has("[data-draft-note]", "Draft saved").Has("textarea", "half a thought").Lacks("h3", "unread")
	b.Open(h.address + "/forum/new/")
	b.Page().Has("main", "You have read everything")
	b.Follow("section[aria-labelledby=drafts] h3 a")
	b.Fill("#body", " and the other half")
	b.Follow(".composer button[type=submit]")
	b.Page().Has("#post-23", "half a thought").Has("#post-23", "and the other half")
	b.Open(h.address + "/forum/drafts/")
	b.Page().Has("main", "There are no drafts")
}

func TestAPermanentAddressLeadsToItsPostInAllCases(t *testing.T) {
	h := sqliteHouse(t)
	bo := h.member("Bo Rolle", "BHS", forum.RoleExpert)
	topic := bo.start("closed", "Visas", "one")
	second := bo.post(topic.path+"posts", "lang", "en", "body", "two").is(t, 200)
	link := second.Attr("#post-2 .meta a", "href")
	if got := h.comeBack("bo.rolle@example.org").with("HEAD", link, "Accept", "*/*"); got.path != topic.path {
		t.Errorf("HEAD of the permanent address leads to %s", got.path)
	}
	if got := bo.get("/es"+link).is(t, 200); got.path != "/es"+topic.path {
		t.Errorf("in Spanish it leads to %s, want the Spanish topic", got.path)
	}
	bo.post(second.Attr(`#post-2 a[href$="/remove"]`, "href"), "reason", "").is(t, 200)
	bo.get(link).is(t, 200).Has("#post-2", "Removed by its author")
	asked := h.visitor().get(link).is(t, 401)
	if next := asked.Attr(`main a[href*="sign-in"]`, "href"); !strings.Contains(next, "next=%2Fforum%2Fposts%2F") {
		t.Errorf("a visitor is led to sign in at %q, without the way back", next)
	}
	for _, nowhere := range []string{"/forum/posts/999", "/forum/posts/0", "/forum/posts/x", "/forum/posts/99999999999999999999"} {
		bo.get(nowhere).is(t, 404)
	}

	sam := h.member("Sam Clarke", "SEC", forum.RoleSecretariat)
	other := bo.start("closed", "Transit", "one of another topic")
	id := strings.Trim(strings.TrimPrefix(other.path, "/forum/topics/"), "/")
	if merged := sam.post(topic.path+"merge", "into", id); merged.status != 200 {
		t.Skipf("topics are not merged here: %d", merged.status)
	}
	if got := bo.get(link).is(t, 200); got.path != other.path {
		t.Errorf("after its topic was merged the post is sought at %s, want %s", got.path, other.path)
	}
}

func TestASessionThatEndsWhileOneWritesCostsNoWord(t *testing.T) {
	testkit.Require(t, "chromium")
	db := testkit.OpenDatabase(t, testkit.SQLite(t))
	h := newHouse(t, db)
	topic := h.member("Bo Rolle", "BHS", forum.RoleExpert).start("closed", "Visas", "one")
	b := testkit.NewBrowser(t, testkit.BrowserOptions{})
	comeIn(b, h, "Ana Joseph", "LCA", forum.RoleFocalPoint)
	b.Open(h.address + topic.path)
	b.Fill("#body", "half a thought")
	b.WaitText("[data-draft-note]", "Draft saved")
	execute(t, db, `UPDATE sessions SET revoked_at = 1`)
	b.Fill("#body", " and the other half")
	b.WaitText("[data-draft-note]", "You are signed out")
	b.Follow(".composer button[type=submit]")
	b.Page().Has("pre", "half a thought and the other half")
	b.Fill("#address", "ana.joseph@example.org")
	b.Follow("main form button")
	b.Fill("#code", h.code("ana.joseph@example.org"))
	b.Follow("main form button")
	if !strings.Contains(b.HTML(), "<textarea") { // a step that sends the form on
		b.Follow("main form button")
	}
	var text string
	if b.Eval(`document.querySelector("#body").value`, &text); text != "half a thought and the other half" {
		t.Fatalf("after signing in the text is %q", text)
	}
	b.Follow(".composer button[type=submit]")
	b.WaitText("#post-2 .post-body", "half a thought and the other half")
	b.Open(h.address + "/forum/drafts/")
	b.Page().Has("main", "There are no drafts")
}
