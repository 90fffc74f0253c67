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
	"cmc/internal/testkit"
)

// office is a register of accounts, with its mail in the test's hands.
type office struct {
	*account.Accounts
	t       *testing.T
	db      *database.DB
	letters chan account.Letter
	mu      sync.Mutex
	clock   time.Time
}

func newOffice(t *testing.T, db *database.DB) *office {
	t.Helper()
	texts, err := i18n.Load(os.DirFS(testkit.Root(t)), "en", "es", "fr", "nl")
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, db: db, letters: make(chan account.Letter, 300), clock: time.UnixMilli(1_800_000_000_000)}
	outbox := account.NewOutbox(account.MailOptions{
		From: "forum@example.org", Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler),
		Filed: func(l account.Letter, _ string) { o.letters <- l },
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { outbox.Run(ctx); close(ended) }()
	t.Cleanup(func() { cancel(); <-ended })
	o.Accounts = account.New(account.Options{
		DB: db, Outbox: outbox, Texts: texts, Site: "Test", Now: o.now,
		Groups: map[string][]string{"drafting": {"AAA"}},
		Link:   func(lang, path string) string { return "https://example.org/" + lang + path },
	})
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
	var l account.Letter
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
	return must[forum.Member](o.t)(o.Lookup(ctx, session)), session
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
		m := must[forum.Member](t)(o.Lookup(ctx, text(o.WithLink(ctx, device, link, ""))))
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

// TestAMailScannerGainsAndBreaksNothing plays a scanner that opens every link
// of every mail and submits every form, from a browser of its own, again and
// again, before the person does.
func TestAMailScannerGainsAndBreaksNothing(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		ctx, text := t.Context(), must[string](t)
		const address = "ana@example.org"
		text(o.Invite(ctx, account.Operator(), account.Invite{Address: address, Role: forum.RoleExpert, Delegation: "AAA"}))
		_, invitation := o.mailed(address)
		scan := func(link string) {
			for _, device := range []string{"", "a cookie of its own"} {
				if ready, err := o.LinkReady(ctx, device, link); ready || err != nil {
					t.Errorf("LinkReady for a scanner = %t, %v; want false", ready, err)
				}
				_, err := o.WithLink(ctx, device, link, "scanner")
				wantKind(t, "WithLink of a scanner", err, errs.Denied)
				_, err = o.WithCode(ctx, device, "", "scanner")
				wantKind(t, "WithCode of a scanner", err, errs.Invalid)
			}
		}
		for range 3 {
			if _, err := o.Invitation(ctx, invitation); err != nil {
				t.Fatal(err)
			}
			device := text(o.Accept(ctx, account.Acceptance{Token: invitation, Name: "scanner"}))
			_, link := o.mailed(address)
			scan(link)
			_, err := o.WithCode(ctx, device, "", "scanner") // it submits the empty form that it was shown
			wantKind(t, "WithCode of a scanner", err, errs.Invalid)
		}
		device := text(o.Accept(ctx, account.Acceptance{Token: invitation, Name: "Ana"}))
		code, link := o.mailed(address)
		scan(link)
		m := must[forum.Member](t)(o.Lookup(ctx, text(o.WithCode(ctx, device, code, ""))))
		if m.Name != "Ana" {
			t.Errorf("the person is called %q", m.Name)
		}
		device = text(o.SignIn(ctx, address, "en"))
		_, link = o.mailed(address)
		scan(link)
		if ready, err := o.LinkReady(ctx, device, link); !ready || err != nil {
			t.Errorf("LinkReady on the device that asked = %t, %v; want true", ready, err)
		}
		text(o.WithLink(ctx, device, link, ""))
		_, err := o.WithLink(ctx, device, link, "")
		wantKind(t, "the same link again", err, errs.Denied)
		if list := must[[]account.Session](t)(o.Sessions(ctx, m)); len(list) != 2 {
			t.Errorf("%d sessions, want the person's two: %+v", len(list), list)
		}
	})
}

func TestAnUnknownAddressBehavesLikeAKnownOne(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		o.member("ana@example.org", forum.RoleExpert, "AAA")
		outcome := func(address string) string {
			var all []string
			note := func(err error) {
				if err == nil {
					all = append(all, "sent")
				} else {
					all = append(all, err.Error())
				}
			}
			var device string
			for range 9 {
				d, err := o.SignIn(t.Context(), address, "en")
				note(err)
				device = d
			}
			for range 6 {
				_, err := o.WithCode(t.Context(), device, "AAAA-AAAA", "")
				note(err)
			}
			_, err := o.SignIn(t.Context(), address, "en")
			note(err)
			_, err = o.SignIn(t.Context(), address, "en")
			note(err)
			return strings.Join(all, "\n")
		}
		o.pass(2 * time.Hour) // forget what the invitation used of the limit
		known, unknown := outcome("ana@example.org"), outcome("eve@example.org")
		if known != unknown {
			t.Errorf("a known address answers\n%s\nan unknown one\n%s", known, unknown)
		}
		if !strings.Contains(known, "too many") || !strings.Contains(known, "account_error_code_late") {
			t.Errorf("the answers %s lack the limit or the end of tries", known)
		}
	})
}

func TestACodeIsGuessedAtMostFiveTimes(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		o.member("ana@example.org", forum.RoleExpert, "AAA")
		device := must[string](t)(o.SignIn(t.Context(), "ana@example.org", "en"))
		code, _ := o.mailed("ana@example.org")
		wrong := "AAAA-AAAA"
		var mu sync.Mutex
		answers := map[string]int{}
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				_, err := o.WithCode(t.Context(), device, wrong, "")
				mu.Lock()
				defer mu.Unlock()
				answers[err.Error()]++
			})
		}
		wg.Wait()
		if got := answers["invalid: account_error_code_wrong (code)"]; got != 5 {
			t.Errorf("answers to 40 guesses at once = %v, want 5 of them looked at", answers)
		}
		_, err := o.WithCode(t.Context(), device, code, "")
		wantKind(t, "the right code after five wrong ones", err, errs.Invalid)
	})
}

func TestSecretsExpire(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		ctx, text := t.Context(), must[string](t)
		_, session := o.member("ana@example.org", forum.RoleExpert, "AAA")
		device := text(o.SignIn(ctx, "ana@example.org", "en"))
		code, link := o.mailed("ana@example.org")
		text(o.Invite(ctx, account.Operator(), account.Invite{Address: "bo@example.org", Role: forum.RoleExpert, Delegation: "AAA"}))
		_, invitation := o.mailed("bo@example.org")
		bo := text(o.Accept(ctx, account.Acceptance{Token: invitation, Name: "Bo"}))
		boCode, _ := o.mailed("bo@example.org")
		o.pass(account.CodeLife)
		_, err := o.WithCode(ctx, device, code, "")
		wantKind(t, "a late code", err, errs.Invalid)
		_, err = o.WithLink(ctx, device, link, "")
		wantKind(t, "a late link", err, errs.Denied)
		_, err = o.WithCode(ctx, bo, boCode, "")
		wantKind(t, "a late code of an invitation", err, errs.Invalid)
		for range 4 { // in use all the time, and yet it ends
			o.pass(7 * 24 * time.Hour)
			if _, err := o.Lookup(ctx, session); err != nil {
				t.Fatal(err)
			}
		}
		_, err = o.Accept(ctx, account.Acceptance{Token: invitation, Name: "Bo"})
		wantKind(t, "a late invitation", err, errs.NotFound)
		o.pass(2 * 24 * time.Hour)
		_, err = o.Lookup(ctx, session)
		wantKind(t, "a session of thirty days", err, errs.Unauthenticated)
	})
}

func TestASecretIsNowhereInTheDatabase(t *testing.T) {
	o := newOffice(t, testkit.OpenDatabase(t, testkit.SQLite(t)))
	_, session := o.member("ana@example.org", forum.RoleExpert, "AAA")
	device := must[string](t)(o.SignIn(t.Context(), "ana@example.org", "en"))
	code, link := o.mailed("ana@example.org")
	for _, query := range []string{`SELECT device_hash || link_hash || code_hash FROM challenges`, `SELECT token_hash FROM sessions`, `SELECT token_hash FROM invitations`} {
		rows, err := o.db.Reader().QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for ; rows.Next(); n++ {
			var kept string
			if err := rows.Scan(&kept); err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{session, device, code, strings.ReplaceAll(code, "-", ""), link} {
				if strings.Contains(kept, secret) {
					t.Errorf("%s holds a secret", query)
				}
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil || n == 0 {
			t.Errorf("%s: %d rows, %v", query, n, err)
		}
	}
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
