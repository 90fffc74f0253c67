package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cmc/forum"
	"cmc/forum/mail"
	"cmc/forum/store"
	"cmc/internal/database"
	"cmc/internal/i18n"
	outgoing "cmc/internal/mail"
	"cmc/internal/middleware"
	"cmc/internal/page"
	"cmc/internal/testkit"
)

// house is the pages as they are served, behind the whole middleware, with a
// forum whose letters go to a real SMTP server.
type house struct {
	t                 *testing.T
	db                *database.DB
	store             *store.Store
	mailer            *mail.Mailer
	office            *testkit.PostOffice
	address           string
	secretary, member forum.Member
	refuse            atomic.Bool
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, db: testkit.OpenDatabase(t, testkit.SQLite(t))}
	h.office = testkit.NewPostOffice(t, testkit.PostOfficeOptions{Answer: func(verb, _ string) string {
		if verb == "RCPT" && h.refuse.Load() {
			return "550 5.1.1 <member@example.org> unknown"
		}
		return ""
	}})
	h.store = store.New(h.db, nil)
	h.secretary = testkit.Seat(t, h.db, "Sam", forum.RoleSecretariat, "SEC")
	h.member = testkit.Seat(t, h.db, "Ana", forum.RoleFocalPoint, "LCA")
	title := map[string]string{"en": "Delegations"}
	h.must(h.store.SeedRooms(t.Context(), []forum.Room{{Slug: "closed", Titles: title, Visibility: forum.Members, Policy: forum.Attributed}}))
	cat, err := i18n.Load(os.DirFS(testkit.Root(t)), "en", "es", "fr", "nl")
	h.must(err)
	log := slog.New(slog.DiscardHandler)
	h.mailer = mail.New(mail.Options{
		Options: outgoing.Options{SMTP: outgoing.SMTP{Host: h.office.Host, Port: h.office.Port}, From: "forum@example.org", Log: log},
		DB:      h.db, Store: h.store, Texts: cat, Site: func(string) string { return "CMC" }, Cadence: forum.Instant, Location: time.UTC,
		Link: func(_, path string) string { return h.address + path },
	})
	h.serve(cat, log)
	return h
}

func (h *house) serve(cat *i18n.Catalogue, log *slog.Logger) {
	pages := page.NewSet(cat, log)
	f := New(Options{Mailer: h.mailer, Pages: pages, Member: func(ctx context.Context) forum.Member {
		m, _ := ctx.Value(who{}).(forum.Member)
		return m
	}})
	h.must(pages.SetFrames(nil))
	mux := http.NewServeMux()
	f.Routes(mux)
	stack, err := middleware.Stack(middleware.Options{
		Log: log, Fail: pages.Error, Now: time.Now,
		Context: []middleware.Middleware{
			func(next http.Handler) http.Handler { return page.Localize(cat, []string{"forum"}, next) },
			h.known,
		},
	}, mux)
	h.must(err)
	server := httptest.NewServer(stack)
	h.t.Cleanup(server.Close)
	h.address = server.URL
}

type who struct{}

// known takes a header for a session.
func (h *house) known(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m := map[string]forum.Member{"member": h.member, "secretary": h.secretary}[r.Header.Get("X-Who")]
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), who{}, m)))
	})
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// ask sends a request; a form makes it a POST. It follows redirects.
func (h *house) ask(name, path string, form url.Values) (*testkit.Document, int) {
	h.t.Helper()
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.address+strings.TrimPrefix(path, h.address), body)
	h.must(err)
	r.Header.Set("X-Who", name)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := &http.Client{CheckRedirect: func(next *http.Request, _ []*http.Request) error {
		next.Header.Set("X-Who", name)
		return nil
	}}
	res, err := client.Do(r)
	h.must(err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	h.must(err)
	if strings.Contains(string(text), "⟦") {
		h.t.Errorf("%s shows a text that nobody wrote", path)
	}
	return testkit.HTML(h.t, text), res.StatusCode
}

func (h *house) send() []testkit.Mailed {
	h.t.Helper()
	h.must(h.mailer.Work(h.t.Context()))
	ctx, cancel := context.WithCancel(h.t.Context())
	done := make(chan struct{})
	go func() { h.mailer.Run(ctx); close(done) }()
	defer func() { cancel(); <-done }()
	return []testkit.Mailed{h.office.Next(h.t)}
}

func (h *house) post(body string) {
	h.t.Helper()
	_, err := h.store.Start(h.t.Context(), h.secretary, forum.NewTopic{
		Room: "closed", Title: "Title", Lang: "en", NewPost: forum.NewPost{Body: body},
	})
	h.must(err)
}

// chosen is what the member's form shows for the room.
func (h *house) chosen() string {
	h.t.Helper()
	d, _ := h.ask("member", "/forum/mail/", nil)
	return strings.Join(d.Attrs(`select[name="room-closed"] option[selected]`, "value"), ",")
}

func TestASeatChoosesItsMail(t *testing.T) {
	h := newHouse(t)
	if _, status := h.ask("", "/forum/mail/", nil); status != http.StatusUnauthorized {
		t.Errorf("a visitor gets %d, want to be asked to sign in", status)
	}
	d, _ := h.ask("member", "/forum/mail/", nil)
	d.Has("label", "Delegations").Has("option[selected]", "The usual (At once)").Has("main", "No mail was sent to you yet.")
	d, _ = h.ask("member", "/forum/mail/", url.Values{"room-closed": {"weekly"}, "room-other": {"daily"}})
	d.Has("[role=status]", "Saved.")
	if got := h.chosen(); got != "weekly" {
		t.Errorf("the room's cadence = %q, want weekly", got)
	}
	h.ask("member", "/forum/mail/all", url.Values{"cadence": {"none"}})
	if got := h.chosen(); got != "none" {
		t.Errorf("the room's cadence = %q, want none as for all", got)
	}
	if _, status := h.ask("member", "/forum/mail/", url.Values{"room-closed": {"hourly"}}); status != http.StatusUnprocessableEntity {
		t.Errorf("a cadence that there is not: %d, want 422", status)
	}
	d, _ = h.ask("member", "/forum/mail/pause", url.Values{"pause": {"yes"}})
	d.Has("main", "Your mail is paused")
	d, _ = h.ask("member", "/forum/mail/pause", url.Values{"pause": {"no"}})
	d.Lacks("main", "Your mail is paused")
}

func TestATestLetterComesAndIsListed(t *testing.T) {
	h := newHouse(t)
	d, _ := h.ask("member", "/forum/mail/test", url.Values{})
	d.Has("[role=status]", "A mail is on its way").Has("h3", "A test mail")
	if m := h.send()[0]; m.To != "ana.lca@example.org" && !strings.EqualFold(m.To, "Ana.LCA@example.org") {
		t.Errorf("the letter went to %q", m.To)
	}
	d, _ = h.ask("member", "/forum/mail/", nil)
	d.Has("h3", "CMC: a test mail").Has("main", "Taken by your mail server")
	for range 2 {
		h.ask("member", "/forum/mail/test", url.Values{})
	}
	d, status := h.ask("member", "/forum/mail/test", url.Values{})
	if d.Has("main", "Please wait an hour"); status != http.StatusTooManyRequests {
		t.Errorf("the fourth letter within an hour: %d, want 429", status)
	}
}

// TestALetterIsStoppedByItsLink does what mail programs and scanners do.
func TestALetterIsStoppedByItsLink(t *testing.T) {
	h := newHouse(t)
	h.post("first")
	data := h.send()[0].Data
	_, after, _ := strings.Cut(data, "List-Unsubscribe:")
	_, after, _ = strings.Cut(after, "<")
	link, _, ok := strings.Cut(after, ">")
	if !ok || !strings.Contains(data, "List-Unsubscribe-Post: List-Unsubscribe=One-Click") {
		t.Fatalf("the letter has no link to stop it: %s", data)
	}
	h.ask("member", "/forum/mail/", url.Values{"room-closed": {"instant"}})
	for range 2 { // a scanner looks, and looks again
		d, status := h.ask("", link, nil)
		if d.Has("main", "No more mail of the room “Delegations”?"); status != http.StatusOK || h.chosen() != "instant" {
			t.Errorf("looking: %d, and the choice is %q", status, h.chosen())
		}
	}
	d, status := h.ask("", link, url.Values{"List-Unsubscribe": {"One-Click"}})
	if d.Has("[role=status]", "You get no more mail of the room"); status != http.StatusOK || h.chosen() != "none" {
		t.Errorf("one click: %d, and the choice is %q", status, h.chosen())
	}
	d, _ = h.ask("", link, nil)
	d.Has("button", "Take this back")
	h.ask("", link, url.Values{"undo": {"yes"}})
	if got := h.chosen(); got != "instant" {
		t.Errorf("taken back, the choice is %q, want what it was", got)
	}
	if _, status := h.ask("", "/forum/mail/stop?token=guess", url.Values{}); status != http.StatusNotFound {
		t.Errorf("a token that was never given: %d, want 404", status)
	}
}

func TestTheSecretariatSeesWhatCameBack(t *testing.T) {
	h := newHouse(t)
	h.refuse.Store(true)
	h.ask("member", "/forum/mail/test", url.Values{})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { h.mailer.Run(ctx); close(done) }()
	for n := 0; n == 0; {
		var err error
		n, err = h.mailer.Records().Bouncing(t.Context(), h.member.ID)
		h.must(err)
	}
	cancel()
	<-done
	d, _ := h.ask("secretary", "/forum/bounces/", nil)
	d.Has("h2", "Ana (LCA)").Has("main", "550", "unknown").Lacks("main", "@")
	if _, status := h.ask("member", "/forum/bounces/", nil); status != http.StatusForbidden {
		t.Errorf("a member gets %d, want 403", status)
	}
	if _, status := h.ask("member", "/forum/bounces/clear", url.Values{"person": {"2"}}); status != http.StatusForbidden {
		t.Errorf("a member who clears gets %d, want 403", status)
	}
	d, _ = h.ask("member", "/forum/mail/", nil)
	d.Has(".notice-warning", "1 mail to you came back").Has("main", "Refused")
	d, _ = h.ask("secretary", "/forum/bounces/clear", url.Values{"person": {fmt.Sprint(h.member.ID)}})
	d.Has("main", "No mail came back.")
}
