package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cmc/forum"
	"cmc/forum/live"
	"cmc/forum/store"
	"cmc/internal/account"
	accountweb "cmc/internal/account/web"
	"cmc/internal/database"
	"cmc/internal/errs"
	"cmc/internal/i18n"
	"cmc/internal/mail"
	"cmc/internal/middleware"
	"cmc/internal/page"
	"cmc/internal/testkit"
)

// house is the forum as it is served: a real database, the real accounts, the
// whole middleware, a server on a port.
type house struct {
	t        *testing.T
	address  string
	accounts *account.Accounts
	store    *store.Store
	pages    *page.Set
	letters  chan mail.Letter
	hub      atomic.Pointer[live.Hub] // nil while the line is cut
	mu       sync.Mutex
	now      time.Time
	stamp    atomic.Pointer[string] // of every record
}

func delegation(code, name string, kind forum.DelegationKind) forum.Delegation {
	return forum.Delegation{Code: code, Kind: kind, Names: map[string]string{"en": name}}
}

// frame is a page with the forum's scripts, unbundled.
const frame = `<!doctype html>
<html lang="en">
<head><title>[[ .Title ]]</title>[[ if .NoIndex ]]<meta name="robots" content="noindex">[[ end ]]<link rel="icon" href="/assets/none.svg"></head>
<body><main>[[ template "main" . ]]</main>
<script type="module" src="/assets/js/forum.js"></script></body>
</html>`

func newHouse(t *testing.T, db *database.DB) *house {
	t.Helper()
	cat, err := i18n.Load(os.DirFS(testkit.Root(t)), "en", "es", "fr", "nl")
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	h := &house{t: t, letters: make(chan mail.Letter, 20), now: time.Now()}
	h.stamp.Store(new(string))
	outbox := mail.NewOutbox(mail.Options{
		From: "forum@localhost", Dir: t.TempDir(), Log: log,
		Filed: func(l mail.Letter, _ string) { h.letters <- l },
	})
	h.accounts = account.New(account.Options{
		DB: db, Outbox: outbox, Texts: cat, Site: "Test", Now: h.clock, Key: testkit.Key(t),
		Link: func(_, path string) string { return h.address + path },
	})
	h.store = store.New(db, h.clock)
	h.seed(t.Context())
	h.pages = page.NewSet(cat, log)
	h.serve(cat, log)

	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var sending sync.WaitGroup
	sending.Go(func() { outbox.Run(ctx) })
	t.Cleanup(func() { cancel(); sending.Wait() })
	return h
}

// connect opens the hub, as after a restart; cut closes it and every socket.
func (h *house) connect() {
	h.hub.Store(live.NewHub(live.Options{Store: h.store, Log: slog.New(slog.DiscardHandler)}))
}

func (h *house) cut() {
	h.t.Helper()
	if hub := h.hub.Swap(nil); hub != nil {
		if err := hub.Close(context.WithoutCancel(h.t.Context())); err != nil {
			h.t.Error(err)
		}
	}
}

// follow feeds the hub from the log until the test ends.
func (h *house) follow(db *database.DB) {
	h.connect()
	ctx, cancel := context.WithCancel(context.WithoutCancel(h.t.Context()))
	var tailing sync.WaitGroup
	tailing.Go(func() {
		err := live.NewTail(db, h.store, slog.New(slog.DiscardHandler)).Run(ctx, 0, func(ctx context.Context, events []forum.Event) error {
			if hub := h.hub.Load(); hub != nil {
				return hub.Publish(ctx, events)
			}
			return nil
		})
		if ctx.Err() == nil {
			h.t.Errorf("the tail ended: %v", err)
		}
	})
	h.t.Cleanup(func() { h.cut(); cancel(); tailing.Wait() })
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(time.Second)
	return h.now
}

// later lets time pass.
func (h *house) later(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func (h *house) seed(ctx context.Context) {
	h.t.Helper()
	if err := h.accounts.SeedDelegations(ctx, []forum.Delegation{
		delegation("LCA", "Saint Lucia", forum.KindMember),
		delegation("BHS", "Bahamas", forum.KindMember),
		delegation("NOR", "Norway", forum.KindObserver),
		delegation("SEC", "Secretariat", forum.KindSecretariat),
	}); err != nil {
		h.t.Fatal(err)
	}
	if err := h.store.SeedRooms(ctx, []forum.Room{
		{Slug: "open", Titles: map[string]string{"en": "Public exchange", "es": "Intercambio"}, Visibility: forum.Public, Policy: forum.Attributed},
		{Slug: "closed", Titles: map[string]string{"en": "Delegations"}, Visibility: forum.Members, Policy: forum.Attributed},
	}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) serve(cat *i18n.Catalogue, log *slog.Logger) {
	h.t.Helper()
	door := accountweb.New(h.accounts, h.pages, false)
	rooms := New(Options{
		Store: h.store, Pages: h.pages, Member: accountweb.Member,
		Site: func(string) string { return "Test" }, Absolute: func(path string) string { return h.address + path }, Now: h.clock,
		Live: func(w http.ResponseWriter, r *http.Request) error {
			hub := h.hub.Load()
			if hub == nil {
				return errs.New(errs.Unavailable, "error_unavailable")
			}
			return hub.Serve(w, r, door.Lookup(r))
		},
		Record: func(id, _ string) (string, string, bool) {
			return "Transfer <Mechanism>", "/practices/rrtm/", id == "practice-rrtm"
		},
		Stamp: func(string) string { return *h.stamp.Load() },
	})
	mux := http.NewServeMux()
	door.Routes(mux)
	rooms.Routes(mux)
	mux.Handle("GET /assets/", http.StripPrefix("/assets/", http.FileServer(http.Dir(filepath.Join(testkit.Root(h.t), "assets")))))
	if err := h.pages.SetFrames(map[string][]byte{"en": []byte(frame)}); err != nil {
		h.t.Fatal(err)
	}
	names := []string{"forum", "account"}
	stack, err := middleware.Stack(middleware.Options{
		Log: log, Fail: h.pages.Error, Now: time.Now,
		Uploads: func(r *http.Request) int64 {
			if !page.ViewerOf(r.Context()).SignedIn {
				return 0
			}
			return 51 << 20
		},
		Context: []middleware.Middleware{
			func(next http.Handler) http.Handler { return page.Localize(cat, names, next) },
			door.Session(names...),
		},
	}, mux)
	if err != nil {
		h.t.Fatal(err)
	}
	srv := httptest.NewServer(stack)
	h.t.Cleanup(srv.Close)
	h.address = srv.URL
}

// reader is one browser.
type reader struct {
	h      *house
	client *http.Client
}

// answer is what a browser shows: where it ended, and the page.
type answer struct {
	*testkit.Document
	h      *house
	status int
	path   string // with its query
	body   string
}

func (h *house) visitor() *reader {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &reader{h, &http.Client{Jar: jar}}
}

// member is invited, accepts, types the code: the way everybody comes in.
func (h *house) member(name, code string, role forum.Role) *reader {
	h.t.Helper()
	r := h.visitor()
	address, link := h.invite(name, code, role)
	r.get(link.RequestURI()).Has("main", "You are invited")
	r.post("/account/invitation", "token", link.Query().Get("token"), "name", name).Has("h1", "Type your code")
	got := r.post("/account/code", "code", h.code(address))
	if role == forum.RoleSecretariat {
		secret := got.Attr("input[name=secret]", "value")
		r.post("/account/factors/app", "secret", secret, "code", testkit.TOTP(h.t, secret, h.clock())).Has(".code-list code")
		got = r.get("/forum/")
	}
	if got.path != "/forum/" {
		h.t.Fatalf("after the code %s is at %s: %s", name, got.path, got.body)
	}
	return r
}

// invite returns the address that was invited and the link in the letter.
func (h *house) invite(name, code string, role forum.Role) (address string, link *url.URL) {
	h.t.Helper()
	address = strings.NewReplacer(" ", ".", "<", "", ">", "").Replace(strings.ToLower(name)) + "@example.org"
	if _, err := h.accounts.Invite(h.t.Context(), account.Operator(),
		account.Invite{Address: address, Delegation: code, Role: role, Lang: "en"}); err != nil {
		h.t.Fatal(err)
	}
	link, err := url.Parse(h.letter(address).Link)
	if err != nil {
		h.t.Fatal(err)
	}
	return address, link
}

// letter waits for the next mail and checks whom it reaches.
func (h *house) letter(address string) mail.Letter {
	h.t.Helper()
	select {
	case l := <-h.letters:
		if l.To != address {
			h.t.Fatalf("a letter goes to %s, want %s", l.To, address)
		}
		return l
	case <-time.After(10 * time.Second):
		h.t.Fatalf("no letter came for %s", address)
		return mail.Letter{}
	}
}

func (h *house) code(address string) string {
	h.t.Helper()
	code, _, _ := strings.Cut(h.letter(address).Subject, " ")
	return code
}

func (r *reader) get(path string) answer {
	r.h.t.Helper()
	req, err := http.NewRequestWithContext(r.h.t.Context(), http.MethodGet, r.h.address+path, nil)
	if err != nil {
		r.h.t.Fatal(err)
	}
	return r.do(req)
}

// post sends a form of name, value pairs.
func (r *reader) post(path string, pairs ...string) answer {
	r.h.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return r.send(path, form.Encode(), "")
}

func (r *reader) send(path, body, origin string) answer {
	r.h.t.Helper()
	req, err := http.NewRequestWithContext(r.h.t.Context(), http.MethodPost, r.h.address+path, strings.NewReader(body))
	if err != nil {
		r.h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if origin == "" {
		origin = r.h.address
	}
	req.Header.Set("Origin", origin)
	return r.do(req)
}

func (r *reader) do(req *http.Request) answer {
	r.h.t.Helper()
	res, err := r.client.Do(req)
	if err != nil {
		r.h.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		r.h.t.Fatal(err)
	}
	if i := strings.Index(string(body), "⟦"); i >= 0 {
		r.h.t.Errorf("%s shows a text that nobody wrote: %.60s", req.URL.Path, body[i:])
	}
	return answer{testkit.HTML(r.h.t, body), r.h, res.StatusCode, res.Request.URL.RequestURI(), string(body)}
}

// is asserts the status.
func (a answer) is(t *testing.T, status int) answer {
	t.Helper()
	if a.status != status {
		t.Errorf("%s answers %d, want %d: %.300s", a.path, a.status, status, a.body)
	}
	return a
}

// form returns the fields of the form that posts to action, filled as shown.
func (a answer) form(action string) []string {
	var pairs []string
	names := a.Attrs(`form[action^="`+action+`"] input[type=hidden]`, "name")
	values := a.Attrs(`form[action^="`+action+`"] input[type=hidden]`, "value")
	for i := range names {
		pairs = append(pairs, names[i], values[i])
	}
	return pairs
}

// Has, Lacks and Count are the document's, and go on with the answer.
func (a answer) Has(selector string, texts ...string) answer {
	a.h.t.Helper()
	a.Document.Has(selector, texts...)
	return a
}

func (a answer) Lacks(selector string, texts ...string) answer {
	a.h.t.Helper()
	a.Document.Lacks(selector, texts...)
	return a
}

func (a answer) Count(selector string, want int) answer {
	a.h.t.Helper()
	a.Document.Count(selector, want)
	return a
}
