package account

import (
	"cmp"
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

// OpenID is the door of a delegation's own house (OpenID Connect).
type OpenID struct {
	Delegation string // code
	Issuer     string // https address
	ClientID   string
	Secret     string
	Client     *http.Client // nil: one with a deadline that follows no redirect
}

const (
	openIDKind     = "openid"
	openIDTimeout  = 10 * time.Second // of each request
	openIDPatience = 25 * time.Second // of all of them for one sign-in
	openIDPause    = 5 * time.Second  // after a house did not answer
	openIDAnswer   = 1 << 20          // bytes
)

// house is one such door; its addresses are asked for when they are first needed.
type house struct {
	OpenID
	mu       sync.Mutex
	provider *oidc.Provider
	failed   error // of the last question, if it is not long ago
	at       time.Time
}

func newHouses(list []OpenID) map[string]*house {
	all := map[string]*house{}
	for _, o := range list {
		if o.Client == nil {
			o.Client = &http.Client{
				Timeout:       openIDTimeout,
				CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			}
		}
		client := *o.Client
		client.Transport = bounded{cmp.Or[http.RoundTripper](client.Transport, http.DefaultTransport)}
		o.Client = &client
		all[o.Delegation] = &house{OpenID: o}
	}
	return all
}

// bounded reads no more of an answer than such answers have.
type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.next.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, openIDAnswer), res.Body}
	}
	return res, err
}

// discover asks the house for its addresses, until it has answered once.
func (h *house) discover(ctx context.Context) (*oidc.Provider, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.provider != nil {
		return h.provider, nil
	}
	if h.failed != nil && time.Since(h.at) < openIDPause { // those who waited meanwhile need not ask in turn
		return nil, h.failed
	}
	p, err := oidc.NewProvider(ctx, h.Issuer)
	if err != nil {
		h.at = time.Now()
		h.failed = errs.Wrap(fmt.Errorf("ask %s how to sign in: %w", h.Issuer, err), errs.Unavailable, "account_error_openid_away")
		return nil, h.failed
	}
	h.provider = p
	return p, nil
}

func (h *house) oauth(p *oidc.Provider, callback string) oauth2.Config {
	return oauth2.Config{
		ClientID: h.ClientID, ClientSecret: h.Secret, Endpoint: p.Endpoint(), RedirectURL: callback,
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
}

// Houses lists the delegations that have a door of their own, by code.
func (a *Accounts) Houses(ctx context.Context) ([]forum.Delegation, error) {
	if len(a.houses) == 0 {
		return nil, nil
	}
	var list []forum.Delegation
	err := a.each(ctx, "list delegations", delegationsSQL, nil, func(row scanner) error {
		var d forum.Delegation
		if err := scanDelegation(row, &d); err != nil {
			return err
		}
		if a.houses[d.Code] != nil {
			list = append(list, d)
		}
		return nil
	})
	return list, err
}

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

const (
	identitySQL = `
SELECT i.person, coalesce(s.delegation, ''), coalesce(p.suspended_at, 0) FROM identities i JOIN persons p ON p.id = i.person
LEFT JOIN occupancies o ON o.person = p.id AND o.until IS NULL LEFT JOIN seats s ON s.id = o.seat
WHERE i.issuer = $1 AND i.subject = $2`
	personOfSQL = `
SELECT p.id FROM persons p JOIN occupancies o ON o.person = p.id AND o.until IS NULL JOIN seats s ON s.id = o.seat
WHERE p.address = $1 AND s.delegation = $2 AND p.suspended_at IS NULL
AND NOT EXISTS (SELECT 1 FROM identities i WHERE i.person = p.id AND i.issuer = $3)`
	openInvitationSQL = `
SELECT id FROM invitations WHERE address = $1 AND delegation = $2 AND used_at IS NULL AND expires_at > $3
AND NOT EXISTS (SELECT 1 FROM persons p WHERE p.address = $1)
ORDER BY id DESC LIMIT 1`
	insertIdentitySQL = `INSERT INTO identities (issuer, subject, person, created_at) VALUES ($1, $2, $3, $4)`
)

// identify finds the person that a house speaks of: by its own number for them,
// or, the first time, by an address that it has verified and that a person or
// an invitation of that very delegation has. An address never leads to somebody
// who is linked already: it may have been given to a successor.
func (a *Accounts) identify(ctx context.Context, tx *database.Tx, h *house, c claims) (int64, error) {
	denied := errs.New(errs.Denied, "account_error_openid")
	var id, suspended int64
	var delegation string
	err := tx.QueryRowContext(ctx, identitySQL, h.Issuer, c.Subject).Scan(&id, &delegation, &suspended)
	if err == nil {
		if delegation != h.Delegation || suspended != 0 {
			return 0, denied
		}
		return id, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("look for an identity: %w", err)
	}
	address, fault := cleanAddress(c.Email)
	if fault != nil || !c.verified() {
		return 0, denied
	}
	err = tx.QueryRowContext(ctx, personOfSQL, address, h.Delegation, h.Issuer).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		id, err = a.invitedTo(ctx, tx, h, c, address)
	}
	if err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, insertIdentitySQL, h.Issuer, c.Subject, id, database.Millis(a.now())); err != nil {
		return 0, fmt.Errorf("link an identity: %w", err)
	}
	return id, a.note(ctx, tx, id, "identity.link", person(id), h.Delegation)
}

// invitedTo seats somebody new whose invitation is open. Whoever is known
// already, perhaps to another delegation, accepts by mail.
func (a *Accounts) invitedTo(ctx context.Context, tx *database.Tx, h *house, c claims, address string) (int64, error) {
	var invitation int64
	err := tx.QueryRowContext(ctx, openInvitationSQL, address, h.Delegation, database.Millis(a.now())).Scan(&invitation)
	name, fault := forum.CleanLine("name", c.Name, forum.MaxName)
	if errors.Is(err, sql.ErrNoRows) || fault != nil {
		return 0, errs.New(errs.Denied, "account_error_openid")
	}
	if err != nil {
		return 0, fmt.Errorf("look for an invitation: %w", err)
	}
	lang, _, _ := strings.Cut(c.Locale, "-")
	return a.enrol(ctx, tx, asked{address: address, name: name, lang: a.lang(lang), invitation: invitation})
}
