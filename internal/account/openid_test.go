package account_test

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"maps"
	"testing"
	"time"

	"cmc/forum"
	"cmc/internal/account"
	"cmc/internal/errs"
	"cmc/internal/testkit"

	"cmc/internal/database"
)

// ministries runs a test with a delegation, AAA, that has a house of its own.
func ministries(t *testing.T, test func(t *testing.T, o *office, p *idp)) {
	t.Helper()
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		var o *office
		p := newIDP(t, func() time.Time { return o.now() })
		client := p.server.Client()
		client.Timeout = 5 * time.Second
		o = newOffice(t, db, func(opt *account.Options) {
			opt.OpenID = []account.OpenID{{Delegation: "AAA", Issuer: p.server.URL, ClientID: "forum", Secret: clientSecret, Client: client}}
		})
		test(t, o, p)
	})
}

func about(subject, email string, verified any) map[string]any {
	return map[string]any{"sub": subject, "email": email, "email_verified": verified, "name": "Ana Joseph"}
}

// through signs in at the house as whoever p.who describes.
func (o *office) through(p *idp) (token string, err error) {
	o.t.Helper()
	address, device, err := o.SendToOpenID(o.t.Context(), "AAA", "/forum/?page=2")
	if err != nil {
		return "", err
	}
	state, code := p.approve(address)
	token, next, err := o.WithOpenID(o.t.Context(), account.OpenIDAnswer{Device: device, State: state, Code: code})
	if next != "/forum/?page=2" {
		o.t.Errorf("the house leads back to %q", next)
	}
	return token, err
}

func TestAHouseLetsItsOwnPeopleIn(t *testing.T) {
	ministries(t, func(t *testing.T, o *office, p *idp) {
		ctx := t.Context()
		ana, _ := o.member("ana@example.org", forum.RoleExpert, "AAA")
		p.who = about("77", "Ana@example.org", true)
		m := must[forum.Member](t)(o.Lookup(ctx, must[string](t)(o.through(p))))
		if m.ID != ana.ID {
			t.Errorf("the house lets %+v in, want Ana", m)
		}
		// Afterwards the house's own number counts, whatever the address says.
		p.who = about("77", "renamed@example.org", false)
		if m = must[forum.Member](t)(o.Lookup(ctx, must[string](t)(o.through(p)))); m.ID != ana.ID {
			t.Errorf("the same subject is %+v, want Ana", m)
		}
		p.rotate() // the house has new keys
		must[string](t)(o.through(p))

		// An invitation that is open, for somebody new.
		must[string](t)(o.Invite(ctx, account.Operator(), account.Invite{Address: "bo@example.org", Role: forum.RoleAlternate, Delegation: "AAA"}))
		p.who = about("78", "bo@example.org", "true")
		m = must[forum.Member](t)(o.Lookup(ctx, must[string](t)(o.through(p))))
		if m.Role != forum.RoleAlternate || m.Name != "Ana Joseph" || m.ID == ana.ID {
			t.Errorf("an invited person is %+v", m)
		}
	})
}

func TestAHouseLetsNobodyElseIn(t *testing.T) {
	ministries(t, func(t *testing.T, o *office, p *idp) {
		ctx := t.Context()
		o.member("ana@example.org", forum.RoleExpert, "AAA")
		sec, _ := o.member("sam@example.org", forum.RoleSecretariat, "SEC")
		gone, _ := o.member("gone@example.org", forum.RoleExpert, "AAA")
		if err := o.Suspend(ctx, sec, gone.ID, "why"); err != nil {
			t.Fatal(err)
		}
		must[string](t)(o.Invite(ctx, account.Operator(), account.Invite{Address: "sec@example.org", Role: forum.RoleSecretariat, Delegation: "SEC"}))
		stranger, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		good := about("77", "ana@example.org", true)
		set := func(name string, value any) func(map[string]any) {
			return func(said map[string]any) { said[name] = value }
		}
		for name, test := range map[string]struct {
			who    map[string]any
			forge  func(map[string]any)
			signer *rsa.PrivateKey
		}{
			"an unknown address":                    {who: about("1", "nobody@example.org", true)},
			"an address that is not verified":       {who: about("1", "ana@example.org", false)},
			"an address of which nothing is said":   {who: about("1", "ana@example.org", nil)},
			"an address as a header":                {who: about("1", "ana@example.org\r\nX: y", true)},
			"a person of another delegation":        {who: about("1", "sam@example.org", true)},
			"an invitation of another delegation":   {who: about("1", "sec@example.org", true)},
			"a suspended person":                    {who: about("1", "gone@example.org", true)},
			"a wrong nonce":                         {who: good, forge: set("nonce", "another")},
			"no nonce":                              {who: good, forge: func(said map[string]any) { delete(said, "nonce") }},
			"a token for another client":            {who: good, forge: set("aud", "another")},
			"a token for two, issued for the other": {who: good, forge: func(said map[string]any) { said["aud"], said["azp"] = []string{"forum", "other"}, "other" }},
			"a token of another house":              {who: good, forge: set("iss", "https://elsewhere.example")},
			"a token that is over":                  {who: good, forge: set("exp", o.now().Add(-time.Hour).Unix())},
			"a token without a subject":             {who: good, forge: set("sub", "")},
			"a token that somebody else has signed": {who: good, signer: stranger},
		} {
			p.who, p.forge, p.signer = test.who, test.forge, test.signer
			token, err := o.through(p)
			if token != "" {
				t.Errorf("%s gets a session", name)
			}
			wantKind(t, "WithOpenID of "+name, err, errs.Denied)
			if told, ok := errors.AsType[*errs.Error](err); !ok || told.Key != "account_error_openid" {
				t.Errorf("%s is told %v, want what everybody is told", name, err)
			}
		}
		p.forge, p.signer, p.who = nil, nil, good
		must[string](t)(o.through(p)) // nothing was used up
		p.who = maps.Clone(good)
		p.who["sub"] = "99" // the address was given to a successor
		_, err = o.through(p)
		wantKind(t, "another subject with a linked person's address", err, errs.Denied)
	})
}

func TestAnAnswerOfAHouseCountsOnceWhereItWasAskedFor(t *testing.T) {
	ministries(t, func(t *testing.T, o *office, p *idp) {
		ctx := t.Context()
		o.member("ana@example.org", forum.RoleExpert, "AAA")
		p.who = about("77", "ana@example.org", true)
		send := func() (device, state, code string) {
			address, device, err := o.SendToOpenID(ctx, "AAA", "/")
			if err != nil {
				t.Fatal(err)
			}
			state, code = p.approve(address)
			return device, state, code
		}
		device, state, code := send()
		other, otherState, _ := send()
		for name, in := range map[string]account.OpenIDAnswer{
			"in another browser":           {Device: other, State: state, Code: code},
			"without a cookie":             {State: state, Code: code},
			"with a cookie of a sign-in":   {Device: must[string](t)(o.SignIn(ctx, "x@example.org", "en")), State: state, Code: code},
			"to a browser that didn't ask": {Device: "nonsense", State: otherState, Code: code},
		} {
			_, _, err := o.WithOpenID(ctx, in)
			wantKind(t, "the answer "+name, err, errs.Denied)
		}
		in := account.OpenIDAnswer{Device: device, State: state, Code: code}
		if _, _, err := o.WithOpenID(ctx, in); err != nil {
			t.Fatal(err)
		}
		_, _, err := o.WithOpenID(ctx, in)
		wantKind(t, "the answer a second time", err, errs.Denied)

		device, state, _ = send()
		_, _, err = o.WithOpenID(ctx, account.OpenIDAnswer{Device: device, State: state, Code: code})
		wantKind(t, "a code that was used", err, errs.Denied)
		device, state, code = send()
		_, _, err = o.WithOpenID(ctx, account.OpenIDAnswer{Device: device, State: state, Code: code, Issuer: "https://elsewhere.example"})
		wantKind(t, "an answer in another house's name", err, errs.Denied)
		device, state, code = send()
		o.pass(account.CeremonyLife)
		_, _, err = o.WithOpenID(ctx, account.OpenIDAnswer{Device: device, State: state, Code: code})
		wantKind(t, "a late answer", err, errs.Denied)
	})
}

func TestAHouseThatIsAwayIsSaidToBe(t *testing.T) {
	ministries(t, func(t *testing.T, o *office, p *idp) {
		p.away = true
		for range 3 {
			_, err := o.through(p)
			wantKind(t, "SendToOpenID", err, errs.Unavailable)
		}
		if n := p.asked["/.well-known/openid-configuration"]; n != 1 {
			t.Errorf("a house that is away was asked %d times at once, want once", n)
		}
		_, _, err := o.SendToOpenID(t.Context(), "SEC", "/")
		wantKind(t, "SendToOpenID of a delegation without a house", err, errs.NotFound)
	})
}
