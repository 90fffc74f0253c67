package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
)

// Session is a signed-in device.
type Session struct {
	ID        int64
	Agent     string // such as "Firefox on Windows"
	CreatedAt time.Time
	SeenAt    time.Time
	Strong    bool // opened with a second step
	Current   bool // the one that asks
}

// seenEvery is how exactly the last use of a session is known.
const seenEvery = 5 * time.Minute

const insertSessionSQL = `
INSERT INTO sessions (token_hash, person, agent, created_at, seen_at, expires_at, strong_at) VALUES ($1, $2, $3, $4, $4, $5, $6)`

// openSession signs a device in; strong says that it has shown more than a
// mailbox already.
func (a *Accounts) openSession(ctx context.Context, tx *database.Tx, person int64, userAgent string, strong bool) (string, error) {
	token, now := newSecret(), a.now()
	var strongAt any
	if strong {
		strongAt = database.Millis(now)
	}
	if _, err := tx.ExecContext(ctx, insertSessionSQL, hash(token), person, summary(userAgent),
		database.Millis(now), database.Millis(now.Add(SessionLife)), strongAt); err != nil {
		return "", fmt.Errorf("open a session: %w", err)
	}
	return token, nil
}

// lookupSQL's last column says whether the session still waits for a second
// step: the secretariat's always does, anybody else's once they have one.
const lookupSQL = `
SELECT e.id, e.seen_at, p.id, p.name, p.lang, s.id, s.role,
	e.strong_at IS NULL AND (s.role = 'secretariat'
		OR EXISTS (SELECT 1 FROM authenticators f WHERE f.person = p.id)
		OR EXISTS (SELECT 1 FROM passkeys f WHERE f.person = p.id)),
	d.code, d.kind, d.names
FROM sessions e
JOIN persons p ON p.id = e.person
JOIN occupancies o ON o.person = p.id AND o.until IS NULL
JOIN seats s ON s.id = o.seat
JOIN delegations d ON d.code = s.delegation
WHERE e.token_hash = $1 AND e.revoked_at IS NULL AND e.expires_at > $2 AND e.seen_at > $3 AND p.suspended_at IS NULL`

const seenSQL = `UPDATE sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2`

// ErrFactor says that a session waits for its second step. Until then it has
// no right but to take that step (Waiting).
var ErrFactor = errs.New(errs.Unauthenticated, "account_error_factor") //nolint:gochecknoglobals // a sentinel

// Lookup returns the member behind a session token with the rights of this
// moment; Unauthenticated when there is none, ErrFactor when it waits.
func (a *Accounts) Lookup(ctx context.Context, token string) (forum.Member, error) {
	m, waits, err := a.session(ctx, token)
	if err == nil && waits {
		err = ErrFactor
	}
	if err != nil {
		return forum.Member{}, err
	}
	return m, nil
}

// Waiting returns who is behind a session that waits for its second step;
// Unauthenticated for any other.
func (a *Accounts) Waiting(ctx context.Context, token string) (forum.Member, error) {
	m, waits, err := a.session(ctx, token)
	if err == nil && !waits {
		err = errs.New(errs.Unauthenticated, "account_error_session")
	}
	if err != nil {
		return forum.Member{}, err
	}
	return m, nil
}

func (a *Accounts) session(ctx context.Context, token string) (m forum.Member, waits bool, err error) {
	var seen int64
	now := a.now()
	row := a.db.Reader().QueryRowContext(ctx, lookupSQL, hash(token), database.Millis(now), database.Millis(now.Add(-SessionIdle)))
	err = scanDelegation(row, &m.Delegation, &m.Session, &seen, &m.ID, &m.Name, &m.Lang, &m.Seat, &m.Role, &waits)
	if token == "" || errors.Is(err, sql.ErrNoRows) {
		return forum.Member{}, false, errs.New(errs.Unauthenticated, "account_error_session")
	}
	if err != nil {
		return forum.Member{}, false, fmt.Errorf("look up a session: %w", err)
	}
	for name, codes := range a.opt.Groups {
		if slices.Contains(codes, m.Delegation.Code) {
			m.Groups = append(m.Groups, name)
		}
	}
	slices.Sort(m.Groups)
	if now.Sub(database.Time(seen)) > seenEvery {
		err = a.exec(ctx, "note a session's use", seenSQL, m.Session, database.Millis(now))
	}
	return m, waits, err
}

const signOutSQL = `UPDATE sessions SET revoked_at = $2 WHERE token_hash = $1 AND revoked_at IS NULL`

// SignOut ends the session of a token. An unknown token is no error.
func (a *Accounts) SignOut(ctx context.Context, token string) error {
	return a.exec(ctx, "sign out", signOutSQL, hash(token), database.Millis(a.now()))
}

const revokeSQL = `UPDATE sessions SET revoked_at = $3 WHERE id = $1 AND person = $2 AND revoked_at IS NULL`

// Revoke ends one of the member's own sessions.
func (a *Accounts) Revoke(ctx context.Context, m forum.Member, session int64) error {
	return a.exec(ctx, "revoke a session", revokeSQL, session, m.ID, database.Millis(a.now()))
}

const revokeAllSQL = `UPDATE sessions SET revoked_at = $2 WHERE person = $1 AND revoked_at IS NULL`

// RevokeAll ends every session of the member, this one too.
func (a *Accounts) RevokeAll(ctx context.Context, m forum.Member) error {
	return a.exec(ctx, "sign out everywhere", revokeAllSQL, m.ID, database.Millis(a.now()))
}

func (a *Accounts) exec(ctx context.Context, doing, query string, args ...any) error {
	return a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
		return nil
	})
}

const sessionsSQL = `
SELECT id, agent, created_at, seen_at, strong_at IS NOT NULL FROM sessions
WHERE person = $1 AND revoked_at IS NULL AND expires_at > $2 AND seen_at > $3 ORDER BY seen_at DESC, id DESC`

// Sessions lists a member's signed-in devices, the last used first.
func (a *Accounts) Sessions(ctx context.Context, m forum.Member) (_ []Session, err error) {
	now := a.now()
	rows, err := a.db.Reader().QueryContext(ctx, sessionsSQL, m.ID, database.Millis(now), database.Millis(now.Add(-SessionIdle)))
	if err != nil {
		return nil, fmt.Errorf("list the sessions of person %d: %w", m.ID, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var all []Session
	for rows.Next() {
		var s Session
		var created, seen int64
		if err := rows.Scan(&s.ID, &s.Agent, &created, &seen, &s.Strong); err != nil {
			return nil, fmt.Errorf("read a session: %w", err)
		}
		s.CreatedAt, s.SeenAt, s.Current = database.Time(created), database.Time(seen), s.ID == m.Session
		all = append(all, s)
	}
	return all, rows.Err()
}
