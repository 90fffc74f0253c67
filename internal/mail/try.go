package mail

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"cmc/internal/database"
	"cmc/internal/errs"
)

// How often somebody may have a letter sent to see whether it comes.
const (
	testWindow = time.Hour
	testLimit  = 3
)

const testsSQL = `SELECT count(*) FROM letters WHERE seat = $1 AND kind = $2 AND created_at > $3`

// Try keeps a letter that only shows that letters come; domain is that of its
// Message-ID.
func (q *Queue) Try(ctx context.Context, seat, person int64, domain string) error {
	now := q.Now()
	err := q.DB.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, testsSQL, seat, KindTest, database.Millis(now.Add(-testWindow))).Scan(&n); err != nil {
			return fmt.Errorf("count the letters that seat %d tried: %w", seat, err)
		}
		if n >= testLimit {
			return errs.New(errs.TooMany, "forum_mail_error_often")
		}
		return q.Put(ctx, tx, Waiting{
			Message: "test-" + strings.ToLower(rand.Text()) + "@" + domain, Seat: seat, Person: person, Kind: KindTest,
			About: []byte("{}"), CreatedAt: now, ExpiresAt: now.Add(testWindow),
		})
	})
	if err == nil {
		q.Wake()
	}
	return err
}
