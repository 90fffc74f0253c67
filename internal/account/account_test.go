package account_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"cmc/forum"
	"cmc/internal/account"
	"cmc/internal/database"
	"cmc/internal/errs"
	"cmc/internal/i18n"
	"cmc/internal/mail"
	"cmc/internal/testkit"
)

// office is a register of accounts, with its mail in the test's hands.
type office struct {
	*account.Accounts
	t       *testing.T
	db      *database.DB
	letters chan mail.Letter
	mu      sync.Mutex
	clock   time.Time
}

func newOffice(t *testing.T, db *database.DB, more ...func(*account.Options)) *office {
	t.Helper()
	texts, err := i18n.Load(os.DirFS(testkit.Root(t)), "en", "es", "fr", "nl")
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, db: db, letters: make(chan mail.Letter, 300), clock: time.UnixMilli(1_800_000_000_000)}
	outbox := mail.NewOutbox(mail.Options{
		From: "forum@example.org", Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler),
		Filed: func(l mail.Letter, _ string) { o.letters <- l },
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { outbox.Run(ctx); close(ended) }()
	t.Cleanup(func() { cancel(); <-ended })
	opt := account.Options{
		DB: db, Outbox: outbox, Texts: texts, Site: "Test", Now: o.now, Key: testkit.Key(t),
		Groups: map[string][]string{"drafting": {"AAA"}},
		Link:   func(lang, path string) string { return "https://example.org/" + lang + path },
	}
	for _, set := range more {
		set(&opt)
	}
	o.Accounts = account.New(opt)
	err = o.SeedDelegations(t.Context(), []forum.Delegation{
		{Code: "AAA", Kind: forum.KindMember, Names: map[string]string{"en": "Aland"}},
		{Code: "SEC", Kind: forum.KindSecretariat, Names: map[string]string{"en": "Secretariat"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *office) now() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.clock
}

func (o *office) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.clock = o.clock.Add(d)
}

func offices(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	testkit.Databases(t, func(t *testing.T, db *database.DB) { test(t, newOffice(t, db)) })
}

var (
	codeIn = regexp.MustCompile(`\n\s*([A-Z0-9]{4}-[A-Z0-9]{4})\n`)
	linkIn = regexp.MustCompile(`https://example\.org\S+token=(\S+)`)
)

// mailed waits for the next mail and returns the code and the token in it.
func (o *office) mailed(to string) (code, link string) {
	o.t.Helper()
	var l mail.Letter
	select {
	case l = <-o.letters:
	case <-o.t.Context().Done():
		o.t.Fatal("no mail came")
	}
	if l.To != to {
		o.t.Fatalf("mail went to %q, want %q", l.To, to)
	}
	if found := codeIn.FindStringSubmatch(l.Text); found != nil {
		code = found[1]
	}
	if found := linkIn.FindStringSubmatch(l.Text); found != nil {
		link = found[1]
	}
	if link == "" || strings.Contains(l.Text+l.Subject, "⟦") {
		o.t.Fatalf("mail = %q: %q", l.Subject, l.Text)
	}
	return code, link
}

func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// member invites somebody and takes them through the whole ceremony.
func (o *office) member(address string, role forum.Role, delegation string) (forum.Member, string) {
	o.t.Helper()
	ctx, text := o.t.Context(), must[string](o.t)
	text(o.Invite(ctx, account.Operator(), account.Invite{Address: address, Role: role, Delegation: delegation, Lang: "en"}))
	_, invitation := o.mailed(address)
	device := text(o.Accept(ctx, account.Acceptance{Token: invitation, Name: "Ana", Lang: "es"}))
	code, _ := o.mailed(address)
	session := text(o.WithCode(ctx, device, code, ""))
	if role == forum.RoleSecretariat {
		o.addApp(session)
	}
	return must[forum.Member](o.t)(o.Lookup(ctx, session)), session
}

// addApp sets an authenticator app up for whoever waits behind a session, and
// returns its secret and the recovery codes.
func (o *office) addApp(session string) (secret string, codes []string) {
	o.t.Helper()
	m := must[forum.Member](o.t)(o.Waiting(o.t.Context(), session))
	secret = account.NewAppSecret()
	return secret, must[[]string](o.t)(o.AddApp(o.t.Context(), m, secret, testkit.TOTP(o.t, secret, o.now())))
}

func wantKind(t *testing.T, what string, err error, want errs.Kind) {
	t.Helper()
	if err == nil || errs.KindOf(err) != want {
		t.Errorf("%s = %v, want an error of kind %s", what, err, want)
	}
}

func TestFromInvitationToSignOut(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		m, session := o.member("ana@example.org", forum.RoleFocalPoint, "AAA")
		if m.Name != "Ana" || m.Lang != "es" || m.Role != forum.RoleFocalPoint || m.Delegation.Name("en") != "Aland" || len(m.Groups) != 1 {
			t.Errorf("member = %+v", m)
		}
		device := must[string](t)(o.SignIn(ctx, " ANA@example.org ", "fr"))
		code, _ := o.mailed("ana@example.org")
		second := must[string](t)(o.WithCode(ctx, device, strings.ToLower(strings.ReplaceAll(code, "-", " ")), "Mozilla/5.0 (Windows NT 10.0) Firefox/140"))
		list := must[[]account.Session](t)(o.Sessions(ctx, m))
		if len(list) != 2 || list[0].Agent != "Firefox · Windows" || !list[1].Current {
			t.Errorf("Sessions = %+v", list)
		}
		if err := errors.Join(o.Revoke(ctx, m, list[0].ID), o.SignOut(ctx, session)); err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{session, second, "", "nonsense"} {
			_, err := o.Lookup(ctx, token)
			wantKind(t, "Lookup of an ended session", err, errs.Unauthenticated)
		}
	})
}

func TestOnlyTheSecretariatInvites(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		m, _ := o.member("ana@example.org", forum.RoleFocalPoint, "AAA")
		sec, _ := o.member("sam@example.org", forum.RoleSecretariat, "SEC")
		in := account.Invite{Address: "new@example.org", Role: forum.RoleExpert, Delegation: "AAA"}
		for name, by := range map[string]forum.Member{"a focal point": m, "a visitor": {}} {
			_, err := o.Invite(t.Context(), by, in)
			wantKind(t, "Invite by "+name, err, errs.Denied)
		}
		if _, err := o.Invite(t.Context(), sec, in); err != nil {
			t.Errorf("Invite by the secretariat = %v", err)
		}
		for name, wrong := range map[string]account.Invite{
			"no address":                      {Role: forum.RoleExpert, Delegation: "AAA"},
			"two addresses":                   {Address: "a@example.org, b@example.org", Role: forum.RoleExpert, Delegation: "AAA"},
			"a header in the address":         {Address: "a@example.org\r\nBcc: b@example.org", Role: forum.RoleExpert, Delegation: "AAA"},
			"an unknown delegation":           {Address: "a@example.org", Role: forum.RoleExpert, Delegation: "XXX"},
			"an unknown role":                 {Address: "a@example.org", Role: "king", Delegation: "AAA"},
			"a secretariat role for a member": {Address: "a@example.org", Role: forum.RoleSecretariat, Delegation: "AAA"},
		} {
			_, err := o.Invite(t.Context(), account.Operator(), wrong)
			wantKind(t, "Invite with "+name, err, errs.Invalid)
		}
	})
}

func TestTheSecretariatEnrolsOnce(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		ctx, text := t.Context(), must[string](t)
		old := text(o.Enrolment(ctx))
		token := text(o.Enrolment(ctx)) // a second start
		_, err := o.Invitation(ctx, old)
		wantKind(t, "the link of an earlier start", err, errs.NotFound)
		_, err = o.Accept(ctx, account.Acceptance{Token: token, Name: "Sam", Address: "nobody"})
		wantKind(t, "Accept without an address", err, errs.Invalid)
		device := text(o.Accept(ctx, account.Acceptance{Token: token, Name: "Sam", Address: "sam@example.org"}))
		_, link := o.mailed("sam@example.org")
		session := text(o.WithLink(ctx, device, link, ""))
		o.addApp(session)
		m := must[forum.Member](t)(o.Lookup(ctx, session))
		if !m.Secretariat() {
			t.Errorf("enrolled member = %+v, want the secretariat", m)
		}
		if again := text(o.Enrolment(ctx)); again != "" {
			t.Error("Enrolment gives a link although somebody has enrolled")
		}
		_, err = o.Accept(ctx, account.Acceptance{Token: token, Name: "Eve", Address: "eve@example.org"})
		wantKind(t, "Accept of a used link", err, errs.NotFound)
	})
}

func TestANewSeatReplacesTheFormer(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		first, session := o.member("ana@example.org", forum.RoleExpert, "AAA")
		second, _ := o.member("ana@example.org", forum.RoleFocalPoint, "AAA")
		if first.ID != second.ID || first.Seat == second.Seat {
			t.Errorf("members %+v and %+v, want one person in another seat", first, second)
		}
		now := must[forum.Member](t)(o.Lookup(t.Context(), session))
		if now.Role != forum.RoleFocalPoint {
			t.Errorf("an older session has the role %s, want that of the present seat", now.Role)
		}
		heir, _ := o.member("bo@example.org", forum.RoleExpert, "AAA")
		if heir.Seat != first.Seat {
			t.Errorf("the heir has seat %d, want the vacant one, %d", heir.Seat, first.Seat)
		}
	})
}
