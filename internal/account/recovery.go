package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cmc/forum"
	"cmc/internal/audit"
	"cmc/internal/database"
	"cmc/internal/errs"
	"cmc/internal/mail"
)

// A person who has lost their mailbox, or their second step, gets back in when
// two others vouch for them: somebody of their delegation asks, somebody else of
// the secretariat grants. The old mailbox is told and may still say no; when the
// waiting time is over, the new address counts, and every session and factor of
// before is gone.

// RecoveryLife is how long the secretariat may take to answer.
const RecoveryLife = 14 * 24 * time.Hour

// Recovery is such a request.
type Recovery struct {
	ID         int64
	Person     int64
	Name       string
	Delegation string // code
	Address    string // the new one
	Asker      string
	AskedAt    time.Time
	ReadyAt    time.Time // zero: not granted yet
	Mine       bool      // the reader asked, or is the person concerned
}

const (
	colleagueSQL = `
SELECT p.address FROM persons p JOIN occupancies o ON o.person = p.id AND o.until IS NULL JOIN seats s ON s.id = o.seat
WHERE p.id = $1 AND s.delegation = $2 AND p.suspended_at IS NULL`
	addressTakenSQL   = `SELECT count(*) FROM persons WHERE address = $1 AND id <> $2`
	openRecoverySQL   = `SELECT count(*) FROM recoveries WHERE person = $1 AND cancelled_at IS NULL AND done_at IS NULL AND (ready_at IS NOT NULL OR expires_at > $2)`
	insertRecoverySQL = `
INSERT INTO recoveries (person, address, asked_by, asked_at, expires_at, cancel_hash) VALUES ($1, $2, $3, $4, $5, '')`
)

// AskRecovery vouches for a colleague of one's own delegation: this address is
// theirs now. It may be the address they have, if only their second step is
// lost. Whether somebody else has it is for the secretariat to know (Grant).
func (a *Accounts) AskRecovery(ctx context.Context, by forum.Member, id int64, address string) error {
	if !by.SignedIn() {
		return errs.New(errs.Unauthenticated, "account_error_session")
	}
	address, fault := cleanAddress(address)
	if fault != nil {
		return errs.Fields{fault}
	}
	return a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		if err := a.count(ctx, tx, "recovery:"+person(by.ID), limitFactor); err != nil {
			return err
		}
		var old string
		err := tx.QueryRowContext(ctx, colleagueSQL, id, by.Delegation.Code).Scan(&old)
		if errors.Is(err, sql.ErrNoRows) || id == by.ID {
			return errs.Fields{errs.New(errs.Invalid, "account_error_colleague").On("person")}
		}
		if err != nil {
			return fmt.Errorf("look for a colleague: %w", err)
		}
		now := a.now()
		var open int
		if err := tx.QueryRowContext(ctx, openRecoverySQL, id, database.Millis(now)).Scan(&open); err != nil {
			return fmt.Errorf("look for a request: %w", err)
		}
		if open > 0 {
			return errs.Fields{errs.New(errs.Conflict, "account_error_recovery_open").On("person")}
		}
		if _, err := tx.ExecContext(ctx, insertRecoverySQL, id, address, by.ID, database.Millis(now), database.Millis(now.Add(RecoveryLife))); err != nil {
			return fmt.Errorf("keep a request: %w", err)
		}
		return a.note(ctx, tx, by.ID, "recovery.ask", person(id), "")
	})
}

const recoveriesSQL = `
SELECT r.id, r.person, p.name, s.delegation, r.address, q.name, r.asked_by, r.asked_at, coalesce(r.ready_at, 0)
FROM recoveries r JOIN persons p ON p.id = r.person JOIN persons q ON q.id = r.asked_by
JOIN occupancies o ON o.person = p.id AND o.until IS NULL JOIN seats s ON s.id = o.seat
WHERE r.cancelled_at IS NULL AND r.done_at IS NULL AND (r.ready_at IS NOT NULL OR r.expires_at > $1) ORDER BY r.id`

// Recoveries lists the requests under way, for the secretariat.
func (a *Accounts) Recoveries(ctx context.Context, by forum.Member) ([]Recovery, error) {
	if err := mayManage(by); err != nil {
		return nil, err
	}
	var list []Recovery
	err := a.each(ctx, "list requests", recoveriesSQL, []any{database.Millis(a.now())}, func(row scanner) error {
		var r Recovery
		var asker, asked, ready int64
		if err := row.Scan(&r.ID, &r.Person, &r.Name, &r.Delegation, &r.Address, &r.Asker, &asker, &asked, &ready); err != nil {
			return err
		}
		r.AskedAt, r.Mine = database.Time(asked), asker == by.ID || r.Person == by.ID
		if ready != 0 {
			r.ReadyAt = database.Time(ready)
		}
		list = append(list, r)
		return nil
	})
	return list, err
}

const (
	grantRecoverySQL = `
UPDATE recoveries SET granted_by = $2, granted_at = $3, ready_at = $4, cancel_hash = $5
WHERE id = $1 AND granted_at IS NULL AND cancelled_at IS NULL AND expires_at > $3 AND asked_by <> $2 AND person <> $2
RETURNING person, address`
	addressOfSQL      = `SELECT address, lang FROM persons WHERE id = $1`
	refuseRecoverySQL = `
UPDATE recoveries SET cancelled_at = $2 WHERE id = $1 AND cancelled_at IS NULL AND done_at IS NULL RETURNING person`
)

// GrantRecovery is the second person's word. The old mailbox gets a letter with
// which the request can still be stopped, the new one a letter that says from
// when it counts. Whoever asked, or is concerned, can't grant.
func (a *Accounts) GrantRecovery(ctx context.Context, by forum.Member, id int64) error {
	token, code := newSecret(), newCode()
	now := a.now()
	ready := now.Add(a.opt.RecoveryWait)
	var letters []mail.Letter
	err := a.manage(ctx, by, func(ctx context.Context, tx *database.Tx) error {
		var concerned int64
		var address, old, lang string
		err := tx.QueryRowContext(ctx, grantRecoverySQL, id, by.ID, database.Millis(now), database.Millis(ready),
			cancelHash(token, code)).Scan(&concerned, &address)
		if errors.Is(err, sql.ErrNoRows) {
			return errs.New(errs.Conflict, "account_error_recovery_grant")
		}
		if err != nil {
			return fmt.Errorf("grant a request: %w", err)
		}
		if taken, err := a.taken(ctx, tx, address, concerned); err != nil || taken {
			return errors.Join(err, errs.New(errs.Conflict, "account_error_address_taken"))
		}
		if err := tx.QueryRowContext(ctx, addressOfSQL, concerned).Scan(&old, &lang); err != nil {
			return fmt.Errorf("read the old address: %w", err)
		}
		letters = a.recoveryLetters(recoveryNews{old: old, address: address, lang: lang, token: token, code: code, ready: ready})
		return a.note(ctx, tx, by.ID, "recovery.grant", person(concerned), "")
	})
	if err != nil {
		return err
	}
	for _, l := range letters {
		err = errors.Join(err, a.opt.Outbox.Send(l))
	}
	return err
}

// RefuseRecovery ends a request, granted or not.
func (a *Accounts) RefuseRecovery(ctx context.Context, by forum.Member, id int64) error {
	return a.manage(ctx, by, func(ctx context.Context, tx *database.Tx) error {
		var concerned int64
		err := tx.QueryRowContext(ctx, refuseRecoverySQL, id, database.Millis(a.now())).Scan(&concerned)
		if errors.Is(err, sql.ErrNoRows) {
			return nil // ended already
		}
		if err != nil {
			return fmt.Errorf("refuse a request: %w", err)
		}
		return a.note(ctx, tx, by.ID, "recovery.refuse", person(concerned), "")
	})
}

// cancelHash keeps what the letter to the old mailbox carries: a link, and a
// code to type, without which a scanner that sends every form stops nothing.
func cancelHash(token, code string) string { return hash(token) + ":" + hashCode(token, code) }

const cancelRecoverySQL = `
UPDATE recoveries SET cancelled_at = $2 WHERE cancel_hash = $1 AND cancelled_at IS NULL AND done_at IS NULL RETURNING person`

// CancelRecovery is the old mailbox's no. A wrong code is Invalid on field "code".
func (a *Accounts) CancelRecovery(ctx context.Context, token, code string) error {
	wrong := errs.Fields{errs.New(errs.Invalid, "account_error_cancel").On("code")}
	if code = readCode(code); len(code) != codeLength {
		return wrong // and no try: this is what a scanner sends
	}
	return a.judged(ctx, func(ctx context.Context, tx *database.Tx) (verdict, err error) {
		if err := a.count(ctx, tx, "cancel:"+hash(token), limitFactor); err != nil {
			return nil, err
		}
		var concerned int64
		err = tx.QueryRowContext(ctx, cancelRecoverySQL, cancelHash(token, code), database.Millis(a.now())).Scan(&concerned)
		if errors.Is(err, sql.ErrNoRows) {
			return wrong, nil
		}
		if err != nil {
			return nil, fmt.Errorf("cancel a request: %w", err)
		}
		return nil, a.note(ctx, tx, concerned, "recovery.cancel", person(concerned), "")
	})
}

const (
	dueRecoveriesSQL = `
SELECT id, person, address FROM recoveries
WHERE ready_at <= $1 AND cancelled_at IS NULL AND done_at IS NULL ORDER BY id LIMIT 20`
	endRecoverySQL = `UPDATE recoveries SET done_at = $2 WHERE id = $1`
	voidSQL        = `UPDATE recoveries SET cancelled_at = $2 WHERE id = $1`
	newAddressSQL  = `UPDATE persons SET address = $2 WHERE id = $1`
)

// EndRecoveries carries out what was granted and has waited.
func (a *Accounts) EndRecoveries(ctx context.Context) error {
	var due []Recovery
	err := a.each(ctx, "look for requests that have waited", dueRecoveriesSQL, []any{database.Millis(a.now())}, func(row scanner) error {
		var r Recovery
		err := row.Scan(&r.ID, &r.Person, &r.Address)
		due = append(due, r)
		return err
	})
	for _, r := range due {
		err = errors.Join(err, a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error { return a.endRecovery(ctx, tx, r) }))
	}
	return err
}

func (a *Accounts) endRecovery(ctx context.Context, tx *database.Tx, r Recovery) error {
	now := database.Millis(a.now())
	taken, err := a.taken(ctx, tx, r.Address, r.Person)
	if err != nil {
		return err
	}
	if taken { // somebody else was invited with it meanwhile
		if _, err := tx.ExecContext(ctx, voidSQL, r.ID, now); err != nil {
			return fmt.Errorf("end a request: %w", err)
		}
		return a.note(ctx, tx, audit.Program, "recovery.void", person(r.Person), "")
	}
	done, err := changed(tx.ExecContext(ctx, endRecoverySQL+` AND done_at IS NULL AND cancelled_at IS NULL`, r.ID, now))
	if err != nil || !done {
		return err // another node was quicker, or the old mailbox said no
	}
	if _, err := tx.ExecContext(ctx, newAddressSQL, r.Person, r.Address); err != nil {
		return fmt.Errorf("give a person a new address: %w", err)
	}
	if err := a.dropFactors(ctx, tx, r.Person); err != nil {
		return err
	}
	return a.note(ctx, tx, audit.Program, "recovery.done", person(r.Person), "")
}

// taken tells whether another person has an address.
func (a *Accounts) taken(ctx context.Context, tx *database.Tx, address string, id int64) (bool, error) {
	var others int
	if err := tx.QueryRowContext(ctx, addressTakenSQL, address, id).Scan(&others); err != nil {
		return false, fmt.Errorf("look for an address: %w", err)
	}
	return others > 0, nil
}

// dropFactors ends every session of a person and every way in but their mailbox.
func (a *Accounts) dropFactors(ctx context.Context, tx *database.Tx, id int64) error {
	for _, statement := range []string{
		`DELETE FROM authenticators WHERE person = $1`,
		`DELETE FROM passkeys WHERE person = $1`,
		dropCodesSQL,
		`DELETE FROM identities WHERE person = $1`,
	} {
		if _, err := tx.ExecContext(ctx, statement, id); err != nil {
			return fmt.Errorf("drop the factors of person %d: %w", id, err)
		}
	}
	return a.signOutPerson(ctx, tx, id)
}
