package main

import (
	"strings"
	"testing"

	"cmc/forum"
	"cmc/internal/testkit"
)

// TestTheWholeWay walks from the home page to a colleague's answer: search, a
// practice, its discussion, an invitation, a post. With scripts the answer
// arrives while the page is open; without them it is there at the next look.
func TestTheWholeWay(t *testing.T) {
	testkit.Require(t, "chromium")
	server := launch(t, wholeSite(t))
	for _, walk := range []struct {
		name     string
		noScript bool
		search   string
		practice string
		people   [2]string
	}{
		{"with scripts", false, "resettlement transfer mechanism", "/practices/rrtm/", [2]string{"ana@bhs.example", "bo@blz.example"}},
		{"without scripts", true, "reception centre Cayman", "/practices/cym-reception/", [2]string{"cy@bhs.example", "di@blz.example"}},
	} {
		t.Run(walk.name, func(t *testing.T) {
			w := walker{t, server, !walk.noScript}
			ana := testkit.NewBrowser(t, testkit.BrowserOptions{NoScript: walk.noScript})
			bo := testkit.NewBrowser(t, testkit.BrowserOptions{NoScript: walk.noScript})

			ana.Open(server.address() + "/")
			w.axe(ana)
			ana.Fill(".hero-search input[name=q]", walk.search)
			ana.Follow(".hero-search button")
			ana.WaitText("title", walk.search)
			w.axe(ana)
			ana.Follow(`.hit-title a[href^="` + walk.practice + `"]`)
			w.axe(ana)
			ana.Follow(".discuss a")
			ana.Page().Lacks("textarea")
			w.axe(ana)

			w.signIn(ana, "Ana", walk.people[0], "BHS")
			ana.Open(server.address() + walk.practice)
			ana.Follow(".discuss a")
			w.axe(ana)
			ana.Click("main input[name=room][value=public-exchange]")
			ana.Fill("main textarea[name=body]", "How many people did this need?")
			ana.Follow(`main form:has(textarea[name=body]) button[type=submit]`)
			ana.WaitText(".post-body", "How many people did this need?")
			w.axe(ana)
			topic, _, _ := strings.Cut(ana.Path(), "?")
			ana.Page().Has(`main a[href^="` + walk.practice + `"]`)

			w.signIn(bo, "Bo", walk.people[1], "BLZ")
			bo.Open(server.address() + walk.practice)
			bo.Follow(".discuss a")
			if got, _, _ := strings.Cut(bo.Path(), "?"); !strings.HasPrefix(got, strings.SplitN(topic, "#", 2)[0]) {
				t.Errorf("the second Discuss leads to %s, want the topic %s", got, topic)
			}
			bo.WaitText(".post-body", "How many people did this need?")

			ana.Fill(`form[action*="/posts"] textarea[name=body]`, "I ask for our own plan.")
			ana.Follow(`form[action*="/posts"] button[type=submit]`)
			ana.WaitText(".post-body", "I ask for our own plan.")
			if walk.noScript {
				bo.Open(server.address() + topic)
			} else {
				bo.Click("[data-live] button:not([hidden])")
			}
			bo.WaitText(".post-body", "I ask for our own plan.")
			w.axe(bo)
			bo.Page().Count(".post-body", 2)
		})
	}
}

// walker is what both walks share.
type walker struct {
	t       *testing.T
	server  *process
	scripts bool
}

// axe asks for accessibility faults, where scripts may run.
func (w walker) axe(b *testkit.Browser) {
	w.t.Helper()
	if w.scripts {
		b.Axe()
	}
}

// signIn accepts an expert's invitation in the browser, with the code from the
// mail.
func (w walker) signIn(b *testkit.Browser, name, address, delegation string) {
	w.t.Helper()
	w.signInAs(b, name, address, delegation, forum.RoleExpert)
}

func (w walker) signInAs(b *testkit.Browser, name, address, delegation string, role forum.Role) {
	w.t.Helper()
	b.Open(w.server.address() + w.server.invite(address, delegation, string(role)))
	w.axe(b)
	b.Fill("main input[name=name]", name)
	b.Follow("main button[type=submit]")
	w.axe(b)
	b.Fill("main input[name=code]", w.server.code(address))
	b.Follow("main button[type=submit]")
	if !strings.HasPrefix(b.Path(), "/forum/") {
		w.t.Fatalf("%s signed in and came to %s, want the forum", name, b.Path())
	}
	w.axe(b)
}

// TestRoomsFitATelephone opens what the program answers at 320 pixels, in dark
// colours, and asks axe-core and for sideways scrolling. The tests of internal/site
// do so with the pages of the site.
func TestRoomsFitATelephone(t *testing.T) {
	testkit.Require(t, "chromium")
	server := served(t)
	b := testkit.NewBrowser(t, testkit.BrowserOptions{Width: 320, Height: 640, Dark: true})
	for _, path := range []string{
		"/search/?q=asylum", "/nl/search/?q=asiel", "/forum/", "/forum/rooms/public-exchange/", "/account/sign-in",
	} {
		b.Open(server.address() + path)
		b.Axe()
		var width int
		b.Eval("document.documentElement.scrollWidth", &width)
		if width > 320 {
			t.Errorf("%s is %d pixels wide on a telephone of 320", path, width)
		}
	}
}
