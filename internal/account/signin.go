package account

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cmc/internal/database"
	"cmc/internal/errs"
)

// maxTries is how often a code may be typed.
const maxTries = 5

// asked is what a sign-in under way is about.
type asked struct {
	address, name, lang string
	invitation          int64 // 0: an ordinary sign-in
}

// SignIn mails a code and a link to an address, if a person has it, and
// returns the device secret for the cookie of the browser that asked. The
// answer is the same whether the address is known or not.
func (a *Accounts) SignIn(ctx context.Context, address, lang string) (device string, err error) {
	address, fault := cleanAddress(address)
	if fault != nil {
		return "", errs.Fields{fault}
	}
	if err := a.EndRecoveries(ctx); err != nil {
		return "", err
	}
	return a.challenge(ctx, asked{address: address, lang: a.lang(lang)})
}

const (
	personSQL = `
SELECT p.id FROM persons p JOIN occupancies o ON o.person = p.id AND o.until IS NULL
WHERE p.address = $1 AND p.suspended_at IS NULL`
	forgetChallengesSQL = `DELETE FROM challenges WHERE expires_at < $1`
	insertChallengeSQL  = `
INSERT INTO challenges (device_hash, link_hash, code_hash, person, invitation, address, name, lang, tries, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10)`
)

// challenge keeps a sign-in under way and mails its secrets. For an unknown
// address the row is the same and only the letter is not sent.
func (a *Accounts) challenge(ctx context.Context, in asked) (string, error) {
	if a.opt.Outbox.Full() { // asked first, so that the answer tells nothing about the address
		return "", errs.New(errs.Unavailable, "account_error_mail_full")
	}
	device, link, code := newSecret(), newSecret(), newCode()
	known := in.invitation != 0
	err := a.limited(ctx, in.address, func(ctx context.Context, tx *database.Tx) error {
		now := a.now()
		if _, err := tx.ExecContext(ctx, forgetChallengesSQL, database.Millis(now.Add(-24*time.Hour))); err != nil {
			return fmt.Errorf("forget old sign-ins: %w", err)
		}
		var person, invitation any
		if in.invitation != 0 {
			invitation = in.invitation
		} else {
			id, err := a.person(ctx, tx, in.address)
			if err != nil {
				return err
			}
			if known = id != 0; known {
				person = id
			}
		}
		_, err := tx.ExecContext(ctx, insertChallengeSQL, hash(device), hash(link), hashCode(device, code), person, invitation,
			in.address, in.name, in.lang, database.Millis(now), database.Millis(now.Add(CodeLife)))
		if err != nil {
			return fmt.Errorf("keep a sign-in: %w", err)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	if !known {
		return device, nil
	}
	return device, a.opt.Outbox.Send(a.codeLetter(in, code, link))
}

func (a *Accounts) person(ctx context.Context, q rowQuerier, address string) (int64, error) {
	var id int64
	err := q.QueryRowContext(ctx, personSQL, address).Scan(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("look for a person by address: %w", err)
	}
	return id, nil
}

// started is a sign-in under way as the database has it.
type started struct {
	asked
	id, person int64
	code       string // hash
}

const startedColumns = `id, coalesce(person, 0), coalesce(invitation, 0), address, name, lang, code_hash`

func (s *started) targets() []any {
	return []any{&s.id, &s.person, &s.invitation, &s.address, &s.name, &s.lang, &s.code}
}

// tryCodeSQL uses one try up before the code is looked at, so that many
// guesses at once count as many.
const tryCodeSQL = `
UPDATE challenges SET tries = tries + 1
WHERE device_hash = $1 AND used_at IS NULL AND expires_at > $2 AND tries < $3
RETURNING ` + startedColumns

// WithCode signs in with the typed code on the device that asked for it, and
// returns the session's token. A wrong code is Invalid on field "code"; after
// five, or when it is late, a new code must be asked for.
func (a *Accounts) WithCode(ctx context.Context, device, code, userAgent string) (token string, err error) {
	err = a.judged(ctx, func(ctx context.Context, tx *database.Tx) (verdict, err error) {
		token = ""
		var s started
		err = tx.QueryRowContext(ctx, tryCodeSQL, hash(device), database.Millis(a.now()), maxTries).Scan(s.targets()...)
		if errors.Is(err, sql.ErrNoRows) {
			return errs.Fields{errs.New(errs.Invalid, "account_error_code_late").On("code")}, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read a sign-in: %w", err)
		}
		given := hashCode(device, readCode(code))
		if subtle.ConstantTimeCompare([]byte(given), []byte(s.code)) != 1 || s.person == 0 && s.invitation == 0 {
			return errs.Fields{errs.New(errs.Invalid, "account_error_code_wrong").On("code")}, nil
		}
		token, err = a.finish(ctx, tx, s, userAgent)
		return nil, err
	})
	return token, err
}

const linkSQL = `
SELECT ` + startedColumns + ` FROM challenges
WHERE link_hash = $1 AND device_hash = $2 AND used_at IS NULL AND expires_at > $3`

// LinkReady reports, changing nothing, whether a link would sign this device
// in. Without the device's cookie the page says to type the code instead.
func (a *Accounts) LinkReady(ctx context.Context, device, link string) (bool, error) {
	_, err := a.linked(ctx, a.db.Reader(), device, link)
	if errs.KindOf(err) == errs.Denied {
		return false, nil
	}
	return err == nil, err
}

func (a *Accounts) linked(ctx context.Context, q rowQuerier, device, link string) (started, error) {
	var s started
	err := q.QueryRowContext(ctx, linkSQL, hash(link), hash(device), database.Millis(a.now())).Scan(s.targets()...)
	if errors.Is(err, sql.ErrNoRows) || err == nil && s.person == 0 && s.invitation == 0 {
		return started{}, errs.New(errs.Denied, "account_error_link")
	}
	if err != nil {
		return started{}, fmt.Errorf("read a sign-in: %w", err)
	}
	return s, nil
}

// WithLink signs in with the mailed link, on the device that asked for it
// only. On any other device it is Denied and nothing is used up.
func (a *Accounts) WithLink(ctx context.Context, device, link, userAgent string) (token string, err error) {
	err = a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		s, err := a.linked(ctx, tx, device, link)
		if err != nil {
			return err
		}
		token, err = a.finish(ctx, tx, s, userAgent)
		return err
	})
	return token, err
}

const useChallengeSQL = `UPDATE challenges SET used_at = $2 WHERE id = $1 AND used_at IS NULL`

// finish uses the sign-in up, seats an invited person, and opens a session.
func (a *Accounts) finish(ctx context.Context, tx *database.Tx, s started, userAgent string) (string, error) {
	used, err := tx.ExecContext(ctx, useChallengeSQL, s.id, database.Millis(a.now()))
	if err != nil {
		return "", fmt.Errorf("use a sign-in up: %w", err)
	}
	if n, err := used.RowsAffected(); err != nil || n != 1 {
		return "", errs.Wrap(err, errs.Denied, "account_error_link")
	}
	if s.invitation != 0 {
		if s.person, err = a.enrol(ctx, tx, s.asked); err != nil {
			return "", err
		}
	}
	return a.openSession(ctx, tx, s.person, userAgent, false)
}
