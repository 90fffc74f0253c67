package account

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

// What is asked of a passkey (ceremonies.kind).
const (
	offerPasskey = "passkey.create"
	askPasskey   = "passkey.get"
)

// PasskeysWork reports whether browsers take passkeys at the site's address:
// they need a name, and TLS unless it is localhost.
func (a *Accounts) PasskeysWork() bool {
	_, err := a.relyingParty()
	return err == nil
}

func (a *Accounts) relyingParty() (*webauthn.WebAuthn, error) {
	u, err := url.Parse(a.opt.Link(a.opt.Texts.Default().Code(), "/"))
	if err != nil {
		return nil, fmt.Errorf("read the site's address: %w", err)
	}
	if host := u.Hostname(); net.ParseIP(host) != nil || u.Scheme != "https" && host != "localhost" {
		return nil, errs.New(errs.Unavailable, "account_error_passkey_address")
	}
	return webauthn.New(&webauthn.Config{
		RPID:          u.Hostname(),
		RPDisplayName: a.opt.Site,
		RPOrigins:     []string{u.Scheme + "://" + u.Host},
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey:      protocol.ResidentKeyRequirementPreferred,
			UserVerification: protocol.VerificationRequired,
		},
	})
}

// keyHolder is a person as the protocol sees them.
type keyHolder struct {
	id   int64
	name string
	keys []webauthn.Credential
}

func (h keyHolder) WebAuthnID() []byte                         { return []byte(person(h.id)) }
func (h keyHolder) WebAuthnName() string                       { return h.name }
func (h keyHolder) WebAuthnDisplayName() string                { return h.name }
func (h keyHolder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

const holderSQL = `
SELECT p.name, coalesce(k.data, '') FROM persons p LEFT JOIN passkeys k ON k.person = p.id WHERE p.id = $1`

func (a *Accounts) keyHolder(ctx context.Context, id int64) (_ keyHolder, err error) {
	h := keyHolder{id: id}
	rows, err := a.db.Reader().QueryContext(ctx, holderSQL, id)
	if err != nil {
		return h, fmt.Errorf("read the passkeys of person %d: %w", id, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var data string
		if err := rows.Scan(&h.name, &data); err != nil {
			return h, fmt.Errorf("read a passkey: %w", err)
		}
		if data == "" {
			continue
		}
		var key webauthn.Credential
		if err := json.Unmarshal([]byte(data), &key); err != nil {
			return h, fmt.Errorf("read a passkey as JSON: %w", err)
		}
		h.keys = append(h.keys, key)
	}
	return h, rows.Err()
}

// OfferPasskey returns the options with which a browser makes a passkey for a
// member, as JSON, and the secret for its cookie.
func (a *Accounts) OfferPasskey(ctx context.Context, m forum.Member) (options []byte, device string, err error) {
	rp, err := a.relyingParty()
	if err != nil {
		return nil, "", err
	}
	h, err := a.keyHolder(ctx, m.ID)
	if err != nil {
		return nil, "", err
	}
	made, session, err := rp.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
	if err != nil {
		return nil, "", fmt.Errorf("offer a passkey: %w", err)
	}
	return a.pose(ctx, offerPasskey, m.ID, made.Response, session)
}

// AskPasskey returns the options with which a browser shows a passkey; any, or
// one of the member's who waits for a second step.
func (a *Accounts) AskPasskey(ctx context.Context, m forum.Member) (options []byte, device string, err error) {
	rp, err := a.relyingParty()
	if err != nil {
		return nil, "", err
	}
	if !m.SignedIn() {
		asked, session, err := rp.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
		if err != nil {
			return nil, "", fmt.Errorf("ask for a passkey: %w", err)
		}
		return a.pose(ctx, askPasskey, 0, asked.Response, session)
	}
	h, err := a.keyHolder(ctx, m.ID)
	if err != nil {
		return nil, "", err
	}
	asked, session, err := rp.BeginLogin(h, webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", errs.Wrap(err, errs.Denied, "account_error_passkey")
	}
	return a.pose(ctx, askPasskey, m.ID, asked.Response, session)
}

func (a *Accounts) pose(ctx context.Context, kind string, id int64, options any, session *webauthn.SessionData) ([]byte, string, error) {
	text, err := json.Marshal(options)
	if err != nil {
		return nil, "", fmt.Errorf("write what is asked of a passkey: %w", err)
	}
	device, err := a.begin(ctx, kind, id, session)
	return text, device, err
}

const insertPasskeySQL = `INSERT INTO passkeys (credential, person, name, data, created_at) VALUES ($1, $2, $3, $4, $5)`

// AddPasskey keeps the passkey that a browser has made for the member, named
// after the browser. With the first factor it returns recovery codes.
func (a *Accounts) AddPasskey(ctx context.Context, m forum.Member, device, answer, userAgent string) (codes []string, err error) {
	var session webauthn.SessionData
	owner, err := a.take(ctx, device, offerPasskey, &session)
	if err != nil {
		return nil, err
	}
	rp, err := a.relyingParty()
	if err != nil {
		return nil, err
	}
	h, err := a.keyHolder(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBody(strings.NewReader(answer))
	if err != nil || owner != m.ID {
		return nil, errs.Wrap(err, errs.Denied, "account_error_passkey")
	}
	key, err := rp.CreateCredential(h, session, parsed)
	if err != nil || !key.Flags.UserVerified {
		return nil, errs.Wrap(err, errs.Denied, "account_error_passkey")
	}
	data, err := json.Marshal(key)
	if err != nil {
		return nil, fmt.Errorf("write a passkey as JSON: %w", err)
	}
	err = a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		if _, err := a.mayChange(ctx, tx, m); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, insertPasskeySQL, credential(key.ID), m.ID, summary(userAgent), string(data), database.Millis(a.now()))
		if database.IsDuplicate(err) {
			return errs.Wrap(err, errs.Conflict, "account_error_passkey")
		}
		if err != nil {
			return fmt.Errorf("keep a passkey: %w", err)
		}
		codes, err = a.added(ctx, tx, m, "passkey")
		return err
	})
	return codes, err
}

// RemovePasskey forgets one of the member's passkeys.
func (a *Accounts) RemovePasskey(ctx context.Context, m forum.Member, id int64) error {
	return a.remove(ctx, m, "passkey", `DELETE FROM passkeys WHERE person = $1 AND id = $2`, id)
}

func credential(id []byte) string { return base64.RawURLEncoding.EncodeToString(id) }

const (
	passkeyOwnerSQL = `
SELECT k.person FROM passkeys k
JOIN persons p ON p.id = k.person AND p.suspended_at IS NULL
JOIN occupancies o ON o.person = p.id AND o.until IS NULL
WHERE k.credential = $1`
	usePasskeySQL = `UPDATE passkeys SET data = $2, used_at = $3 WHERE credential = $1`
)

// WithPasskey signs in with what a browser's passkey has answered. The key has
// seen its owner's finger, face or PIN, so the session is strong at once.
func (a *Accounts) WithPasskey(ctx context.Context, device, answer, userAgent string) (token string, err error) {
	var session webauthn.SessionData
	expected, err := a.take(ctx, device, askPasskey, &session)
	if err != nil {
		return "", err
	}
	id, key, err := a.verify(ctx, session, answer)
	if err != nil {
		return "", err
	}
	if expected != 0 && expected != id || key.Authenticator.CloneWarning {
		return "", errs.New(errs.Denied, "account_error_passkey")
	}
	data, err := json.Marshal(key)
	if err != nil {
		return "", fmt.Errorf("write a passkey as JSON: %w", err)
	}
	err = a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		if _, err := tx.ExecContext(ctx, usePasskeySQL, credential(key.ID), string(data), database.Millis(a.now())); err != nil {
			return fmt.Errorf("note a passkey's use: %w", err)
		}
		token, err = a.openSession(ctx, tx, id, userAgent, true)
		return err
	})
	return token, err
}

// verify finds the owner of the passkey that answered, and proves the answer.
func (a *Accounts) verify(ctx context.Context, session webauthn.SessionData, answer string) (int64, *webauthn.Credential, error) {
	rp, err := a.relyingParty()
	if err != nil {
		return 0, nil, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBody(strings.NewReader(answer))
	if err != nil {
		return 0, nil, errs.Wrap(err, errs.Denied, "account_error_passkey")
	}
	var id int64
	err = a.db.Reader().QueryRowContext(ctx, passkeyOwnerSQL, credential(parsed.RawID)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, errs.New(errs.Denied, "account_error_passkey")
	}
	if err != nil {
		return 0, nil, fmt.Errorf("find a passkey's owner: %w", err)
	}
	h, err := a.keyHolder(ctx, id)
	if err != nil {
		return 0, nil, err
	}
	var key *webauthn.Credential
	if len(session.UserID) > 0 {
		key, err = rp.ValidateLogin(h, session, parsed)
	} else {
		key, err = rp.ValidateDiscoverableLogin(func(_, _ []byte) (webauthn.User, error) { return h, nil }, session, parsed)
	}
	if err != nil {
		return 0, nil, errs.Wrap(err, errs.Denied, "account_error_passkey")
	}
	return id, key, nil
}
