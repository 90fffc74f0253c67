package account_test

import (
	"slices"
	"testing"

	"cmc/forum"
	"cmc/internal/account"
	"cmc/internal/audit"
	"cmc/internal/errs"
)

// at is a delegation as the secretariat sees it.
func (o *office) at(by forum.Member, code string) account.Delegates {
	o.t.Helper()
	all := must[[]account.Delegates](o.t)(o.Members(o.t.Context(), by))
	i := slices.IndexFunc(all, func(d account.Delegates) bool { return d.Delegation.Code == code })
	if i < 0 {
		o.t.Fatalf("no delegation %s in %+v", code, all)
	}
	return all[i]
}

func TestASeatIsHandedOver(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		sec, _ := o.member("sam@example.org", forum.RoleSecretariat, "SEC")
		ana, session := o.member("ana@example.org", forum.RoleExpert, "AAA")
		if err := o.Vacate(ctx, sec, ana.Seat); err != nil {
			t.Fatal(err)
		}
		_, err := o.Lookup(ctx, session)
		wantKind(t, "Lookup after the end of a term", err, errs.Unauthenticated)
		if seat := o.at(sec, "AAA").Seats[0]; seat.Now.Person != 0 || len(seat.Before) != 1 || seat.Before[0].Name != "Ana" {
			t.Errorf("the seat = %+v, want it vacant after Ana", seat)
		}
		heir, _ := o.member("bo@example.org", forum.RoleExpert, "AAA")
		if heir.Seat != ana.Seat {
			t.Errorf("the heir has seat %d, want %d", heir.Seat, ana.Seat)
		}
		if err := o.ChangeRole(ctx, sec, heir.Seat, forum.RoleAlternate); err != nil {
			t.Fatal(err)
		}
		if seat := o.at(sec, "AAA").Seats[0]; seat.Role != forum.RoleAlternate || seat.Now.Person != heir.ID {
			t.Errorf("the seat = %+v", seat)
		}
		wantKind(t, "ChangeRole to the secretariat", o.ChangeRole(ctx, sec, heir.Seat, forum.RoleSecretariat), errs.Invalid)
		wantKind(t, "ChangeRole of no seat", o.ChangeRole(ctx, sec, 999, forum.RoleExpert), errs.NotFound)
		wantKind(t, "Vacate of the last secretary", o.Vacate(ctx, sec, sec.Seat), errs.Conflict)
		if head, err := audit.Verify(ctx, o.db); err != nil || head.Seq == 0 {
			t.Errorf("the audit log = %+v, %v", head, err)
		}
	})
}

func TestASuspendedPersonIsOutUntilLetInAgain(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		sec, _ := o.member("sam@example.org", forum.RoleSecretariat, "SEC")
		ana, session := o.member("ana@example.org", forum.RoleExpert, "AAA")
		wantKind(t, "Suspend without a reason", o.Suspend(ctx, sec, ana.ID, " "), errs.Invalid)
		wantKind(t, "Suspend oneself", o.Suspend(ctx, sec, sec.ID, "why"), errs.Conflict)
		if err := o.Suspend(ctx, sec, ana.ID, "lost her telephone"); err != nil {
			t.Fatal(err)
		}
		_, err := o.Lookup(ctx, session)
		wantKind(t, "Lookup of a suspended person", err, errs.Unauthenticated)
		if now := o.at(sec, "AAA").Seats[0].Now; now.Suspended.IsZero() || now.Why != "lost her telephone" {
			t.Errorf("the occupant = %+v", now)
		}
		if err := o.Unsuspend(ctx, sec, ana.ID); err != nil {
			t.Fatal(err)
		}
		_, err = o.Lookup(ctx, session)
		wantKind(t, "Lookup of the session that was ended", err, errs.Unauthenticated)
		must[forum.Member](t)(o.Lookup(ctx, o.signIn("ana@example.org")))
	})
}

func TestAnInvitationIsCancelledAndSentAgain(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		sec, _ := o.member("sam@example.org", forum.RoleSecretariat, "SEC")
		in := account.Invite{Address: "ana@example.org", Role: forum.RoleExpert, Delegation: "AAA", Lang: "fr"}
		first := must[string](t)(o.Invite(ctx, sec, in))
		o.mailed("ana@example.org")
		waiting := o.at(sec, "AAA").Invitations
		if len(waiting) != 1 || waiting[0].Address != "ana@example.org" {
			t.Fatalf("waiting = %+v", waiting)
		}
		if err := o.ResendInvitation(ctx, sec, waiting[0].ID); err != nil {
			t.Fatal(err)
		}
		_, second := o.mailed("ana@example.org")
		_, err := o.Invitation(ctx, first)
		wantKind(t, "the former link", err, errs.NotFound)
		must[account.Invitation](t)(o.Invitation(ctx, second))
		if err := o.CancelInvitation(ctx, sec, o.at(sec, "AAA").Invitations[0].ID); err != nil {
			t.Fatal(err)
		}
		_, err = o.Invitation(ctx, second)
		wantKind(t, "a cancelled link", err, errs.NotFound)
		wantKind(t, "to cancel it again", o.CancelInvitation(ctx, sec, waiting[0].ID), errs.NotFound)
	})
}

func TestOnlyTheSecretariatManages(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		ana, _ := o.member("ana@example.org", forum.RoleFocalPoint, "AAA")
		for name, by := range map[string]forum.Member{"a focal point": ana, "a visitor": {}} {
			_, err := o.Members(ctx, by)
			for what, err := range map[string]error{
				"Members": err, "Vacate": o.Vacate(ctx, by, ana.Seat), "ChangeRole": o.ChangeRole(ctx, by, ana.Seat, forum.RoleExpert),
				"Suspend": o.Suspend(ctx, by, 99, "why"), "Unsuspend": o.Unsuspend(ctx, by, ana.ID),
				"CancelInvitation": o.CancelInvitation(ctx, by, 1), "ResendInvitation": o.ResendInvitation(ctx, by, 1),
			} {
				wantKind(t, what+" by "+name, err, errs.Denied)
			}
		}
	})
}
