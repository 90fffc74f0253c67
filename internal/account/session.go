package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
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
	Current   bool // the one that asks
}

// seenEvery is how exactly the last use of a session is known.
const seenEvery = 5 * time.Minute

const insertSessionSQL = `
INSERT INTO sessions (token_hash, person, agent, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)`

func (a *Accounts) openSession(ctx context.Context, tx *database.Tx, person int64, userAgent string) (string, error) {
	token, now := newSecret(), a.now()
	if _, err := tx.ExecContext(ctx, insertSessionSQL, hash(token), person, summary(userAgent),
		database.Millis(now), database.Millis(now.Add(SessionLife))); err != nil {
		return "", fmt.Errorf("open a session: %w", err)
	}
	return token, nil
}

const lookupSQL = `
SELECT e.id, e.seen_at, p.id, p.name, p.lang, s.id, s.role, d.code, d.kind, d.names
FROM sessions e
JOIN persons p ON p.id = e.person
JOIN occupancies o ON o.person = p.id AND o.until IS NULL
JOIN seats s ON s.id = o.seat
JOIN delegations d ON d.code = s.delegation
WHERE e.token_hash = $1 AND e.revoked_at IS NULL AND e.expires_at > $2 AND e.seen_at > $3 AND p.suspended_at IS NULL`

const seenSQL = `UPDATE sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2`

// Lookup returns the member behind a session token with the rights of this
// moment; Unauthenticated when there is none.
func (a *Accounts) Lookup(ctx context.Context, token string) (forum.Member, error) {
	var m forum.Member
	var seen int64
	now := a.now()
	row := a.db.Reader().QueryRowContext(ctx, lookupSQL, hash(token), database.Millis(now), database.Millis(now.Add(-SessionIdle)))
	err := scanDelegation(row, &m.Delegation, &m.Session, &seen, &m.ID, &m.Name, &m.Lang, &m.Seat, &m.Role)
	if token == "" || errors.Is(err, sql.ErrNoRows) {
		return forum.Member{}, errs.New(errs.Unauthenticated, "account_error_session")
	}
	if err != nil {
		return forum.Member{}, fmt.Errorf("look up a session: %w", err)
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
	return m, err
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

func (a *Accounts) exec(ctx context.Context, doing, query string, args ...any) error {
	return a.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
		return nil
	})
}

const sessionsSQL = `
SELECT id, agent, created_at, seen_at FROM sessions
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
		if err := rows.Scan(&s.ID, &s.Agent, &created, &seen); err != nil {
			return nil, fmt.Errorf("read a session: %w", err)
		}
		s.CreatedAt, s.SeenAt, s.Current = database.Time(created), database.Time(seen), s.ID == m.Session
		all = append(all, s)
	}
	return all, rows.Err()
}

// summary names the browser and the system, as far as its owner needs it to
// tell two devices apart; nothing else of the header is kept.
func summary(userAgent string) string {
	find := func(pairs ...string) string {
		for i := 0; i < len(pairs); i += 2 {
			if strings.Contains(userAgent, pairs[i]) {
				return pairs[i+1]
			}
		}
		return ""
	}
	browser := find("Edg", "Edge", "OPR/", "Opera", "SamsungBrowser", "Samsung Internet", "Firefox", "Firefox",
		"FxiOS", "Firefox", "CriOS", "Chrome", "Chrome", "Chrome", "Safari", "Safari", "curl", "curl")
	system := find("Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows",
		"CrOS", "ChromeOS", "Mac OS", "macOS", "Linux", "Linux")
	return strings.Trim(browser+" · "+system, " ·")
}
