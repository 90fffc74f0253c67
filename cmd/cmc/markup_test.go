package main

import (
	"net/http"
	"testing"

	"cmc/internal/testkit"
)

// TestPagesOfTheProgramAreSoundMarkup validates what Go renders into Hugo's
// frame, signed in and not; check.sh validates what Hugo renders.
func TestPagesOfTheProgramAreSoundMarkup(t *testing.T) {
	testkit.Require(t, "html-validate")
	server := launch(t, smallSite(t))
	visitor := newVisitor(t, server.address)
	member := server.member("Ana", "ana@lakeland.example", "XLA", "focal-point")
	topic := member.startTopic("pier", "Boats at <night> & day")
	member.submit(member.get(topic), `form[action*="/posts"]`, map[string]string{
		"body": "> quoted\n\n1. one\n2. **two** [three](/practices/ferry-registrar/)\n\n| a | b |\n|---|---|\n| c | d |\n\n```\n<code>\n```\n\n<b>raw</b> & \"quotes\"",
	})
	found := member.get(topic)
	pages := map[string]string{}
	for name, path := range map[string]string{
		"search":         "/search/?q=ferry&type=practice",
		"search-nothing": "/search/?q=zeppelin",
		"search-es":      "/es/search/?q=transbordador",
		"sign-in":        "/account/sign-in",
		"no-invitation":  "/account/invitation?token=wrong",
		"discuss":        "/forum/discuss?record=practice-ferry-registrar",
		"rooms":          "/forum/",
		"topic":          topic,
		"hidden-room":    "/forum/rooms/cabin/",
		"absent":         "/absent/",
		"bad-parameter":  "/search/?page=minus",
	} {
		pages["visitor-"+name] = visitor.get(path).body
	}
	for name, path := range map[string]string{
		"rooms":   "/forum/",
		"room":    "/forum/rooms/pier/",
		"cabin":   "/es/forum/rooms/cabin/",
		"new":     "/forum/rooms/pier/new",
		"discuss": "/forum/discuss?record=practice-ferry-registrar",
		"topic":   topic,
		"reply":   topic + "?reply=1",
		"edit":    found.link(`a[href$="/edit"]`),
		"remove":  found.link(`a[href$="/remove"]`),
		"account": "/account/",
	} {
		page := member.get(path)
		if page.status != http.StatusOK {
			t.Errorf("%s (%s) answers %d", name, path, page.status)
		}
		pages["member-"+name] = page.body
	}
	pages["member-preview"] = member.submit(found, `form[action*="/posts"]`, map[string]string{"body": "*so*", "preview": "yes"}).body
	testkit.Markup(t, pages)
}
