package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"cmc/internal/database"
	"cmc/internal/errs"
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

const passkeysSQL = `
SELECT id, name, created_at, coalesce(used_at, 0) FROM passkeys WHERE person = $1 ORDER BY created_at, id`

func (a *Accounts) passkeys(ctx context.Context, person int64) (_ []Passkey, err error) {
	rows, err := a.db.Reader().QueryContext(ctx, passkeysSQL, person)
	if err != nil {
		return nil, fmt.Errorf("list the passkeys of person %d: %w", person, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var all []Passkey
	for rows.Next() {
		var k Passkey
		var created, used int64
		if err := rows.Scan(&k.ID, &k.Name, &created, &used); err != nil {
			return nil, fmt.Errorf("read a passkey: %w", err)
		}
		k.CreatedAt = database.Time(created)
		if used != 0 {
			k.UsedAt = database.Time(used)
		}
		all = append(all, k)
	}
	return all, rows.Err()
}
