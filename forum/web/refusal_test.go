package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"cmc/forum"
	"cmc/internal/testkit"
)

func sqliteHouse(t *testing.T) *house {
	t.Helper()
	return newHouse(t, testkit.OpenDatabase(t, testkit.SQLite(t)))
}

// start makes a topic and returns its page as its author sees it.
func (r *reader) start(room, title, body string) answer {
	r.h.t.Helper()
	return r.post("/forum/rooms/"+room+"/new", "title", title, "lang", "en", "body", body).is(r.h.t, http.StatusOK)
}

func TestAFormWithFaultsComesBackWithEveryWord(t *testing.T) {
	h := sqliteHouse(t)
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	topic := ana.start("open", "Visas", "one")
	long := strings.Repeat("ñ", forum.MaxBody+1)
	for _, test := range []struct {
		name   string
		path   string
		fields []string
		fault  string // the field it links to
		kept   map[string]string
	}{
		{
			"a topic without a title", "/forum/rooms/open/new",
			[]string{"title", " ", "lang", "fr", "capacity", "position", "body", "Bonjour <b>"},
			"title",
			map[string]string{"textarea": "Bonjour <b>", "option[selected]": "Français", "input[name=capacity][checked]": ""},
		},
		{
			"a post without a text", topic.path + "posts",
			[]string{"lang", "nl", "body", "  ", "reply_to", "1"},
			"body",
			map[string]string{"option[selected]": "Nederlands", ".composer .meta": "in reply to 1"},
		},
		{
			"a post that is too long", topic.path + "posts",
			[]string{"lang", "en", "body", long},
			"body",
			map[string]string{"textarea": long},
		},
		{
			"a language that is none", topic.path + "posts",
			[]string{"lang", "English!", "body", "kept"},
			"lang",
			map[string]string{"textarea": "kept"},
		},
		{
			"an answer to a post that is not there", topic.path + "posts",
			[]string{"lang", "en", "body", "kept", "reply_to", "99"},
			"reply_to",
			map[string]string{"textarea": "kept"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := ana.post(test.path, test.fields...).is(t, http.StatusUnprocessableEntity)
			got.Has(`.error-summary[role=alert] a[href="#` + test.fault + `"]`)
			for selector, text := range test.kept {
				got.Has(selector, text)
			}
			if got.Attr("input[name=client]", "value") == "" {
				t.Error("the form has lost its client id")
			}
		})
	}
}

func TestAFaultIsToldBesideItsField(t *testing.T) {
	h := sqliteHouse(t)
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	got := ana.post("/forum/rooms/open/new", "title", "", "lang", "en", "body", "")
	got.Has("#title-error").Has("#body-error").Count(".error-summary li", 2)
	for _, field := range []string{"#title", "#body"} {
		if got.Attr(field, "aria-invalid") != "true" || !strings.Contains(got.Attr(field, "aria-describedby"), field[1:]+"-error") {
			t.Errorf("the field %s does not say what is wrong with it: %s", field, got.body)
		}
	}
}

func TestAPostSentTwiceIsOnePost(t *testing.T) {
	h := sqliteHouse(t)
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	topic := ana.start("open", "Visas", "one")
	fields := append(topic.form(topic.path+"posts"), "lang", "en", "body", "two")
	first, second := ana.post(topic.path+"posts", fields...), ana.post(topic.path+"posts", fields...)
	if first.path != second.path {
		t.Errorf("the second sending leads to %s, want %s", second.path, first.path)
	}
	second.Count("article.post", 2)
	ana.get(topic.path).Has(`article#post-2[data-client="` + topic.Attr("input[name=client]", "value") + `"]`)
	h.visitor().get(topic.path).Lacks("article[data-client]")
}

func TestAnEndedSessionCostsNoWord(t *testing.T) {
	h := sqliteHouse(t)
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	topic := ana.start("closed", "Visas", "one")
	action := topic.path + "posts"
	fields := append(topic.form(action), "lang", "es", "capacity", "position", "body", "Line one\r\n\r\n\"two\" <three>")
	ana.post("/account/sign-out")

	expired := ana.post(action, fields...).is(t, http.StatusUnauthorized)
	expired.Has("h1", "Please sign in again").Has("pre", `"two" <three>`).Lacks("article")

	const address = "ana.joseph@example.org"
	code := ana.post("/account/sign-in", append(expired.form("/account/sign-in"), "address", address)...).is(t, http.StatusOK)
	code.Has("h1", "Type your code").Has(".notice", "Your text is kept")

	wrong := ana.post("/account/code", append(code.form("/account/code"), "code", "nonsense")...).is(t, http.StatusUnprocessableEntity)
	back := ana.post("/account/code", append(wrong.form("/account/code"), "code", h.code(address))...).is(t, http.StatusOK)
	back.Has(".notice", "You are signed in again").
		Has("textarea", `"two" <three>`).
		Has("option[selected]", "Español").
		Has(`input[name=capacity][value=position][checked]`).
		Count("article.post", 1)
	if got, want := back.Attr("input[name=client]", "value"), topic.Attr("input[name=client]", "value"); got != want {
		t.Errorf("the client id is %q after sign-in, want %q as before", got, want)
	}
	posted := ana.post(action, append(back.form(action), "lang", "es", "capacity", "position", "body", back.Text("textarea"))...)
	posted.is(t, http.StatusOK).Has("article#post-2 h3", "Ana Joseph")
}

func TestAVisitorsFormIsKeptWhateverItsFaults(t *testing.T) {
	h := sqliteHouse(t)
	for _, path := range []string{
		"/forum/rooms/open/new", "/forum/rooms/nowhere/new", "/forum/topics/9/posts", "/forum/posts/9/edit",
		"/forum/posts/9/remove", "/forum/discuss?record=practice-rrtm",
	} {
		got := h.visitor().post(path, "title", "", "body", "kept").is(t, http.StatusUnauthorized)
		if action := got.Attr("input[name=keep_action]", "value"); action != path {
			t.Errorf("the form sent to %s would go on to %q", path, action)
		}
		got.Has(`input[name=keep_body][value=kept]`)
	}
}

func TestAnEditThatCameTooLateShowsBothTexts(t *testing.T) {
	h := sqliteHouse(t)
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	topic := ana.start("open", "Visas", "first")
	edit := topic.Attr(`article a[href$="/edit"]`, "href")
	stale := ana.get(edit)
	ana.post(edit, "revision", "1", "lang", "en", "body", "second")

	got := ana.post(edit, append(stale.form(edit), "lang", "en", "body", "third")...).is(t, http.StatusConflict)
	got.Has("pre", "second").Has("textarea", "third")
	ana.post(edit, append(got.form(edit), "lang", "en", "body", "second and third")...).is(t, http.StatusOK).
		Has("article .post-body", "second and third")
}

func TestNobodyTouchesAnotherMembersPost(t *testing.T) {
	h := sqliteHouse(t)
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	bo := h.member("Bo Rolle", "BHS", forum.RoleFocalPoint)
	topic := ana.start("closed", "Visas", "mine")
	edit := topic.Attr(`article a[href$="/edit"]`, "href")
	remove := topic.Attr(`article a[href$="/remove"]`, "href")
	bo.get(edit).is(t, http.StatusForbidden).Lacks("textarea")
	bo.post(edit, "revision", "1", "lang", "en", "body", "yours").is(t, http.StatusForbidden)
	bo.get(remove).is(t, http.StatusForbidden)
	bo.post(remove).is(t, http.StatusForbidden)
	bo.post(topic.path+"lock", "on", "true").is(t, http.StatusForbidden)
	ana.get(topic.path).Has("article#post-1 .post-body", "mine").Has("form.composer")

	sec := h.member("Sam Rey", "SEC", forum.RoleSecretariat)
	sec.post(topic.path+"lock", "on", "true").is(t, http.StatusOK).Has(".badge", "Locked")
	ana.get(topic.path).Lacks("form.composer").Has("#composer", "is locked")
	ana.post(topic.path+"posts", "lang", "en", "body", "late").is(t, http.StatusForbidden).
		Has("main", "locked").Has("pre", "late")
}

func TestAnObserverReadsAndDoesNotWrite(t *testing.T) {
	h := sqliteHouse(t)
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	topic := ana.start("closed", "Visas", "one")
	kari := h.member("Kari Nord", "NOR", forum.RoleObserver)
	kari.get(topic.path).is(t, http.StatusOK).Has("article").Lacks("form.composer").Has("#composer", "lets you read")
	kari.get("/forum/rooms/closed/new").is(t, http.StatusForbidden)
	kari.post(topic.path+"posts", "lang", "en", "body", "hello").is(t, http.StatusForbidden)
	kari.get("/forum/discuss?record=practice-rrtm").is(t, http.StatusOK).Lacks("form.composer").Has("main", "not start one")
}

func TestWhatIsClosedLooksToVisitorsLikeWhatIsNot(t *testing.T) {
	h := sqliteHouse(t)
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	topic := ana.start("closed", "Zebra title", "zebra body")
	edit := topic.Attr(`article a[href$="/edit"]`, "href")
	post := strings.TrimSuffix(edit, "/edit")
	visitor := h.visitor()
	for there, nowhere := range map[string]string{
		"/forum/rooms/closed/":    "/forum/rooms/nowhere/",
		"/forum/rooms/closed/new": "/forum/rooms/nowhere/new",
		topic.path:                "/forum/topics/999/",
		topic.path + "fragment":   "/forum/topics/999/fragment",
		post:                      "/forum/posts/999",
		edit:                      "/forum/posts/999/edit",
		post + "/remove":          "/forum/posts/999/remove",
		post + "/history":         "/forum/posts/999/history",
	} {
		a, b := visitor.get(there), visitor.get(nowhere)
		if a.status != http.StatusUnauthorized || a.status != b.status || a.Text("main p") != b.Text("main p") {
			t.Errorf("GET %s = %d, GET %s = %d; want the same 401", there, a.status, nowhere, b.status)
		}
		if strings.Contains(strings.ToLower(a.body), "zebra") || strings.Contains(a.body, "Delegations") {
			t.Errorf("GET %s tells a visitor: %s", there, a.body)
		}
	}
	visitor.get("/forum/").is(t, http.StatusOK).Count(".room-list h2", 1)
	if got := visitor.get("/forum/events?after=0"); got.body != `{"events":[],"last":1}` && !strings.HasPrefix(got.body, `{"events":[],`) {
		t.Errorf("a visitor reads the events %s", got.body)
	}
	if got := ana.get("/forum/events?after=0"); strings.Contains(got.body, `"events":[]`) {
		t.Errorf("a member reads the events %s", got.body)
	}
	ana.get("/forum/topics/999/").is(t, http.StatusNotFound)
}

func TestHostileFormsAreRefused(t *testing.T) {
	h := sqliteHouse(t)
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	topic := ana.start("open", "Visas", "one")
	posts := topic.path + "posts"
	good := url.Values{"lang": {"en"}, "body": {"two"}}.Encode()
	for _, test := range []struct {
		name, body, origin string
		status             int
		says               string
	}{
		{"a form from another site", good, "https://evil.example", 403, "from another site"},
		{"invalid UTF-8", "lang=en&body=%ff%fe", "", 400, "not valid text"},
		{"ten megabytes", "lang=en&body=" + strings.Repeat("a", 10<<20), "", 413, "your text is still there"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ana.send(posts, test.body, test.origin).is(t, test.status).Has("main", test.says).Has("h1")
		})
	}
	ana.get(topic.path).Count("article.post", 1)
}

func TestWhatAMemberWritesStaysText(t *testing.T) {
	h := sqliteHouse(t)
	ana := h.member("Ana <i>Joseph", "LCA", forum.RoleFocalPoint)
	const script = `"><script>alert(1)</script>`
	topic := ana.start("open", script, script+"\n\n[x](javascript:alert(1)) <img src=x onerror=alert(1)>")
	for _, page := range []answer{
		topic, ana.get("/forum/rooms/open/"), ana.get(topic.Attr(`article a[href$="/edit"]`, "href")),
		ana.post(topic.path+"posts", "lang", `"><script>`, "body", script),
	} {
		page.Lacks("main script").Lacks("img").Lacks("h3 i").Lacks(`a[href^="javascript"]`)
	}
	topic.Has("h1", script)
}

func TestEventsAnswerInTheirOwnForm(t *testing.T) {
	h := sqliteHouse(t)
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	ana.start("open", "Visas", "one")
	all := h.visitor().get("/forum/events")
	if !strings.Contains(all.body, `"kind":"post"`) || !strings.Contains(all.body, `"last":2`) {
		t.Errorf("events = %s, want the topic and its post", all.body)
	}
	if got := h.visitor().get("/forum/events?after=2"); got.body != `{"events":[],"last":2}` {
		t.Errorf("events after the last = %s", got.body)
	}
	for _, after := range []string{"x", "-1", "1e3", fmt.Sprint(1<<62) + "0"} {
		h.visitor().get("/forum/events?after="+after).is(t, http.StatusBadRequest)
	}
}

func TestDiscussLeadsFromAPageToItsTopicAndBack(t *testing.T) {
	h := sqliteHouse(t)
	const path = "/forum/discuss?record=practice-rrtm"
	visitor := h.visitor().get(path).is(t, http.StatusOK).Has("main", "no public topic").Lacks("form")
	if got := visitor.Attr("main a.button", "href"); got != "/account/sign-in?next="+url.QueryEscape(path) {
		t.Errorf("the visitor signs in at %s, want to come back", got)
	}
	h.visitor().get("/forum/discuss?record=practice-none").is(t, http.StatusNotFound)

	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	form := ana.get(path).is(t, http.StatusOK).Has(`input[name=room][value=closed]`)
	if got := form.Attr("#title", "value"); got != "Transfer <Mechanism>" {
		t.Errorf("the title offered is %q, want the page's", got)
	}
	ana.post(path, append(form.form(path), "title", "RRTM", "lang", "en")...).is(t, 422).Has("form.composer")
	topic := ana.post(path, append(form.form(path), "title", "RRTM", "room", "open", "lang", "en")...).is(t, http.StatusOK)
	topic.Has(`.about-record a[href="/practices/rrtm/"]`, "Transfer <Mechanism>").Count("article", 0)
	if got := h.visitor().get(path); got.path != topic.path {
		t.Errorf("discuss leads a visitor to %s, want %s", got.path, topic.path)
	}
}

func TestASessionEndsByItself(t *testing.T) {
	h := sqliteHouse(t)
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	topic := ana.start("closed", "Visas", "one")
	h.later(15 * 24 * time.Hour)
	ana.get(topic.path).is(t, http.StatusUnauthorized).Has("a.button", "Sign in")
}
