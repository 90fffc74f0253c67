package account

import (
	"context"
	"crypto/subtle"
	"errors"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"cmc/internal/database"
	"cmc/internal/errs"
)

// errand is a sign-in at another house while it is under way.
type errand struct{ Code, State, Nonce, Verifier, Next string }

func (a *Accounts) callback() string {
	return a.opt.Link(a.opt.Texts.Default().Code(), "/account/openid/callback")
}

// SendToOpenID returns the address of a delegation's own sign-in page, and the
// secret for the cookie of the browser that goes there. next comes back with it.
func (a *Accounts) SendToOpenID(ctx context.Context, code, next string) (address, device string, err error) {
	h := a.houses[code]
	if h == nil {
		return "", "", errs.New(errs.NotFound, "error_not_found")
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, h.Client), openIDPatience)
	defer cancel()
	p, err := h.discover(ctx)
	if err != nil {
		return "", "", err
	}
	e := errand{Code: code, State: newSecret(), Nonce: newSecret(), Verifier: oauth2.GenerateVerifier(), Next: next}
	if device, err = a.begin(ctx, openIDKind, 0, e); err != nil {
		return "", "", err
	}
	o := h.oauth(p, a.callback())
	return o.AuthCodeURL(e.State, oidc.Nonce(e.Nonce), oauth2.S256ChallengeOption(e.Verifier)), device, nil
}

// OpenIDAnswer is what a browser brings back.
type OpenIDAnswer struct{ Device, State, Code, Issuer, UserAgent string }

// WithOpenID signs in with what a delegation's own house says of a person. Any
// doubt is Denied; sign-in by mail stays the way.
func (a *Accounts) WithOpenID(ctx context.Context, in OpenIDAnswer) (token, next string, err error) {
	var e errand
	if _, err := a.take(ctx, in.Device, openIDKind, &e); err != nil {
		return "", "", err
	}
	h := a.houses[e.Code]
	denied := errs.New(errs.Denied, "account_error_openid")
	if h == nil || in.Code == "" || subtle.ConstantTimeCompare([]byte(in.State), []byte(e.State)) != 1 ||
		in.Issuer != "" && in.Issuer != h.Issuer {
		return "", e.Next, denied
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, h.Client), openIDPatience)
	defer cancel()
	c, err := a.claims(ctx, h, e, in.Code)
	if err != nil {
		return "", e.Next, err
	}
	err = a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		id, err := a.identify(ctx, tx, h, c)
		if err != nil {
			return err
		}
		token, err = a.openSession(ctx, tx, id, in.UserAgent, false)
		return err
	})
	return token, e.Next, err
}

// claims are what a house says of a person, as far as we believe it.
type claims struct {
	Subject string
	Email   string `json:"email"`
	Name    string `json:"name"`
	Locale  string `json:"locale"`
	// Some houses write "true" where the standard wants true.
	Verified any    `json:"email_verified"`
	Party    string `json:"azp"`
}

func (c claims) verified() bool { return c.Verified == true || c.Verified == "true" }

func (a *Accounts) claims(ctx context.Context, h *house, e errand, code string) (claims, error) {
	var c claims
	refuse := func(err error) (claims, error) { return c, errs.Wrap(err, errs.Denied, "account_error_openid") }
	p, err := h.discover(ctx)
	if err != nil {
		return c, err
	}
	o := h.oauth(p, a.callback())
	tokens, err := o.Exchange(ctx, code, oauth2.VerifierOption(e.Verifier))
	if err != nil {
		return refuse(errors.New("the house refused the code")) // its words may hold secrets
	}
	raw, _ := tokens.Extra("id_token").(string)
	id, err := p.Verifier(&oidc.Config{ClientID: h.ClientID, Now: a.now}).Verify(ctx, raw)
	if err != nil {
		return refuse(errors.New("the house's token is not sound"))
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(e.Nonce)) != 1 {
		return refuse(errors.New("the house's token answers another question"))
	}
	if err := id.Claims(&c); err != nil {
		return refuse(errors.New("the house's token cannot be read"))
	}
	c.Subject = id.Subject
	if c.Subject == "" || len(id.Audience) > 1 && c.Party != h.ClientID || c.Party != "" && c.Party != h.ClientID {
		return refuse(errors.New("the house's token is meant for somebody else"))
	}
	return c, nil
}
