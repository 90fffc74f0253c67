package web

import (
	"strings"
	"testing"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/testkit"
)

func TestTheWholeWay(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		t.Helper()
		h := newHouse(t, db)
		ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)

		ana.get("/forum/").is(t, 200).Has(".room-list h2", "Public exchange").Has(".room-list h2", "Delegations")
		ana.get("/forum/rooms/closed/").is(t, 200).Has("h1", "Delegations").Has("a.button", "Start a topic")

		form := ana.get("/forum/rooms/closed/new").is(t, 200)
		topic := ana.post("/forum/rooms/closed/new", append(form.form("/forum/rooms/closed/new"),
			"title", "Visas for transit", "kind", "query", "lang", "en", "capacity", "position", "body", "Who **asks** for one?")...)
		topic.is(t, 200).
			Has("h1", "Visas for transit").
			Has("article#post-1 h3", "Post 1, Ana Joseph, Saint Lucia").
			Has("article#post-1 .post-capacity", "Position of the delegation").
			Has("article#post-1 .post-body strong", "asks").
			Has(".badge", "Question to all delegations")

		bo := h.member("Bo Rolle", "BHS", forum.RoleExpert)
		page := bo.get(topic.path).is(t, 200)
		page.Lacks(`input[name=capacity]`)
		page.Lacks(`article#post-1 a`, "Edit")
		posts := topic.path + "posts"
		answered := bo.post(posts, append(page.form(posts), "reply_to", "1", "lang", "es", "body", "Nosotros no.")...)
		answered.is(t, 200).
			Has("article#post-2 h3", "Post 2, Bo Rolle, Bahamas").
			Has("article#post-2 a", "in reply to 1").
			Has("article#post-2 .post-capacity", "Expert view, not a position")
		if got := answered.Attr("article#post-2 .post-body", "lang"); got != "es" {
			t.Errorf("the Spanish post is marked %q, want es", got)
		}

		editURL := answered.Attr(`article#post-2 .post-actions a[href$="/edit"]`, "href")
		form = bo.get(editURL).is(t, 200).Has("textarea", "Nosotros no.")
		edited := bo.post(editURL, append(form.form(editURL), "lang", "es", "body", "Nosotros sí.")...)
		edited.is(t, 200).Has("article#post-2 .post-body", "Nosotros sí.").Has("article#post-2", "edited")

		past := ana.get(edited.Attr(`article#post-2 a[href$="/history"]`, "href")).is(t, 200)
		past.Has("section.post", "Nosotros sí.").Has("section.post", "Nosotros no.").Count("section.post", 2)

		removeURL := edited.Attr(`article#post-2 .post-actions a[href$="/remove"]`, "href")
		bo.get(removeURL).is(t, 200).Has("h1", "Remove post 2?").Has("article", "Nosotros sí.")
		removed := bo.post(removeURL, "reason", "Said better elsewhere")
		removed.is(t, 200).
			Has("article#post-2", "Removed by its author").
			Has("article#post-2", "Said better elsewhere").
			Lacks("article#post-2", "Nosotros")
		ana.get(past.path).is(t, 403)

		if !strings.HasPrefix(answered.path, topic.path) {
			t.Errorf("the answer stands at %s, want below %s", answered.path, topic.path)
		}
	})
}

func TestAPageSpeaksTheReadersLanguage(t *testing.T) {
	h := newHouse(t, testkit.OpenDatabase(t, testkit.SQLite(t)))
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	form := ana.get("/es/forum/rooms/open/new").is(t, 200).Has("h1", "Iniciar un tema")
	topic := ana.post("/es/forum/rooms/open/new", append(form.form("/es/forum/rooms/open/new"), "title", "Hola", "lang", "es", "body", "Texto")...)
	topic.is(t, 200).Has("article h3", "Mensaje 1, Ana Joseph, Saint Lucia").Has(".crumbs a", "Intercambio")
	if !strings.HasPrefix(topic.path, "/es/forum/topics/") {
		t.Errorf("the topic stands at %s, want below /es/", topic.path)
	}
	for _, href := range topic.Attrs("main a[href]", "href") {
		if strings.HasPrefix(href, "/forum/") {
			t.Errorf("a Spanish page leads to %s", href)
		}
	}
}

func TestAnAddressWithoutItsSlashKeepsItsLanguage(t *testing.T) {
	h := newHouse(t, testkit.OpenDatabase(t, testkit.SQLite(t)))
	for path, want := range map[string]string{
		"/es/forum":            "/es/forum/",
		"/forum/rooms/open":    "/forum/rooms/open/",
		"/fr/forum/rooms/open": "/fr/forum/rooms/open/",
		"/nl/account":          "/nl/account/sign-in",
	} {
		if got := h.visitor().get(path); got.path != want {
			t.Errorf("%s leads to %s, want %s", path, got.path, want)
		}
	}
}

func TestTwentyPostsFillAPage(t *testing.T) {
	h := newHouse(t, testkit.OpenDatabase(t, testkit.SQLite(t)))
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	topic := ana.post("/forum/rooms/open/new", "title", "Long", "lang", "en", "body", "one")
	var last answer
	for range 20 {
		last = ana.post(topic.path+"posts", "lang", "en", "body", "more")
	}
	last.is(t, 200).Count("article.post", 1).Has("article#post-21 h3", "Post 21").Has(".pager", "Page 2 of 2")
	if last.path != topic.path+"?page=2" {
		t.Errorf("post 21 stands at %s, want page 2", last.path)
	}
	first := ana.get(topic.path).is(t, 200).Count("article.post", 20)
	if got := first.Attr("[data-live]", "data-latest"); got != last.path {
		t.Errorf("the first page knows the latest at %q, want %q", got, last.path)
	}
	permalink := last.Attr("article#post-21 .meta a", "href")
	if got := ana.get(permalink); got.path != last.path {
		t.Errorf("the permanent link leads to %s, want %s", got.path, last.path)
	}
	part := ana.get(topic.path+"fragment?after=18").is(t, 200).Count("article.post", 3)
	if strings.Contains(part.body, "<html") {
		t.Error("the fragment brings a frame with it")
	}
}
