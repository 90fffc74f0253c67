package account_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"cmc/forum"
	"cmc/internal/account"
	"cmc/internal/errs"
	"cmc/internal/testkit"
)

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
