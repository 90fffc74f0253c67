package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"time"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

// Invitation is what the holder of an invitation link may read before
// accepting. Address is empty on the secretariat's enrolment link: whoever
// accepts then gives their own.
type Invitation struct {
	Address    string
	Delegation forum.Delegation
	Role       forum.Role
	Lang       string
	ExpiresAt  time.Time

	id int64
}

// Invite is what an inviting member asks for.
type Invite struct {
	Address    string
	Delegation string // code
	Role       forum.Role
	Lang       string // of the mail
}

const (
	secretariatSQL = `
SELECT count(*) FROM occupancies o JOIN seats s ON s.id = o.seat JOIN persons p ON p.id = o.person
WHERE o.until IS NULL AND p.suspended_at IS NULL AND s.role = 'secretariat'`
	secretariatCodeSQL = `SELECT code FROM delegations WHERE kind = 'secretariat' ORDER BY code LIMIT 1`
	endEnrolmentsSQL   = `UPDATE invitations SET expires_at = $1 WHERE address = '' AND used_at IS NULL AND expires_at > $1`
)

// Enrolment returns the token of a fresh one-time link with which the
// secretariat enrols, or "" when somebody has enrolled already. Links made by
// earlier starts stop working.
func (a *Accounts) Enrolment(ctx context.Context) (token string, err error) {
	err = a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		token = ""
		var enrolled int
		if err := tx.QueryRowContext(ctx, secretariatSQL).Scan(&enrolled); err != nil {
			return fmt.Errorf("look for the secretariat: %w", err)
		}
		if enrolled > 0 {
			return nil
		}
		var code string
		err := tx.QueryRowContext(ctx, secretariatCodeSQL).Scan(&code)
		if errors.Is(err, sql.ErrNoRows) {
			return errors.New("no delegation of kind secretariat is known; name one in data/delegations.yaml")
		}
		if err != nil {
			return fmt.Errorf("find the secretariat's delegation: %w", err)
		}
		if _, err := tx.ExecContext(ctx, endEnrolmentsSQL, database.Millis(a.now())); err != nil {
			return fmt.Errorf("end earlier enrolment links: %w", err)
		}
		token, err = a.insertInvitation(ctx, tx, Operator(), Invite{Delegation: code, Role: forum.RoleSecretariat})
		return err
	})
	return token, err
}

// Invite makes an invitation, mails it and returns its token. by is a member
// of the secretariat, or the Operator.
func (a *Accounts) Invite(ctx context.Context, by forum.Member, in Invite) (string, error) {
	if !by.Secretariat() {
		return "", errs.New(errs.Denied, "account_error_invite")
	}
	address, fault := cleanAddress(in.Address)
	if fault != nil {
		return "", errs.Fields{fault}
	}
	in.Address, in.Lang = address, a.lang(in.Lang)
	var token string
	var delegation forum.Delegation
	err := a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		var err error
		delegation, err = readDelegation(ctx, tx, in.Delegation)
		if errors.Is(err, sql.ErrNoRows) {
			return errs.Wrap(err, errs.Invalid, "account_error_delegation", "Code", in.Delegation).On("delegation")
		}
		if err != nil {
			return err
		}
		if !fits(in.Role, delegation.Kind) {
			return errs.New(errs.Invalid, "account_error_role", "Role", string(in.Role)).On("role")
		}
		token, err = a.insertInvitation(ctx, tx, by, in)
		return err
	})
	if err != nil {
		return "", err
	}
	return token, a.opt.Outbox.Send(a.invitationLetter(in, delegation, token))
}

// InvitationPath is the path of an invitation's page.
func InvitationPath(token string) string {
	return "/account/invitation?token=" + url.QueryEscape(token)
}

const insertInvitationSQL = `
INSERT INTO invitations (token_hash, address, delegation, role, lang, invited_by, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`

func (a *Accounts) insertInvitation(ctx context.Context, tx *database.Tx, by forum.Member, in Invite) (string, error) {
	token, now := newSecret(), a.now()
	var inviter any
	if by.ID > 0 {
		inviter = by.ID
	}
	if _, err := tx.ExecContext(ctx, insertInvitationSQL, hash(token), in.Address, in.Delegation, string(in.Role),
		a.lang(in.Lang), inviter, database.Millis(now), database.Millis(now.Add(InvitationLife))); err != nil {
		return "", fmt.Errorf("keep an invitation: %w", err)
	}
	return token, a.note(ctx, tx, by.ID, "invitation.send", "delegation:"+in.Delegation, string(in.Role))
}

const invitationSQL = `
SELECT i.id, i.address, i.role, i.lang, i.expires_at, d.code, d.kind, d.names
FROM invitations i JOIN delegations d ON d.code = i.delegation
WHERE i.token_hash = $1 AND i.used_at IS NULL AND i.expires_at > $2`

// Invitation reads an invitation and changes nothing. A token that is unknown,
// used or expired is NotFound.
func (a *Accounts) Invitation(ctx context.Context, token string) (Invitation, error) {
	return a.invitation(ctx, a.db.Reader(), token)
}

func (a *Accounts) invitation(ctx context.Context, q rowQuerier, token string) (Invitation, error) {
	var in Invitation
	var expires int64
	row := q.QueryRowContext(ctx, invitationSQL, hash(token), database.Millis(a.now()))
	err := scanDelegation(row, &in.Delegation, &in.id, &in.Address, &in.Role, &in.Lang, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return Invitation{}, errs.New(errs.NotFound, "account_error_invitation")
	}
	if err != nil {
		return Invitation{}, fmt.Errorf("read an invitation: %w", err)
	}
	in.ExpiresAt = database.Time(expires)
	return in, nil
}

// Acceptance is what the holder of an invitation sends.
type Acceptance struct {
	Token   string
	Name    string
	Address string // only read when the invitation has none
	Lang    string
}

// Accept mails a code to the invited address and returns the device secret for
// the cookie of the browser that asked. It does not use the invitation up: that
// happens when the code comes back (WithCode, WithLink), so a scanner that
// submits the form breaks nothing.
func (a *Accounts) Accept(ctx context.Context, in Acceptance) (device string, err error) {
	invitation, err := a.Invitation(ctx, in.Token)
	if err != nil {
		return "", err
	}
	var faults errs.Fields
	name, fault := forum.CleanLine("name", in.Name, forum.MaxName)
	if fault != nil {
		faults = append(faults, fault)
	}
	address := invitation.Address
	if address == "" {
		if address, fault = cleanAddress(in.Address); fault != nil {
			faults = append(faults, fault)
		}
	}
	if err := faults.OrNil(); err != nil {
		return "", err
	}
	return a.challenge(ctx, asked{address: address, name: name, lang: a.lang(in.Lang), invitation: invitation.id})
}
