package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

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
