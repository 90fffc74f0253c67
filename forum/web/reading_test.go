package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/testkit"
)

// with asks for a page with one more header.
func (r *reader) with(method, path, header, value string) answer {
	r.h.t.Helper()
	req, err := http.NewRequestWithContext(r.h.t.Context(), method, r.h.address+path, nil)
	if err != nil {
		r.h.t.Fatal(err)
	}
	req.Header.Set(header, value)
	return r.do(req)
}

func TestWhatIsUnreadIsToldInWordsAndOneTapAway(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		t.Helper()
		h := newHouse(t, db)
		bo := h.member("Bo Rolle", "BHS", forum.RoleExpert)
		ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
		topic := bo.start("closed", "Visas", "one")
		ana.get(topic.path).is(t, 200).Has("#post-1 h3", "unread")
		for i := range 22 {
			bo.post(topic.path+"posts", "lang", "en", "reply_to", "1", "body", "more "+strconv.Itoa(i)).is(t, 200)
		}
		ana.get("/forum/").is(t, 200).Has(".news-link a", "What is new for Saint Lucia: 22 unread posts").Has(".room-list strong", "22 unread")
		room := ana.get("/forum/rooms/closed/").is(t, 200).Has("a.unread", "22 unread, from post 2")
		if got := room.Attr("a.unread", "href"); got != topic.path+"#post-2" {
			t.Errorf("the unread posts are said to begin at %s, want %s#post-2", got, topic.path)
		}
		for _, careless := range []answer{
			ana.with(http.MethodGet, topic.path, "Sec-Purpose", "prefetch;prerender"),
			ana.with(http.MethodHead, topic.path, "Accept", "text/html"),
		} {
			careless.is(t, 200)
		}
		first := ana.get(topic.path).is(t, 200).
			Has("#post-2 h3", "Post 2, Bo Rolle, Bahamas, in reply to 1, unread").
			Lacks("#post-1 h3", "unread").
			Has("p a.unread", "Go to the first unread post, 2")
		if got := first.Attr("p a.unread", "href"); got != topic.path+"#post-2" {
			t.Errorf("the first unread post is said to be at %s", got)
		}
		ana.get("/forum/rooms/closed/").is(t, 200).Has("a.unread", "3 unread, from post 21")
		ana.get(topic.path+"fragment?after=20").is(t, 200).Has("#post-23 h3", "unread")
		ana.get("/forum/rooms/closed/").is(t, 200).Lacks("a.unread", "unread").Lacks(`form[action$="/read"]`, "Mark")

		bo.post(topic.path+"posts", "lang", "en", "body", "one more").is(t, 200)
		bo.get("/forum/rooms/closed/").Lacks("a.unread", "unread")
		room = ana.get("/forum/rooms/closed/")
		bo.post(topic.path+"posts", "lang", "en", "body", "and one that she has not been told of").is(t, 200)
		ana.post("/forum/rooms/closed/read", room.form("/forum/rooms/closed/read")...).is(t, 200).Has("a.unread", "1 unread")
		news := ana.get("/forum/new/").is(t, 200)
		ana.post("/forum/new/read", news.form("/forum/new/read")...).is(t, 200).Has("main", "You have read everything")
		h.visitor().get("/forum/new/").is(t, 401)
	})
}

func TestADraftIsSavedByFormAndFoundAgain(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		t.Helper()
		h := newHouse(t, db)
		topic := h.member("Bo Rolle", "BHS", forum.RoleExpert).start("closed", "Visas", "one")
		ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)

		form := ana.get(topic.path+"?reply=1").is(t, 200).form(topic.path + "posts")
		back := ana.post("/forum/drafts/save", append(form, "lang", "es", "capacity", "position", "body", "media frase")...).is(t, 200)
		back.Has("textarea", "media frase").Has("[data-draft-note]", "Draft saved, ").Has("option[selected]", "Español").
			Has(`input[name=reply_to][value="1"]`).Has(`input[value=position][checked]`)
		if got := back.path; got != topic.path {
			t.Errorf("after saving the writer is at %s, want %s", got, topic.path)
		}
		ana.get("/forum/drafts/").is(t, 200).Has("h3 a", "Reply in “Visas”").Has("li", "media frase")
		ana.get("/forum/new/").is(t, 200).Has("h3 a", "Reply in “Visas”")

		stale := ana.post("/forum/drafts/save", append(form, "lang", "en", "body", "another text")...).is(t, 409)
		stale.Has("section pre", "another text").Has("section pre", "media frase")
		ana.post("/forum/drafts/save", stale.form("/forum/drafts/save")...).is(t, 200).Has("textarea", "another text")

		page := ana.get(topic.path)
		ana.post(topic.path+"posts", append(page.form(topic.path+"posts"), "lang", "en", "body", "another text, ended")...).
			is(t, 200).Has("#post-2", "another text, ended").Lacks("textarea", "another")
		ana.get("/forum/drafts/").is(t, 200).Has("main", "There are no drafts")

		form = ana.get("/forum/rooms/closed/new").is(t, 200).form("/forum/rooms/closed/new")
		ana.post("/forum/drafts/save", append(form, "title", "A title alone", "kind", "query", "closes", "2031-05-06", "lang", "nl", "body", "")...).
			is(t, 200).Has(`input[name=title][value="A title alone"]`).Has(`input[value=query][checked]`).Has(`input[name=closes][value="2031-05-06"]`)
		ana.post("/forum/drafts/discard", "place", "room:closed").is(t, 200).Has("main", "There are no drafts")
		ana.get("/forum/rooms/closed/new").is(t, 200).Lacks(`input[name=title][value="A title alone"]`)
	})
}

func TestADraftWithNowhereToGoCanBeCopied(t *testing.T) {
	h := sqliteHouse(t)
	topic := h.member("Bo Rolle", "BHS", forum.RoleExpert).start("closed", "Visas", "one")
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	form := ana.get(topic.path).form(topic.path + "posts")
	ana.post("/forum/drafts/save", append(form, "lang", "en", "body", "long "+strings.Repeat("and longer ", 40)+"end")...).is(t, 200)
	ana.get("/forum/drafts/").is(t, 200).Lacks("pre", "end").Lacks("main", "Nothing can be posted")
	h.member("Sam Clarke", "SEC", forum.RoleSecretariat).post(topic.path+"lock", "on", "true").is(t, 200)
	ana.get("/forum/drafts/").is(t, 200).Has("pre", "and longer end").Has(".notice", "Nothing can be posted there any more")
	ana.post("/forum/drafts/save", append(form, "lang", "en", "saved", "0", "body", "more")...).is(t, 409).Has("pre", "more").Has("pre", "and longer end")
}

func TestADraftTravelsThroughSignIn(t *testing.T) {
	h := sqliteHouse(t)
	topic := h.member("Bo Rolle", "BHS", forum.RoleExpert).start("closed", "Visas", "one")
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	form := ana.get(topic.path).form(topic.path + "posts")
	ana.post("/account/sign-out")
	expired := ana.post("/forum/drafts/save", append(form, "lang", "en", "body", "not to be lost")...).is(t, 401).Has("pre", "not to be lost")
	asked := ana.post("/account/sign-in", append(expired.form("/account/sign-in"), "address", "ana.joseph@example.org")...).is(t, 200)
	after := ana.post("/account/code", append(asked.form("/account/code"), "code", h.code("ana.joseph@example.org"))...).is(t, 200)
	if action := after.Attr("main form", "action"); !strings.Contains(after.body, "<textarea") {
		after = ana.post(action, after.form(action)...).is(t, 200)
	}
	after.Has("textarea", "not to be lost")
	ana.get("/forum/drafts/").is(t, 200).Has("li", "not to be lost")
}

func TestAScriptSavesAndIsToldOfAnotherVersion(t *testing.T) {
	h := sqliteHouse(t)
	topic := h.member("Bo Rolle", "BHS", forum.RoleExpert).start("closed", "Visas", "one")
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	save := func(who *reader, status int, saved, body string) (told struct {
		Version int64
		Fields  map[string]string
		Error   string
	},
	) {
		t.Helper()
		place := "topic:" + strings.Trim(strings.TrimPrefix(topic.path, "/forum/topics/"), "/")
		form := url.Values{"place": {place}, "saved": {saved}, "client": {"client-" + saved}, "body": {body}}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.address+"/forum/drafts/save", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", h.address)
		req.Header.Set("Accept", "application/json")
		got := who.do(req).is(t, status)
		if err := json.Unmarshal([]byte(got.body), &told); err != nil {
			t.Fatalf("the script is told %s: %v", got.body, err)
		}
		return told
	}
	first := save(ana, 200, "0", "half")
	if told := save(ana, 409, "0", "from another device"); told.Version != first.Version || told.Fields["body"] != "half" {
		t.Errorf("with the conflict comes %+v, want the version that is kept", told)
	}
	save(ana, 200, strconv.FormatInt(first.Version, 10), "half and half")
	if told := save(h.visitor(), 401, "0", "x"); told.Error == "" {
		t.Error("a visitor's script is not told why")
	}
}

func TestWordsAddedToASentPostComeBack(t *testing.T) {
	h := sqliteHouse(t)
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	topic := ana.start("closed", "Visas", "one")
	form := ana.get(topic.path).form(topic.path + "posts")
	ana.post(topic.path+"posts", append(form, "lang", "en", "body", "sent, but the answer was lost")...).is(t, 200)
	again := ana.post(topic.path+"posts", append(form, "lang", "en", "body", "sent, but the answer was lost. And more")...).is(t, 409)
	again.Has("#body-error", "stands here as post 2 already").Has("textarea", "And more")
	ana.post(topic.path+"posts", append(again.form(topic.path+"posts"), "lang", "en", "body", "And more")...).is(t, 200).Has("#post-3", "And more")
}

// vacate lets a person leave their seat.
func vacate(t *testing.T, db *database.DB, address string) {
	t.Helper()
	execute(t, db, `UPDATE occupancies SET until = 1 WHERE until IS NULL AND person = (SELECT id FROM persons WHERE address = $1)`, address)
}

func execute(t *testing.T, db *database.DB, statement string, args ...any) {
	t.Helper()
	err := db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, statement, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestASeatIsHandedOver(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		t.Helper()
		h := newHouse(t, db)
		bo := h.member("Bo Rolle", "BHS", forum.RoleExpert)
		ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
		topic := bo.start("closed", "Visas", "one")
		form := ana.get(topic.path).is(t, 200).form(topic.path + "posts")
		ana.post("/forum/drafts/save", append(form, "lang", "en", "body", "begun by Ana")...).is(t, 200)
		bo.post(topic.path+"posts", "lang", "en", "body", "two").is(t, 200)

		vacate(t, db, "ana.joseph@example.org")
		eva := h.member("Eva Charles", "LCA", forum.RoleFocalPoint)
		eva.get("/forum/new/").is(t, 200).
			Has("main", "1 unread, post 2").
			Has("h3 a", "Reply in “Visas”").Has("li", "Begun by Ana Joseph").Has("li", "begun by Ana")
		eva.get(topic.path).is(t, 200).Lacks("#post-1 h3", "unread").Has("#post-2 h3", "unread").Has("textarea", "begun by Ana").Has("[data-draft-note]", "Draft saved by Ana Joseph")
		ana.get("/forum/new/").is(t, 401)
		ana.get(topic.path).is(t, 401)
	})
}
