package account_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cmc/forum"
	"cmc/internal/account"
	"cmc/internal/errs"
	"cmc/internal/testkit"
)

// keyed gives a member a passkey.
func (o *office) keyed(m forum.Member) *device {
	o.t.Helper()
	d := newDevice(o.t, fmt.Sprintf("person:%d", m.ID))
	options, cookie, err := o.OfferPasskey(o.t.Context(), m)
	if err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.AddPasskey(o.t.Context(), m, cookie, d.create(options), "Firefox Linux"); err != nil {
		o.t.Fatal(err)
	}
	return d
}

// show signs in with a passkey; m is the zero Member but for a second step.
func (o *office) show(d *device, m forum.Member) (string, error) {
	o.t.Helper()
	options, cookie, err := o.AskPasskey(o.t.Context(), m)
	if err != nil {
		return "", err
	}
	return o.WithPasskey(o.t.Context(), cookie, d.get(options), "")
}

func TestAPasskeyOpensOneDoorForItsOwner(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		ana, _ := o.member("ana@example.org", forum.RoleExpert, "AAA")
		key := o.keyed(ana)
		token := must[string](t)(o.show(key, forum.Member{}))
		if m := must[forum.Member](t)(o.Lookup(ctx, token)); m.ID != ana.ID {
			t.Errorf("the passkey opens %+v, want Ana", m)
		}
		second := o.signIn("ana@example.org")
		waits := must[forum.Member](t)(o.Waiting(ctx, second))
		must[forum.Member](t)(o.Lookup(ctx, must[string](t)(o.show(key, waits))))
		f := must[account.Factors](t)(o.Factors(ctx, ana))
		if len(f.Passkeys) != 1 || f.Passkeys[0].UsedAt.IsZero() || f.Codes != 10 {
			t.Errorf("Factors = %+v", f)
		}

		// What was answered once counts never again, nor elsewhere, nor late.
		options, cookie, err := o.AskPasskey(ctx, forum.Member{})
		if err != nil {
			t.Fatal(err)
		}
		answer := key.get(options)
		_, err = o.WithPasskey(ctx, "another browser's", answer, "")
		wantKind(t, "an answer in another browser", err, errs.Denied)
		must[string](t)(o.WithPasskey(ctx, cookie, answer, ""))
		_, err = o.WithPasskey(ctx, cookie, answer, "")
		wantKind(t, "an answer a second time", err, errs.Denied)
		_, cookie, err = o.AskPasskey(ctx, forum.Member{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = o.WithPasskey(ctx, cookie, answer, "")
		wantKind(t, "an answer to an earlier question", err, errs.Denied)
		options, cookie, err = o.AskPasskey(ctx, forum.Member{})
		if err != nil {
			t.Fatal(err)
		}
		o.pass(account.CeremonyLife)
		_, err = o.WithPasskey(ctx, cookie, key.get(options), "")
		wantKind(t, "a late answer", err, errs.Denied)
	})
}

func TestAPasskeyThatLiesIsRefused(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		sec, _ := o.member("sam@example.org", forum.RoleSecretariat, "SEC")
		ana, _ := o.member("ana@example.org", forum.RoleExpert, "AAA")
		bo, _ := o.member("bo@example.org", forum.RoleExpert, "AAA")
		anas, bos := o.keyed(ana), o.keyed(bo)
		for name, lie := range map[string]func(d *device){
			"without its owner's finger":      func(d *device) { d.flags = present },
			"for another site":                func(d *device) { d.origin = "https://example.org.evil.example" },
			"for this site without TLS":       func(d *device) { d.origin = "http://example.org" },
			"in another person's name":        func(d *device) { d.owner = fmt.Sprintf("person:%d", bo.ID) },
			"with another key's signature":    func(d *device) { d.key = newDevice(t, "").key },
			"that nobody has":                 func(d *device) { d.id = []byte("0123456789abcdef") },
			"of another person, as their own": func(d *device) { d.id = bos.id },
			"whose counter went back":         func(d *device) { d.counter = 0 },
		} {
			liar := *anas
			lie(&liar)
			if token, err := o.show(&liar, forum.Member{}); token != "" || errs.KindOf(err) != errs.Denied {
				t.Errorf("a passkey %s = %q, %v, want Denied", name, token, err)
			}
		}
		waits := must[forum.Member](t)(o.Waiting(ctx, o.signIn("ana@example.org")))
		_, err := o.show(bos, waits)
		wantKind(t, "another person's passkey as second step", err, errs.Denied)

		options, cookie, err := o.OfferPasskey(ctx, ana)
		if err != nil {
			t.Fatal(err)
		}
		_, err = o.AddPasskey(ctx, bo, cookie, newDevice(t, "").create(options), "")
		wantKind(t, "a passkey offered to somebody else", err, errs.Denied)
		options, cookie, err = o.OfferPasskey(ctx, ana)
		if err != nil {
			t.Fatal(err)
		}
		weak := newDevice(t, "")
		weak.flags = present
		_, err = o.AddPasskey(ctx, ana, cookie, weak.create(options), "")
		wantKind(t, "a new passkey without its owner's finger", err, errs.Denied)
		_, _, err = o.AskPasskey(ctx, waits)
		if err != nil {
			t.Errorf("AskPasskey afterwards = %v", err)
		}

		if err := o.Suspend(ctx, sec, ana.ID, "why"); err != nil {
			t.Fatal(err)
		}
		_, err = o.show(anas, forum.Member{})
		wantKind(t, "a suspended person's passkey", err, errs.Denied)
	})
}

func TestACodeShownTwiceAtOnceCountsOnce(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		m, _ := o.member("sam@example.org", forum.RoleSecretariat, "SEC")
		secret, codes := o.reset(m)
		o.pass(time.Minute)
		for _, code := range []string{testkit.TOTP(t, secret, o.now()), codes[0]} {
			sessions := []string{o.signIn("sam@example.org"), o.signIn("sam@example.org"), o.signIn("sam@example.org")}
			var through atomic.Int32
			var all sync.WaitGroup
			for _, session := range sessions {
				all.Go(func() {
					if o.WithFactor(t.Context(), session, code) == nil {
						through.Add(1)
					}
				})
			}
			all.Wait()
			if got := through.Load(); got != 1 {
				t.Errorf("one code lets %d sessions through, want 1", got)
			}
		}
	})
}
