package mail

import (
	"context"
	"crypto/tls"
	"log/slog"
	"slices"
	"time"

	"cmc/internal/errs"
)

// Options say which way letters leave.
type Options struct {
	SMTP
	TLS  *tls.Config // for a server whose certificate is not the world's
	From string
	Dir  string // where files go when there is no server
	Log  *slog.Logger
	// Timeout bounds the beginning of a connection, and each letter sent over
	// it. 0 stands for half a minute.
	Timeout time.Duration
	// Retry is the first pause after a failure; each further one is four times
	// as long. 0 stands for two seconds, in a Queue for a minute.
	Retry time.Duration
	// Filed is told of every letter that went to a file, so that its link can
	// be shown on the operator's terminal. It may be nil.
	Filed func(letter Letter, file string)
}

const (
	queueLength  = 256
	drainTimeout = 10 * time.Second
	sendAttempts = 5
	retryFirst   = 2 * time.Second
)

// Outbox sends secret letters in the background. Its queue is short and in
// memory on purpose: it holds codes that live for minutes and that no database
// should know.
type Outbox struct {
	carrier
	queue chan attempt
}

type attempt struct {
	letter Letter
	n      int
	due    time.Time
}

// NewOutbox returns an outbox; nothing leaves it before Run.
func NewOutbox(opt Options) *Outbox {
	if opt.Retry == 0 {
		opt.Retry = retryFirst
	}
	return &Outbox{carrier: carrier{Options: opt}, queue: make(chan attempt, queueLength)}
}

// Full reports whether a letter would be refused now.
func (o *Outbox) Full() bool { return len(o.queue) >= queueLength }

// Send puts a letter into the queue and returns at once.
func (o *Outbox) Send(l Letter) error {
	select {
	case o.queue <- attempt{letter: l}:
		return nil
	default:
		return errs.New(errs.Unavailable, "account_error_mail_full")
	}
}

// Run delivers the queue until ctx ends, and then once more what is left.
func (o *Outbox) Run(ctx context.Context) {
	var later []attempt // delayed, the first due first
	for ctx.Err() == nil {
		wait := time.Hour
		if len(later) > 0 {
			wait = time.Until(later[0].due)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case a := <-o.queue:
			later = o.try(ctx, a, later)
		case <-timer.C:
			if len(later) > 0 {
				later = o.try(ctx, later[0], later[1:])
			}
		}
		timer.Stop()
	}
	o.drain(context.WithoutCancel(ctx), later)
}

// try delivers a letter. What failed joins those that wait, unless it has
// failed too often or is of no use any more.
func (o *Outbox) try(ctx context.Context, a attempt, later []attempt) []attempt {
	err := o.deliver(ctx, a.letter)
	if err == nil {
		return later
	}
	a.n++
	a.due = time.Now().Add(o.Retry << (2 * (a.n - 1)))
	if a.n >= sendAttempts || !a.letter.Until.IsZero() && a.due.After(a.letter.Until) {
		o.Log.ErrorContext(ctx, "mail given up", slog.Int("attempts", a.n), slog.Any("err", err))
		return later
	}
	o.Log.WarnContext(ctx, "mail delayed", slog.Int("attempts", a.n), slog.Any("err", err))
	later = append(later, a)
	slices.SortStableFunc(later, func(a, b attempt) int { return a.due.Compare(b.due) })
	return later
}

// drain gives everything that is left one more chance.
func (o *Outbox) drain(ctx context.Context, left []attempt) {
	ctx, cancel := context.WithTimeout(ctx, drainTimeout)
	defer cancel()
	for {
		select {
		case a := <-o.queue:
			left = append(left, a)
			continue
		default:
		}
		break
	}
	for _, a := range left {
		if err := o.deliver(ctx, a.letter); err != nil {
			o.Log.ErrorContext(ctx, "mail lost at the end", slog.Any("err", err))
		}
	}
}

// deliver sends one letter over a connection of its own: the next may be hours
// away.
func (o *Outbox) deliver(ctx context.Context, l Letter) error {
	defer o.hangUp()
	return o.carry(ctx, l)
}
