package web

import (
	"testing"

	"cmc/forum"
	"cmc/internal/testkit"
)

func TestAnAnswerQuotesNoMoreThanMayTravel(t *testing.T) {
	h := sqliteHouse(t)
	if err := h.store.SeedRooms(t.Context(), []forum.Room{
		{Slug: "open", Visibility: forum.Public, Policy: forum.Attributed},
		{Slug: "closed", Visibility: forum.Members, Policy: forum.Attributed},
		{Slug: "quiet", Visibility: forum.Members, Policy: forum.DelegationOnly},
		{Slug: "chatham", Visibility: forum.Members, Policy: forum.Chatham},
	}); err != nil {
		t.Fatal(err)
	}
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	open := ana.start("open", "Open", "one")
	for room, label := range map[string]string{
		"closed":  "[Ana Joseph, Saint Lucia wrote, in post 1](/forum/posts/",
		"quiet":   "[Saint Lucia wrote, in post 1](/forum/posts/",
		"chatham": "[From post 1](/forum/posts/",
	} {
		topic := ana.start(room, "Visas", "We ask for *none*.")
		quote := topic.Attr(`#post-1 .post-actions a[href*="quote="]`, "href")
		quoted := ana.get(quote).is(t, 200).Has("textarea#body", label).Has("textarea#body", "> We ask for *none*.")
		if quoted.Attr("input[name=reply_to]", "value") != "1" {
			t.Errorf("in the room %s the quotation does not answer the post", room)
		}
		elsewhere := ana.get(open.path + "?quote=" + topic.Attr("#post-1", "data-post"))
		elsewhere.is(t, 200).Lacks("textarea#body", "none")
	}
	testkit.HTML(t, []byte(open.body)).Has("#post-1 .post-body", "one")
}

func TestAPreviewShowsTheTextAndLosesNothing(t *testing.T) {
	h := sqliteHouse(t)
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	const path = "/forum/rooms/closed/new"
	form := ana.get(path)
	shown := ana.post(path, append(form.form(path), "title", "Visas & more", "kind", "query", "questions", "1. Who?", "closes", "2099-12-31",
		"lang", "fr", "capacity", "position", "body", "**Bonjour** @BHS", "preview", "yes")...).is(t, 200)
	shown.Has("#preview strong", "Bonjour").Has(`#preview a[href="/forum/delegations/BHS/"]`, "@BHS").
		Has("textarea#body", "**Bonjour** @BHS").Has("textarea#questions", "1. Who?").
		Has("option[selected]", "Français").Has("input[name=capacity][value=position][checked]").Has("input[name=kind][value=query][checked]")
	for field, want := range map[string]string{"#title": "Visas & more", "#closes": "2099-12-31"} {
		if got := shown.Attr(field, "value"); got != want {
			t.Errorf("after the preview %s holds %q, want %q", field, got, want)
		}
	}
	ana.get("/forum/rooms/closed/").Lacks(".topic-list a", "Visas")
}
