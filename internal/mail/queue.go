package mail

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"cmc/internal/database"
)

// How long a letter is tried, and how long whoever sends it may take.
const (
	KeepTrying = 3 * 24 * time.Hour
	// lease is when another node may take a letter that one has taken: after
	// more than the connection's beginning and the letter can last.
	lease         = 3 * time.Minute
	queueRetry    = time.Minute // then four times as long, up to
	retryLongest  = 8 * time.Hour
	serverLongest = 15 * time.Minute // between two attempts to reach the server
	lookEvery     = time.Minute      // for letters that another node wrote
	forgetAfter   = 90 * 24 * time.Hour
)

// ErrNothing says that a letter has nothing left to tell, or nobody to tell it.
var ErrNothing = errors.New("nothing to send")

// QueueOptions set up a Queue.
type QueueOptions struct {
	Options
	DB  *database.DB
	Now func() time.Time // time.Now when nil
	// Write says what a letter says, and to whom, at the moment when it leaves:
	// what was taken back meanwhile stays untold. Its second result is whom the
	// database knows the address by.
	Write func(context.Context, Waiting) (Letter, int64, error)
	// Bounces is the address to which reports of failure go. A + and the
	// letter's token are put before its @. Empty: to From.
	Bounces string
}

// Waiting is a letter that is kept in the database until it is sent.
type Waiting struct {
	ID        int64
	Message   string // its Message-ID without < and >, one for each seat
	Seat      int64
	Person    int64
	Kind      string
	About     json.RawMessage // what it tells of
	Room      int64           // when it tells of one room, else 0
	CreatedAt time.Time
	ExpiresAt time.Time

	token string
	tries int
}

// Queue sends the letters that are kept in the database. Each node has one.
type Queue struct {
	QueueOptions
	carrier carrier
	node    string
	woken   chan struct{}
}

// NewQueue returns a queue; nothing leaves it before Run.
func NewQueue(opt QueueOptions) *Queue {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Retry == 0 {
		opt.Retry = queueRetry
	}
	return &Queue{
		QueueOptions: opt, carrier: carrier{Options: opt.Options},
		node: rand.Text()[:8], woken: make(chan struct{}, 1),
	}
}

const putSQL = `
INSERT INTO letters (message, seat, person, kind, about, room, subject, token, created_at, expires_at, due_at)
VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, $9, $8) ON CONFLICT (seat, message) DO NOTHING`

// Put keeps a letter, in the transaction of what it tells. One that a seat has
// already under this Message-ID is not kept again.
func (q *Queue) Put(ctx context.Context, tx *database.Tx, w Waiting) error {
	var room any
	if w.Room != 0 {
		room = w.Room
	}
	if w.ExpiresAt.IsZero() {
		w.ExpiresAt = w.CreatedAt.Add(KeepTrying)
	}
	if _, err := tx.ExecContext(ctx, putSQL, w.Message, w.Seat, w.Person, w.Kind, string(w.About), room,
		strings.ToLower(rand.Text()), database.Millis(w.CreatedAt), database.Millis(w.ExpiresAt)); err != nil {
		return fmt.Errorf("keep a letter for seat %d: %w", w.Seat, err)
	}
	return nil
}

// Wake makes Run look for letters now; without it they are found in a minute.
func (q *Queue) Wake() {
	select {
	case q.woken <- struct{}{}:
	default: // it will look anyway
	}
}

// Run sends what is due until ctx ends.
func (q *Queue) Run(ctx context.Context) {
	defer q.carrier.hangUp()
	clean := time.NewTicker(time.Hour)
	defer clean.Stop()
	failures := 0 // of the server, one after another
	for {
		err := q.SendDue(ctx)
		if ctx.Err() != nil {
			return
		}
		wait := min(q.Retry<<min(failures, 10), serverLongest)
		if failures++; err == nil {
			failures = 0
			wait = q.untilNext(ctx)
		} else {
			q.Log.WarnContext(ctx, "mail delayed", slog.Any("err", err))
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-q.wakes(failures):
		case <-clean.C:
			q.forget(ctx)
		}
		timer.Stop()
	}
}

// wakes is where Wake is heard, but not while the server has trouble: new
// letters would only join those that wait for it.
func (q *Queue) wakes(failures int) <-chan struct{} {
	if failures > 0 {
		return nil
	}
	return q.woken
}

// SendDue sends what is due now, one letter after another. An error is of the
// server or the database: the rest would fare the same.
func (q *Queue) SendDue(ctx context.Context) error {
	defer q.carrier.hangUp()
	for ctx.Err() == nil {
		w, ok, err := q.claim(ctx)
		if err != nil || !ok {
			return err
		}
		// What was begun is ended: a letter cut off would be sent again.
		if err := q.send(context.WithoutCancel(ctx), w); err != nil {
			return err
		}
	}
	return nil
}

// send writes a letter, hands it to the server and notes how that went.
func (q *Queue) send(ctx context.Context, w Waiting) error {
	l, person, err := q.Write(ctx, w)
	if errors.Is(err, ErrNothing) {
		return q.drop(ctx, w)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write letter %d: %w", w.ID, err), q.later(ctx, w, w.tries, "not written"))
	}
	l.ID, l.Date, l.ReturnPath = w.Message, w.CreatedAt, q.returnPath(w)
	err = q.carrier.carry(ctx, l)
	if err == nil {
		return q.sent(ctx, w, person, l.Subject)
	}
	f, ok := errors.AsType[*Failure](err)
	switch {
	case !ok:
		return errors.Join(err, q.later(ctx, w, w.tries, "not sent"))
	case f.Permanent:
		return q.refused(ctx, w, person, l.Subject, f)
	case f.Server: // it's Run that waits, ever longer, and not each letter
		return errors.Join(f, q.later(ctx, w, 1, f.Text))
	}
	q.Log.WarnContext(ctx, "letter delayed", slog.Int64("letter", w.ID), slog.Int("tries", w.tries), slog.String("said", f.Text))
	return q.later(ctx, w, w.tries, f.Text)
}

// returnPath is where a report of this letter's failure goes.
func (q *Queue) returnPath(w Waiting) string {
	local, domain, ok := strings.Cut(q.Bounces, "@")
	if !ok {
		return ""
	}
	return local + "+" + w.token + "@" + domain
}
