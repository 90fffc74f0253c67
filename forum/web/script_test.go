package web

import (
	"fmt"
	"strings"
	"testing"

	"cmc/forum"
	"cmc/internal/testkit"
)

// comeIn invites somebody who then works in a browser.
func comeIn(b *testkit.Browser, h *house, name, code string, role forum.Role) {
	h.t.Helper()
	address, link := h.invite(name, code, role)
	b.Open(link.String())
	b.Fill("#name", name)
	b.Follow("main button")
	b.Fill("#code", h.code(address))
	b.Follow("main button")
}

func TestADraftOutlivesAnAccidentAndEndsWithThePost(t *testing.T) {
	testkit.Require(t, "chromium")
	h := sqliteHouse(t)
	topic := h.member("Bo Rolle", "BHS", forum.RoleExpert).start("closed", "Visas", "one")
	b := testkit.NewBrowser(t, testkit.BrowserOptions{})
	comeIn(b, h, "Ana Joseph", "LCA", forum.RoleFocalPoint)
	drafts := func() (n int) {
		b.Eval(`Object.keys(localStorage).length`, &n)
		return n
	}

	b.Open(h.address + topic.path)
	b.Fill("#body", "half a thought")
	b.Open(h.address + "/forum/") // a wrong tap, or a crash
	b.Open(h.address + topic.path)
	var text string
	if b.Eval(`document.querySelector("#body").value`, &text); text != "half a thought" {
		t.Fatalf("the text that came back is %q", text)
	}
	b.Follow(".composer button[type=submit]")
	b.WaitText("#post-2 .post-body", "half a thought")
	if n := drafts(); n != 0 {
		t.Errorf("after the post the browser keeps %d drafts, want none", n)
	}

	b.Fill("#body", "not for the next user")
	if n := drafts(); n != 1 {
		t.Errorf("while one writes the browser keeps %d drafts, want 1", n)
	}
	b.Open(h.address + "/account/sign-out")
	b.Follow("main form button") // to the home page, which this house lacks
	if n := drafts(); n != 0 {
		t.Errorf("after signing out the browser keeps %d drafts, want none", n)
	}
}

func TestNewPostsAreAnnouncedAndNoneIsMissed(t *testing.T) {
	testkit.Require(t, "chromium")
	db := testkit.OpenDatabase(t, testkit.SQLite(t))
	h := newHouse(t, db)
	h.follow(db)
	bo := h.member("Bo Rolle", "BHS", forum.RoleExpert)
	topic := bo.start("closed", "Visas", "one")
	say := func(text string) { bo.post(topic.path+"posts", "lang", "en", "body", text).is(t, 200) }
	b := testkit.NewBrowser(t, testkit.BrowserOptions{})
	comeIn(b, h, "Ana Joseph", "LCA", forum.RoleFocalPoint)
	b.Open(h.address + topic.path)

	say("two")
	b.WaitText("[data-live] [role=status]", "1 new reply")
	b.Page().Count("article", 1)
	say("three")
	b.WaitText("[data-live] [role=status]", "2 new replies")
	b.Click("[data-live] button")
	b.WaitText("#post-3 .post-body", "three")
	b.Page().Count("article", 3).Has("[data-live] button[hidden]")
	var focused string
	if b.Eval(`document.activeElement.textContent`, &focused); !strings.HasPrefix(focused, "Post 2,") {
		t.Errorf("the focus is on %q, want the first new post", focused)
	}

	h.cut()
	say("four")
	h.connect()
	b.WaitText("[data-live] [role=status]", "1 new reply")
	b.Click("[data-live] button")
	b.WaitText("#post-4 .post-body", "four")
}

func TestTheToolbarWritesWhatItsButtonsSay(t *testing.T) {
	testkit.Require(t, "chromium")
	h := sqliteHouse(t)
	topic := h.member("Bo Rolle", "BHS", forum.RoleExpert).start("closed", "Visas", "one")
	b := testkit.NewBrowser(t, testkit.BrowserOptions{})
	comeIn(b, h, "Ana Joseph", "LCA", forum.RoleFocalPoint)
	b.Open(h.address + topic.path)
	b.Page().Has(".tools button", "Bold").Count(".tools button", 5)
	for _, test := range []struct {
		button   int
		from, to int
		want     string
	}{
		{1, 4, 7, "one **two**\nthree"},
		{2, 0, 3, "*one* two\nthree"},
		{3, 4, 7, "one [two](https://)\nthree"},
		{4, 1, 10, "- one two\n- three"},
		{5, 9, 9, "one two\n> three"},
	} {
		var got string
		b.Eval(fmt.Sprintf(`(() => {
			const area = document.querySelector("#body");
			area.value = "one two\nthree";
			area.setSelectionRange(%d, %d);
			document.querySelector(".tools button:nth-child(%d)").click();
			return area.value;
		})()`, test.from, test.to, test.button), &got)
		if got != test.want {
			t.Errorf("button %d makes %q, want %q", test.button, got, test.want)
		}
	}
	b.Open(h.address + topic.Attr(`#post-1 a[href*="quote="]`, "href"))
	var where string
	b.Eval(`(a => a === document.activeElement ? a.value.slice(a.selectionStart) : "elsewhere")(document.querySelector("#body"))`, &where)
	if where != "" {
		t.Errorf("one goes on writing before %q, want below the quotation", where)
	}
}
