package config

import (
	"net/url"
	"regexp"
	"slices"
)

// Accounts sets the ways to sign in besides mail, and the way back in.
type Accounts struct {
	OpenID        []OpenID `toml:"openid"`
	RecoveryHours int      `toml:"recovery_hours"` // between the grant of a new address and its use
}

// OpenID is a delegation's own sign-in (OpenID Connect). Its secret is in the
// environment: CMC_OIDC_SECRET_ and the code of the delegation.
type OpenID struct {
	Delegation string `toml:"delegation"` // its code
	Issuer     string `toml:"issuer"`     // an https address; for a shared house that of the one tenant
	ClientID   string `toml:"client_id"`
}

var codeForm = regexp.MustCompile(`^[A-Z0-9]{2,12}$`)

func (a Accounts) validate(data []byte, fault func(line int, format string, args ...any)) {
	if a.RecoveryHours < 1 || a.RecoveryHours > 24*14 {
		fault(first(linesOf(data, "recovery_hours")), "accounts.recovery_hours is %d; choose 1 to 336", a.RecoveryHours)
	}
	lines := linesOf(data, `[[accounts.openid]]`)
	for i, o := range a.OpenID {
		line := 1
		if i < len(lines) {
			line = lines[i]
		}
		if !codeForm.MatchString(o.Delegation) {
			fault(line, "accounts.openid: delegation %q is no code; write it as in data/delegations.yaml, e.g. BHS", o.Delegation)
		}
		if slices.ContainsFunc(a.OpenID[:i], func(other OpenID) bool { return other.Delegation == o.Delegation }) {
			fault(line, "accounts.openid: delegation %q stands twice; each has one sign-in of its own", o.Delegation)
		}
		if u, err := url.Parse(o.Issuer); err != nil || u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
			fault(line, "accounts.openid: issuer %q is no https address", o.Issuer)
		}
		if o.ClientID == "" {
			fault(line, "accounts.openid: client_id is missing; the house of %s gives one", o.Delegation)
		}
	}
}
