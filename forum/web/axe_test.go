package web

import (
	"testing"
	"time"

	"cmc/forum"
	"cmc/internal/testkit"
)

// dressed is a frame with the site's styles, unbundled.
const dressed = `<!doctype html>
<html lang="en">
<head><meta name="viewport" content="width=device-width, initial-scale=1"><title>[[ .Title ]]</title>
<link rel="icon" href="/assets/none.svg"><link rel="stylesheet" href="/assets/css/main.css">[[ template "head" . ]]</head>
<body><main id="main"><div class="wrap page">[[ template "main" . ]]</div></main></body>
</html>`

func TestThePagesOfASeatAreAccessible(t *testing.T) {
	testkit.Require(t, "chromium")
	h := sqliteHouse(t).withRooms()
	if err := h.pages.SetFrames(map[string][]byte{"en": []byte(dressed)}); err != nil {
		t.Fatal(err)
	}
	bo := h.member("Bo Rolle", "BHS", forum.RoleExpert)
	bo.post("/forum/rooms/closed/new", "title", "Visas", "kind", "query", "lang", "es", "body", "one",
		"closes", time.Now().Add(9*24*time.Hour).UTC().Format(time.DateOnly)).is(t, 200)
	b := testkit.NewBrowser(t, testkit.BrowserOptions{Width: 360, Height: 740})
	comeIn(b, h, "Ana Joseph", "LCA", forum.RoleFocalPoint)
	ana := h.comeBack("ana.joseph@example.org")
	ana.key("telephone")
	ana.post("/forum/drafts/save", "place", "room:closed", "saved", "0", "lang", "fr", "title", "Saisonniers", "body", "La moitié").is(t, 200)
	for _, path := range []string{
		"/forum/", "/forum/rooms/closed/", "/forum/new/", "/forum/drafts/", "/forum/calendar/", "/forum/feeds/",
		"/forum/delegations/", "/forum/delegations/BHS/", "/forum/rooms/closed/new",
	} {
		b.Open(h.address + path)
		b.Axe()
	}
	b.Open(h.address + "/forum/feeds/")
	b.Fill("#name", "laptop")
	b.Follow(".composer button")
	b.Axe()
	b.Open(h.address + "/forum/")
	b.Follow(`form[action$="/text-only"] button`)
	for _, path := range []string{"/forum/", "/forum/topics/1/", "/forum/new/", "/forum/delegations/BHS/"} {
		b.Open(h.address + path)
		b.Axe()
	}
}
