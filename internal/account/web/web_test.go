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
	"testing"
	"time"

	"github.com/jba/templatecheck"

	"cmc/forum"
	"cmc/internal/account"
	"cmc/internal/i18n"
	"cmc/internal/mail"
	"cmc/internal/middleware"
	"cmc/internal/page"
	"cmc/internal/testkit"
)

const ana = "ana@example.org"

// frame is a page with the house's styles and the room's script, unbundled.
const frame = `<!doctype html>
<html lang="en">
<head><title>[[ .Title ]]</title>[[ if .NoIndex ]]<meta name="robots" content="noindex">[[ end ]]<link rel="icon" href="/assets/none.svg"><link rel="stylesheet" href="/assets/css/main.css"></head>
<body><main>[[ template "main" . ]]</main>
<script type="module" src="/assets/js/passkey.js"></script></body>
</html>`

// journal is the program's log, for tests to read.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(line)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// door is the room behind the whole middleware, with a real database.
type door struct {
	t        *testing.T
	address  string
	accounts *account.Accounts
	pages    *page.Set
	letters  chan mail.Letter
	log      *journal
}

func newDoor(t *testing.T, secure bool, houses ...account.OpenID) *door {
	t.Helper()
	cat, err := i18n.Load(os.DirFS(testkit.Root(t)), "en", "es", "fr", "nl")
	if err != nil {
		t.Fatal(err)
	}
	kept := &journal{}
	log := slog.New(slog.NewTextHandler(kept, &slog.HandlerOptions{Level: slog.LevelDebug}))
	d := &door{t: t, log: kept, letters: make(chan mail.Letter, 20), pages: page.NewSet(cat, log)}
	outbox := mail.NewOutbox(mail.Options{
		From: "forum@localhost", Dir: t.TempDir(), Log: log,
		Filed: func(l mail.Letter, _ string) { d.letters <- l },
	})
	d.accounts = account.New(account.Options{
		DB: testkit.OpenDatabase(t, testkit.SQLite(t)), Outbox: outbox, Texts: cat, Site: "Test", Key: testkit.Key(t), OpenID: houses,
		Link: func(_, path string) string { return d.address + path },
	})
	if err := d.accounts.SeedDelegations(t.Context(), []forum.Delegation{
		{Code: "LCA", Kind: forum.KindMember, Names: map[string]string{"en": "Saint Lucia"}},
		{Code: "SEC", Kind: forum.KindSecretariat, Names: map[string]string{"en": "Secretariat"}},
	}); err != nil {
		t.Fatal(err)
	}
	d.serve(cat, log, secure)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var sending sync.WaitGroup
	sending.Go(func() { outbox.Run(ctx) })
	t.Cleanup(func() { cancel(); sending.Wait() })
	return d
}

func (d *door) serve(cat *i18n.Catalogue, log *slog.Logger, secure bool) {
	web := New(d.accounts, d.pages, secure)
	mux := http.NewServeMux()
	web.Routes(mux)
	mux.Handle("GET /forum/{$}", d.pages.Handle(func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, err := io.WriteString(w, "<main>rooms for "+Member(r.Context()).Name+"</main>")
		return err
	}))
	mux.HandleFunc("POST /forum/topics/3/posts", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "<main>"+Member(r.Context()).Name+" wrote "+r.PostForm.Get("keep_body")+"</main>")
	})
	mux.Handle("GET /assets/", http.StripPrefix("/assets/", http.FileServer(http.Dir(filepath.Join(testkit.Root(d.t), "assets")))))
	if err := d.pages.SetFrames(map[string][]byte{"en": []byte(frame)}); err != nil {
		d.t.Fatal(err)
	}
	rooms := []string{"forum", "account"}
	stack, err := middleware.Stack(middleware.Options{
		Log: log, Fail: d.pages.Error, Now: time.Now,
		Context: []middleware.Middleware{
			func(next http.Handler) http.Handler { return page.Localize(cat, rooms, next) },
			web.Session(rooms...),
		},
	}, mux)
	if err != nil {
		d.t.Fatal(err)
	}
	srv := httptest.NewServer(stack)
	d.t.Cleanup(srv.Close)
	d.address = strings.Replace(srv.URL, "127.0.0.1", "localhost", 1) // passkeys need a name
}

// browser follows redirects and keeps cookies.
type browser struct {
	d      *door
	client *http.Client
}

type shown struct {
	*testkit.Document
	status int
	path   string
	header http.Header
}

func (d *door) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return &browser{d, &http.Client{Jar: jar}}
}

func (b *browser) get(path string) shown { return b.do(http.MethodGet, path, nil) }

func (b *browser) post(path string, pairs ...string) shown {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return b.do(http.MethodPost, path, form)
}

func (b *browser) do(method, path string, form url.Values) shown {
	b.d.t.Helper()
	r, err := http.NewRequestWithContext(b.d.t.Context(), method, b.d.address+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.d.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	res, err := b.client.Do(r)
	if err != nil {
		b.d.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.d.t.Fatal(err)
	}
	if strings.Contains(string(body), "⟦") {
		b.d.t.Errorf("%s shows a text that nobody wrote: %s", path, body)
	}
	return shown{testkit.HTML(b.d.t, body), res.StatusCode, res.Request.URL.RequestURI(), res.Header}
}

func (d *door) letter() mail.Letter {
	d.t.Helper()
	select {
	case l := <-d.letters:
		return l
	case <-time.After(10 * time.Second):
		d.t.Fatal("no letter came")
		return mail.Letter{}
	}
}

// typed is the code of a letter as somebody types it.
func typed(l mail.Letter) string {
	code, _, _ := strings.Cut(l.Subject, " ")
	return " " + strings.ToLower(code)
}

// linkOf is the address of a letter's link, without the host.
func (d *door) linkOf(l mail.Letter) string {
	d.t.Helper()
	path, ok := strings.CutPrefix(l.Link, d.address)
	if !ok {
		d.t.Fatalf("the link %s leads elsewhere", l.Link)
	}
	return path
}

// enrol invites ana and lets her in.
func (d *door) enrol() *browser {
	d.t.Helper()
	if _, err := d.accounts.Invite(d.t.Context(), account.Operator(),
		account.Invite{Address: ana, Delegation: "LCA", Role: forum.RoleFocalPoint, Lang: "en"}); err != nil {
		d.t.Fatal(err)
	}
	path := d.linkOf(d.letter())
	b := d.browser()
	b.get(path).Has("main", "You are invited to take part for Saint Lucia, as focal point").Lacks("#address")
	_, token, _ := strings.Cut(path, "token=")
	token, _ = url.QueryUnescape(token)
	b.post("/account/invitation", "token", token, "name", "").Has(`.error-summary a[href="#name"]`).Has("#name-error")
	b.post("/account/invitation", "token", token, "name", "Ana Joseph").Has("h1", "Type your code")
	if got := b.post("/account/code", "code", typed(d.letter())); got.path != "/forum/" {
		d.t.Fatalf("the code leads to %s", got.path)
	}
	return b
}

func TestEveryTemplateFitsItsPage(t *testing.T) {
	d := newDoor(t, false)
	for name, data := range map[string]any{
		"account/account":    accountPage{},
		"account/code":       codePage{},
		"account/codes":      codesPage{},
		"account/delegation": delegationPage{},
		"account/factor":     factorPage{},
		"account/members":    membersPage{},
		"account/factors":    factorsPage{},
		"account/set-up":     setUpPage{},
		"account/invitation": invitationPage{},
		"account/link":       linkPage{},
		"account/openid":     openIDPage{},
		"account/sign-in":    signInPage{},
		"account/sign-out":   signOutPage{},
		"account/stop":       stopPage{},
		"account/vouch":      vouchPage{},
		"account/erase":      erasePage{},
	} {
		if err := templatecheck.CheckHTML(d.pages.Lookup(name, "en").Lookup("frame"), data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
