package account_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cmc/forum"
	"cmc/internal/account"
	"cmc/internal/audit"
	"cmc/internal/database"
	"cmc/internal/errs"
	"cmc/internal/testkit"
)

// signIn takes the first step with a code by mail.
func (o *office) signIn(address string) (session string) {
	o.t.Helper()
	text := must[string](o.t)
	device := text(o.SignIn(o.t.Context(), address, "en"))
	code, _ := o.mailed(address)
	return text(o.WithCode(o.t.Context(), device, code, ""))
}

func TestTheSecretariatNeedsASecondStep(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		m, _ := o.member("sam@example.org", forum.RoleSecretariat, "SEC")
		secret, codes := o.reset(m)
		session := o.signIn("sam@example.org")
		_, err := o.Lookup(ctx, session)
		wantKind(t, "Lookup before the second step", err, errs.Unauthenticated)
		code := testkit.TOTP(t, secret, o.now())
		for name, wrong := range map[string]string{
			"nothing": "", "a word": "secret", "another code": "000000", "the code that set it up": code,
		} {
			wantKind(t, "WithFactor with "+name, o.WithFactor(ctx, session, wrong), errs.Invalid)
		}
		o.pass(time.Minute)
		code = testkit.TOTP(t, secret, o.now())
		if err := o.WithFactor(ctx, session, code[:3]+" "+code[3:]); err != nil {
			t.Fatalf("WithFactor with the right code = %v", err)
		}
		if now := must[forum.Member](t)(o.Lookup(ctx, session)); !now.Secretariat() {
			t.Errorf("after the second step: %+v", now)
		}
		second := o.signIn("sam@example.org")
		wantKind(t, "WithFactor with a code that was used", o.WithFactor(ctx, second, code), errs.Invalid)
		if err := o.WithFactor(ctx, second, strings.ToLower(codes[3])); err != nil {
			t.Errorf("WithFactor with a recovery code = %v", err)
		}
		third := o.signIn("sam@example.org")
		wantKind(t, "WithFactor with a used recovery code", o.WithFactor(ctx, third, codes[3]), errs.Invalid)
		wantKind(t, "WithFactor of a session that is none", o.WithFactor(ctx, "nonsense", codes[4]), errs.Unauthenticated)
		if _, err := audit.Verify(ctx, o.db); err != nil {
			t.Error(err)
		}
	})
}

// reset gives a strong member another app, and returns its secret and new
// recovery codes.
func (o *office) reset(m forum.Member) (secret string, codes []string) {
	o.t.Helper()
	secret = account.NewAppSecret()
	if _, err := o.AddApp(o.t.Context(), m, secret, testkit.TOTP(o.t, secret, o.now())); err != nil {
		o.t.Fatal(err)
	}
	return secret, must[[]string](o.t)(o.RenewCodes(o.t.Context(), m))
}

func TestTenTriesAtASecondStepAreEnough(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		m, _ := o.member("sam@example.org", forum.RoleSecretariat, "SEC")
		_, codes := o.reset(m)
		session := o.signIn("sam@example.org")
		for range 10 {
			wantKind(t, "a wrong try", o.WithFactor(t.Context(), session, "000000"), errs.Invalid)
		}
		wantKind(t, "the right code after ten wrong ones", o.WithFactor(t.Context(), session, codes[0]), errs.TooMany)
		o.pass(time.Hour + time.Second)
		if err := o.WithFactor(t.Context(), session, codes[0]); err != nil {
			t.Errorf("WithFactor an hour later = %v", err)
		}
	})
}

func TestAMailboxAloneChangesNoFactor(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		m, first := o.member("ana@example.org", forum.RoleExpert, "AAA")
		other := o.signIn("ana@example.org")
		if f := must[account.Factors](t)(o.Factors(ctx, m)); f.Any() || f.Required {
			t.Errorf("Factors of a delegate = %+v", f)
		}
		secret := account.NewAppSecret()
		codes := must[[]string](t)(o.AddApp(ctx, m, secret, testkit.TOTP(t, secret, o.now())))
		if len(codes) != 10 {
			t.Errorf("%d recovery codes", len(codes))
		}
		must[forum.Member](t)(o.Lookup(ctx, first))
		_, err := o.Lookup(ctx, other)
		wantKind(t, "Lookup of a device that has not shown the new factor", err, errs.Unauthenticated)

		thief := must[forum.Member](t)(o.Waiting(ctx, other))
		_, err = o.AddApp(ctx, thief, secret, testkit.TOTP(t, secret, o.now()))
		wantKind(t, "AddApp with a mailbox alone", err, errs.Unauthenticated)
		_, err = o.RenewCodes(ctx, thief)
		wantKind(t, "RenewCodes with a mailbox alone", err, errs.Unauthenticated)
		wantKind(t, "RemoveApp with a mailbox alone", o.RemoveApp(ctx, thief), errs.Unauthenticated)

		if err := o.RemoveApp(ctx, m); err != nil {
			t.Fatal(err)
		}
		must[forum.Member](t)(o.Lookup(ctx, other)) // nothing is asked any more
		if f := must[account.Factors](t)(o.Factors(ctx, m)); f.Any() || f.Codes != 0 {
			t.Errorf("Factors after the last was removed = %+v", f)
		}
	})
}

func TestTheSecretariatKeepsItsLastFactor(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		m, _ := o.member("sam@example.org", forum.RoleSecretariat, "SEC")
		wantKind(t, "RemoveApp of the only one", o.RemoveApp(t.Context(), m), errs.Conflict)
		if f := must[account.Factors](t)(o.Factors(t.Context(), m)); f.App.IsZero() || f.Codes != 10 || !f.Required {
			t.Errorf("Factors = %+v", f)
		}
	})
}

// dump is a column of text, row after row.
func (o *office) dump(query string) string {
	o.t.Helper()
	rows, err := o.db.Reader().QueryContext(o.t.Context(), query)
	if err != nil {
		o.t.Fatal(err)
	}
	defer rows.Close()
	var all strings.Builder
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			o.t.Fatal(err)
		}
		all.WriteString(s + "\n")
	}
	if err := rows.Err(); err != nil || all.Len() == 0 {
		o.t.Fatalf("%s: nothing, %v", query, err)
	}
	return all.String()
}

func TestAStolenDatabaseOpensNoSecondStep(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		m, _ := o.member("sam@example.org", forum.RoleSecretariat, "SEC")
		secret, codes := o.reset(m)
		dump := o.dump(`SELECT secret FROM authenticators UNION ALL SELECT code_hash FROM recovery_codes`)
		for _, plain := range append(codes, secret, strings.ReplaceAll(codes[0], "-", "")) {
			if strings.Contains(dump, plain) {
				t.Errorf("the database holds %s as it is", plain)
			}
		}
		// Another person's sealed secret put into one's own row doesn't open.
		thief, _ := o.member("eve@example.org", forum.RoleExpert, "AAA")
		err := o.db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE authenticators SET person = $1 WHERE person = $2`, thief.ID, m.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		session := o.signIn("eve@example.org")
		wantKind(t, "WithFactor with a moved secret", o.WithFactor(t.Context(), session, testkit.TOTP(t, secret, o.now())), errs.Internal)
	})
}
