package account

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
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
