package account_test

import (
	"strings"
	"testing"
	"time"

	"cmc/forum"
	"cmc/internal/account"
	"cmc/internal/audit"
	"cmc/internal/errs"
	"cmc/internal/mail"
)

// asked returns the one request that waits.
func (o *office) asked(by forum.Member) account.Recovery {
	o.t.Helper()
	list := must[[]account.Recovery](o.t)(o.Recoveries(o.t.Context(), by))
	if len(list) != 1 {
		o.t.Fatalf("requests = %+v, want one", list)
	}
	return list[0]
}

// warning is the letter to the old mailbox, and what is in it.
func (o *office) warning(to string) (token, code string) {
	o.t.Helper()
	var l mail.Letter
	select {
	case l = <-o.letters:
	case <-o.t.Context().Done():
	}
	link, typed := linkIn.FindStringSubmatch(l.Text), codeIn.FindStringSubmatch(l.Text+"\n")
	if l.To != to || link == nil || typed == nil {
		o.t.Fatalf("the warning is %+v, want a link and a code to %s", l, to)
	}
	return link[1], typed[1]
}

func TestTwoOthersBringAPersonBack(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		sec, _ := o.member("sam@example.org", forum.RoleSecretariat, "SEC")
		ana, _ := o.member("ana@example.org", forum.RoleFocalPoint, "AAA")
		bo, session := o.member("bo@example.org", forum.RoleExpert, "AAA")
		o.reset(bo)
		wantKind(t, "to ask for oneself", o.AskRecovery(ctx, ana, ana.ID, "new@example.org"), errs.Invalid)
		wantKind(t, "to ask for another delegation's", o.AskRecovery(ctx, sec, bo.ID, "new@example.org"), errs.Invalid)
		wantKind(t, "to ask as a visitor", o.AskRecovery(ctx, forum.Member{}, bo.ID, "new@example.org"), errs.Unauthenticated)
		if err := o.AskRecovery(ctx, ana, bo.ID, "sam@example.org"); err != nil {
			t.Errorf("to ask with somebody's address = %v, want no word about it", err)
		}
		taken := o.asked(sec).ID
		wantKind(t, "to grant somebody's address", o.GrantRecovery(ctx, sec, taken), errs.Conflict)
		if err := o.RefuseRecovery(ctx, sec, taken); err != nil {
			t.Fatal(err)
		}
		if err := o.AskRecovery(ctx, ana, bo.ID, "New@example.org"); err != nil {
			t.Fatal(err)
		}
		wantKind(t, "to ask twice", o.AskRecovery(ctx, ana, bo.ID, "other@example.org"), errs.Invalid)
		_, err := o.Recoveries(ctx, ana)
		wantKind(t, "Recoveries for a focal point", err, errs.Denied)
		wantKind(t, "a grant by whoever asked", o.GrantRecovery(ctx, ana, o.asked(sec).ID), errs.Denied)
		if err := o.GrantRecovery(ctx, sec, o.asked(sec).ID); err != nil {
			t.Fatal(err)
		}
		o.warning("bo@example.org")
		<-o.letters // to the new mailbox
		wantKind(t, "a second grant", o.GrantRecovery(ctx, sec, o.asked(sec).ID), errs.Conflict)

		o.pass(24*time.Hour - time.Minute)
		if err := o.EndRecoveries(ctx); err != nil {
			t.Fatal(err)
		}
		must[forum.Member](t)(o.Lookup(ctx, session)) // nothing has changed yet
		o.pass(time.Minute)
		now := must[forum.Member](t)(o.Lookup(ctx, o.signIn("new@example.org"))) // and no second step
		if now.ID != bo.ID || now.Seat != bo.Seat {
			t.Errorf("the new address opens %+v, want Bo in the same seat", now)
		}
		_, err = o.Lookup(ctx, session)
		wantKind(t, "a session of before", err, errs.Unauthenticated)
		device := must[string](t)(o.SignIn(ctx, "bo@example.org", "en"))
		_, err = o.WithCode(ctx, device, "ACDE-FGHJ", "")
		wantKind(t, "a code for the old address", err, errs.Invalid)
		if _, err := audit.Verify(ctx, o.db); err != nil {
			t.Error(err)
		}
	})
}

func TestTheOldMailboxSaysNo(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		sec, _ := o.member("sam@example.org", forum.RoleSecretariat, "SEC")
		ana, _ := o.member("ana@example.org", forum.RoleFocalPoint, "AAA")
		bo, session := o.member("bo@example.org", forum.RoleExpert, "AAA")
		if err := o.AskRecovery(ctx, ana, bo.ID, "thief@example.org"); err != nil {
			t.Fatal(err)
		}
		if err := o.GrantRecovery(ctx, sec, o.asked(sec).ID); err != nil {
			t.Fatal(err)
		}
		token, code := o.warning("bo@example.org")
		<-o.letters
		for name, wrong := range map[string][2]string{
			"without a code": {token, ""}, "with another code": {token, "ACDE-FGHJ"}, "without the link": {"", code}, "with another link": {"x", code},
		} {
			wantKind(t, "CancelRecovery "+name, o.CancelRecovery(ctx, wrong[0], wrong[1]), errs.Invalid)
		}
		if err := o.CancelRecovery(ctx, token, strings.ToLower(code)); err != nil {
			t.Fatal(err)
		}
		wantKind(t, "CancelRecovery again", o.CancelRecovery(ctx, token, code), errs.Invalid)
		o.pass(48 * time.Hour)
		if err := o.EndRecoveries(ctx); err != nil {
			t.Fatal(err)
		}
		must[forum.Member](t)(o.Lookup(ctx, session))
	})
}

func TestTheSecretariatOfTwoNeedsAThirdOrTheOperator(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		sam, _ := o.member("sam@example.org", forum.RoleSecretariat, "SEC")
		sol, _ := o.member("sol@example.org", forum.RoleSecretariat, "SEC")
		if err := o.AskRecovery(ctx, sam, sol.ID, "sol@new.example.org"); err != nil {
			t.Fatal(err)
		}
		id := o.asked(sam).ID
		wantKind(t, "a grant by the one who asked", o.GrantRecovery(ctx, sam, id), errs.Conflict)
		wantKind(t, "a grant by the one concerned", o.GrantRecovery(ctx, sol, id), errs.Conflict)
		third, _ := o.member("sun@example.org", forum.RoleSecretariat, "SEC")
		if err := o.GrantRecovery(ctx, third, id); err != nil {
			t.Errorf("a grant by a third = %v", err)
		}
		if err := o.RefuseRecovery(ctx, sam, id); err != nil {
			t.Fatal(err)
		}
		o.warning("sol@example.org")
		<-o.letters

		// The operator invites a secretary who has lost the second step anew.
		again, session := o.member("sam@example.org", forum.RoleSecretariat, "SEC")
		if again.ID != sam.ID {
			t.Errorf("the operator's invitation made person %d, want %d", again.ID, sam.ID)
		}
		must[forum.Member](t)(o.Lookup(ctx, session))
	})
}

func TestARequestThatNobodyAnswersEnds(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		sec, _ := o.member("sam@example.org", forum.RoleSecretariat, "SEC")
		ana, _ := o.member("ana@example.org", forum.RoleFocalPoint, "AAA")
		bo, _ := o.member("bo@example.org", forum.RoleExpert, "AAA")
		if err := o.AskRecovery(ctx, ana, bo.ID, "new@example.org"); err != nil {
			t.Fatal(err)
		}
		id := o.asked(sec).ID
		o.pass(account.RecoveryLife)
		wantKind(t, "a late grant", o.GrantRecovery(ctx, sec, id), errs.Conflict)
		if err := o.AskRecovery(ctx, ana, bo.ID, "new@example.org"); err != nil {
			t.Errorf("to ask again = %v", err)
		}
		// Somebody else is invited with that address while it waits.
		if err := o.GrantRecovery(ctx, sec, o.asked(sec).ID); err != nil {
			t.Fatal(err)
		}
		o.warning("bo@example.org")
		<-o.letters
		o.member("new@example.org", forum.RoleExpert, "AAA")
		o.pass(25 * time.Hour)
		if err := o.EndRecoveries(ctx); err != nil {
			t.Fatal(err)
		}
		if list := must[[]account.Recovery](t)(o.Recoveries(ctx, sec)); len(list) != 0 {
			t.Errorf("requests = %+v, want none", list)
		}
		must[forum.Member](t)(o.Lookup(ctx, o.signIn("bo@example.org")))
	})
}
