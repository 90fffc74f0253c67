package account

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"cmc/internal/database"
	"cmc/internal/errs"
)

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
