package web

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/testkit"
)

// withRooms adds rooms of every policy and mail level to the house.
func (h *house) withRooms() *house {
	h.t.Helper()
	title := func(s string) map[string]string { return map[string]string{"en": s} }
	if err := h.store.SeedRooms(h.t.Context(), []forum.Room{
		{Slug: "open", Titles: title("Public exchange"), Visibility: forum.Public, Policy: forum.Attributed, Mail: forum.MailFull},
		{Slug: "closed", Titles: title("Delegations"), Visibility: forum.Members, Policy: forum.Attributed, Mail: forum.MailFull},
		{Slug: "excerpts", Titles: title("Excerpts"), Visibility: forum.Members, Policy: forum.DelegationOnly, Mail: forum.MailExcerpt},
		{Slug: "titles", Titles: title("Titles"), Visibility: forum.Members, Policy: forum.Attributed, Mail: forum.MailTitle},
		{Slug: "chatham", Titles: title("Chatham"), Visibility: forum.Members, Policy: forum.Chatham, Mail: forum.MailFull},
	}); err != nil {
		h.t.Fatal(err)
	}
	return h
}

// key makes a feed key and returns the addresses that it opens.
func (r *reader) key(name string) (all, calendar string) {
	r.h.t.Helper()
	made := r.post("/forum/feeds/", "name", name).is(r.h.t, http.StatusOK).Has("#new-key", "Copy these addresses now")
	for _, text := range made.Texts("dd") {
		path := strings.TrimPrefix(text, r.h.address)
		switch {
		case strings.Contains(path, "/feed/all.atom"):
			all = path
		case strings.Contains(path, "/calendar.ics"):
			calendar = path
		}
	}
	return all, calendar
}

// entries reads a feed's entries by title.
func (a answer) entries(t *testing.T) map[string]atomEntry {
	t.Helper()
	var f atomFeed
	if err := xml.Unmarshal([]byte(a.body), &f); err != nil {
		t.Fatalf("%s is no Atom: %v\n%s", a.path, err, a.body)
	}
	if f.ID == "" || f.Title == "" || f.Updated == "" || f.Author.Name == "" {
		t.Errorf("the feed lacks what RFC 4287 asks for: %+v", f)
	}
	all := map[string]atomEntry{}
	for _, e := range f.Entries {
		if e.ID == "" || e.Updated == "" || e.Link.Rel != "alternate" {
			t.Errorf("an entry lacks what RFC 4287 asks for: %+v", e)
		}
		all[e.Title] = e
	}
	return all
}

func TestAFeedTellsWhatTheRoomLetsOut(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		t.Helper()
		h := newHouse(t, db).withRooms()
		bo := h.member("Bo Rolle", "BHS", forum.RoleExpert)
		for _, room := range []string{"open", "closed", "excerpts", "titles", "chatham"} {
			bo.start(room, "In "+room, "the **words** of "+room)
		}
		ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
		address, _ := ana.key("reader")
		entries := h.visitor().get(address).is(t, 200).entries(t)
		if len(entries) != 5 {
			t.Errorf("a member's feed has %d entries, want 5", len(entries))
		}
		for _, test := range []struct{ room, by, content, summary string }{
			{"open", "Bo Rolle, Bahamas", "<strong>words</strong> of open", ""},
			{"closed", "Bo Rolle, Bahamas", "<strong>words</strong> of closed", ""},
			{"excerpts", "Bahamas", "", "the words of excerpts"},
			{"titles", "", "", ""},
			{"chatham", "not attributed", "<strong>words</strong> of chatham", ""},
		} {
			e, ok := entries["In "+test.room+", post 1"]
			var by, content string
			if e.Author != nil {
				by = e.Author.Name
			}
			if e.Content != nil {
				content = e.Content.Text
			}
			if !ok || !strings.Contains(by, test.by) || by != "" && test.by == "" || e.Summary != test.summary ||
				!strings.Contains(content, test.content) || content != "" && test.content == "" {
				t.Errorf("the feed tells of %s: by %q, content %q, summary %q; want %q, %q, %q",
					test.room, by, content, e.Summary, test.by, test.content, test.summary)
			}
			if test.room == "chatham" && (strings.Contains(by, "Bo") || strings.Contains(by, "Bahamas")) {
				t.Errorf("the feed names %q under the Chatham House rule", by)
			}
		}
		if open := h.visitor().get("/forum/feed/all.atom").is(t, 200).entries(t); len(open) != 1 {
			t.Errorf("a feed without a key has %d entries, want the public one", len(open))
		}
		h.visitor().get("/forum/feed/rooms/closed.atom").is(t, 401)
		ana.get("/forum/feed/rooms/closed.atom").is(t, 401) // a session is no key
		h.visitor().get("/forum/feed/rooms/open.json").is(t, 200)
		h.visitor().get("/forum/feed/rooms/nowhere.atom").is(t, 401)
		h.visitor().get("/forum/feed/topics/2.atom").is(t, 401)
		h.visitor().get("/forum/feed/all.rss").is(t, 404)

		var file struct {
			Version string
			Items   []map[string]any
		}
		body := h.visitor().get(strings.Replace(address, ".atom", ".json", 1)).is(t, 200).body
		if err := json.Unmarshal([]byte(body), &file); err != nil || len(file.Items) != 5 || file.Version != "https://jsonfeed.org/version/1.1" {
			t.Errorf("the JSON feed has %d items of version %q: %v", len(file.Items), file.Version, err)
		}
	})
}

func TestAKeyReadsOnlyInThePlaceOfItsMaker(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		t.Helper()
		h := newHouse(t, db).withRooms()
		h.member("Bo Rolle", "BHS", forum.RoleExpert).start("closed", "Visas", "in confidence")
		ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
		first, _ := ana.key("telephone")
		second, _ := ana.key("laptop")
		if first == second || first == "" {
			t.Fatalf("two keys open %q and %q", first, second)
		}
		h.visitor().get(first).is(t, 200).entries(t)
		list := ana.get("/forum/feeds/").is(t, 200).Has("li", "telephone").Has("li", "last used").Has("li", "never used")
		if key := address(t, first).Query().Get("key"); strings.Contains(list.body, key) {
			t.Error("a key is shown again")
		}
		ana.post(list.Attr(`form[action$="/revoke"]`, "action")).is(t, 200).Lacks("li h3", "telephone").Has("li h3", "laptop")
		h.visitor().get(first).is(t, 404)
		h.visitor().get(second).is(t, 200)

		for _, change := range []struct{ statement, why string }{
			{`UPDATE persons SET suspended_at = 1 WHERE address = 'ana.joseph@example.org'`, "suspended"},
			{`UPDATE persons SET suspended_at = NULL`, ""},
		} {
			execute(t, db, change.statement)
			if got := h.visitor().get(second).status; (got == 404) != (change.why == "suspended") {
				t.Errorf("%q: the key answers %d", change.statement, got)
			}
		}
		vacate(t, db, "ana.joseph@example.org")
		h.visitor().get(second).is(t, 404)
		eva := h.member("Eva Charles", "LCA", forum.RoleFocalPoint)
		h.visitor().get(second).is(t, 404)
		eva.get("/forum/feeds/").is(t, 200).Has("li", "Made by Ana Joseph").Has("li", "reads nothing any more")
		eva.post("/forum/feeds/", "name", "").is(t, 422).Has(".error-summary a[href=\"#name\"]")
		h.visitor().get("/forum/feed/all.atom?key=guessed").is(t, 404)
	})
}

func address(t *testing.T, path string) *url.URL {
	t.Helper()
	u, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestAFeedIsSentOnceAndATakenBackTextIsGone(t *testing.T) {
	h := sqliteHouse(t).withRooms()
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	topic := ana.start("open", "Visas", "regretted words")
	h.later(time.Hour)
	tag := ""
	ask := func(header, value string) (status int, body string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.address+"/forum/feed/all.atom", nil)
		if err != nil {
			t.Fatal(err)
		}
		if header != "" {
			req.Header.Set(header, value)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		tag = res.Header.Get("Etag")
		var b strings.Builder
		if err := res.Write(&b); err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, b.String()
	}
	if status, body := ask("", ""); status != 200 || !strings.Contains(body, "regretted words") || tag == "" {
		t.Fatalf("the feed answers %d with tag %q: %s", status, tag, body)
	}
	was := tag
	if status, _ := ask("If-None-Match", was); status != http.StatusNotModified {
		t.Errorf("a feed that has not changed answers %d, want 304", status)
	}
	since := h.clock().UTC().Format(http.TimeFormat)
	if status, _ := ask("If-Modified-Since", since); status != http.StatusNotModified {
		t.Errorf("a feed that has not changed since answers %d, want 304", status)
	}
	h.later(time.Hour)
	remove := ana.get(topic.path).Attr(`a[href$="/remove"]`, "href")
	ana.post(remove, "reason", "said in haste").is(t, 200)
	for header, value := range map[string]string{"If-None-Match": was, "If-Modified-Since": since} {
		if status, body := ask(header, value); status != 200 || strings.Contains(body, "regretted") {
			t.Errorf("after the removal the feed answers %d to %s: %s", status, header, body)
		}
	}
}

func TestTheCalendar(t *testing.T) {
	h := sqliteHouse(t).withRooms()
	bo := h.member("Bo Rolle", "BHS", forum.RoleFocalPoint)
	day := time.Now().Add(20 * 24 * time.Hour).UTC()
	title := `Qui demande un visa de transit, et à qui ? Première consultation ; suite, \ et fin — ` + strings.Repeat("très ", 12) + "longue"
	for _, room := range []string{"open", "closed"} {
		bo.post("/forum/rooms/"+room+"/new", "title", room+" "+title, "kind", "query", "lang", "fr", "body", "Texte", "closes", day.Format(time.DateOnly)).is(t, 200)
	}
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	ana.get("/forum/calendar/").is(t, 200).Count("h2", 1).Count(".topic-list li", 2)
	h.visitor().get("/forum/calendar/").is(t, 200).Count(".topic-list li", 1)
	_, path := ana.key("calendar")
	file := h.visitor().get(path).is(t, 200).body
	if n := strings.Count(file, "BEGIN:VEVENT\r\n"); n != 2 {
		t.Errorf("a member's calendar has %d dates, want 2:\n%s", n, file)
	}
	for line := range strings.SplitSeq(file, "\r\n") {
		if len(line) > 75 {
			t.Errorf("a line has %d octets, want 75 at most: %s", len(line), line)
		}
	}
	whole := strings.ReplaceAll(file, "\r\n ", "")
	for _, want := range []string{
		"DTSTART:" + day.Format("20060102") + "T235900Z\r\n",
		`SUMMARY:Closes: open ` + strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`).Replace(title) + "\r\n",
		"UID:topic-1@127.0.0.1\r\n",
	} {
		if !strings.Contains(whole, want) {
			t.Errorf("the calendar lacks %q:\n%s", want, whole)
		}
	}
	if n := strings.Count(h.visitor().get("/forum/feed/calendar.ics").is(t, 200).body, "BEGIN:VEVENT"); n != 1 {
		t.Errorf("a visitor's calendar has %d dates, want 1", n)
	}
}

func TestADelegationsPage(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		t.Helper()
		h := newHouse(t, db).withRooms()
		bo := h.member("Bo Rolle", "BHS", forum.RoleFocalPoint)
		for _, room := range []string{"open", "closed", "excerpts", "chatham"} {
			bo.start(room, "In "+room, "words")
		}
		ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
		asked := ana.post("/forum/rooms/closed/new", "title", "Who asks?", "kind", "query", "lang", "en", "body", "Who?").is(t, 200)

		h.visitor().get("/forum/delegations/").is(t, 200).Has("li a", "Bahamas").Has("h2", "Observers")
		h.visitor().get("/forum/delegations/BHS/").is(t, 200).Has("h1", "Bahamas").Lacks("main", "Seats").Lacks(".seats", "Bo").Has("#topics ~ ul", "In open").Count("section[aria-labelledby=topics] li", 1).Count("section[aria-labelledby=posts] li", 1)
		ana.get("/forum/delegations/bhs/").is(t, 200).
			Has(".seats", "Bo Rolle, since").Lacks("main", "Who asks?").
			Has("section[aria-labelledby=posts]", "In excerpts").
			Lacks("main", "In chatham").
			Count("section[aria-labelledby=posts] li", 3)
		bo.get("/forum/delegations/BHS/").is(t, 200).Has("section[aria-labelledby=awaited] a", "Who asks?").Has(".badge", "Your delegation").
			Lacks("main", "In chatham") // which the page would tie to the delegation
		bo.post(asked.path+"posts", "lang", "en", "body", "We do.").is(t, 200)
		bo.get("/forum/delegations/BHS/").is(t, 200).Lacks("main", "Your answer is awaited")
		h.visitor().get("/forum/delegations/QQQ/").is(t, 404)
	})
}
