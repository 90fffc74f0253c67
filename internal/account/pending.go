package account

import (
	"context"

	"cmc/forum"
	"cmc/internal/errs"
)

var errPending = errs.New(errs.Unavailable, "error_unavailable")

// Outbox sends mail, or writes it to files.
type Outbox struct{}

// SeedDelegations makes the delegations, or brings their kinds and names up to
// date. It may be repeated.
func (a *Accounts) SeedDelegations(ctx context.Context, list []forum.Delegation) error {
	return errPending
}

// Delegations lists the delegations by code.
func (a *Accounts) Delegations(ctx context.Context) ([]forum.Delegation, error) {
	return nil, errPending
}

// Enrolment returns the token of a fresh one-time link with which the
// secretariat enrols, or "" when somebody has enrolled already. Links made by
// earlier starts stop working.
func (a *Accounts) Enrolment(ctx context.Context) (string, error) { return "", errPending }

// Invite makes an invitation, mails it and returns its token. by is a member
// of the secretariat; the zero Member stands for the operator at the terminal.
func (a *Accounts) Invite(ctx context.Context, by forum.Member, in Invite) (string, error) {
	return "", errPending
}

// Invitation reads an invitation and changes nothing. A token that is unknown,
// used or expired is NotFound.
func (a *Accounts) Invitation(ctx context.Context, token string) (Invitation, error) {
	return Invitation{}, errPending
}

// Accept mails a code to the invited address and returns the device secret for
// the cookie of the browser that asked. It does not use the invitation up: that
// happens when the code comes back (WithCode, WithLink), so a scanner that
// submits the form breaks nothing.
func (a *Accounts) Accept(ctx context.Context, in Acceptance) (device string, err error) {
	return "", errPending
}

// SignIn mails a code and a link to an address, if a person has it, and
// returns the device secret for the cookie of the browser that asked. The
// answer is the same whether the address is known or not.
func (a *Accounts) SignIn(ctx context.Context, address, lang string) (device string, err error) {
	return "", errPending
}

// WithCode signs in with the typed code on the device that asked for it, and
// returns the session's token. A wrong code is Invalid on field "code"; after
// five, or when it is late, a new code must be asked for.
func (a *Accounts) WithCode(ctx context.Context, device, code, userAgent string) (token string, err error) {
	return "", errPending
}

// LinkReady reports, changing nothing, whether a link would sign this device
// in. Without the device's cookie the page says to type the code instead.
func (a *Accounts) LinkReady(ctx context.Context, device, link string) (bool, error) {
	return false, errPending
}

// WithLink signs in with the mailed link, on the device that asked for it
// only. On any other device it is Denied and nothing is used up.
func (a *Accounts) WithLink(ctx context.Context, device, link, userAgent string) (token string, err error) {
	return "", errPending
}

// Lookup returns the member behind a session token with the rights of this
// moment; Unauthenticated when there is none.
func (a *Accounts) Lookup(ctx context.Context, token string) (forum.Member, error) {
	return forum.Member{}, errPending
}

// SignOut ends the session of a token. An unknown token is no error.
func (a *Accounts) SignOut(ctx context.Context, token string) error { return errPending }

// Sessions lists a member's signed-in devices, newest first.
func (a *Accounts) Sessions(ctx context.Context, m forum.Member) ([]Session, error) {
	return nil, errPending
}

// Revoke ends one of the member's own sessions.
func (a *Accounts) Revoke(ctx context.Context, m forum.Member, session int64) error {
	return errPending
}
