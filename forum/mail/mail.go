// Package mail turns the event log into letters: at once, daily, weekly or not
// at all, as each seat asks for each room.
//
// It promises that what a seat is to be told of, it is told of once, however
// often the work is begun, wherever it is cut off, and on however many nodes:
// the letters and how far the log was read are written in one transaction (see
// store.Mailing). It asks the access rule when a letter is written down and
// again before it leaves. It refuses to tell of what was said in a room more
// than the room's mail level and its policy allow.
package mail

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/database"
	"cmc/internal/i18n"
	"cmc/internal/mail"
)

// Options are what letters need from outside.
type Options struct {
	mail.Options
	DB       *database.DB
	Store    *store.Store
	Texts    *i18n.Catalogue
	Site     func(lang string) string // its name
	Groups   map[string][]string      // group's name → codes of its delegations
	Cadence  forum.Cadence            // of who has not chosen
	Hour     int                      // of the digests
	Location *time.Location
	Bounces  string           // address for reports of failure, or empty
	Now      func() time.Time // time.Now when nil
	// Link makes an absolute address of a path in a language.
	Link func(lang, path string) string
}

// Mailer writes and sends a forum's letters. Each node has one.
type Mailer struct {
	Options
	Domain  string // of Message-IDs and List-Ids
	mailing *store.Mailing
	queue   *mail.Queue
	records *mail.Records
	digests time.Time // up to which hour all are written
}

// New returns a mailer; it does nothing before Run.
func New(opt Options) *Mailer {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	m := &Mailer{Options: opt, Domain: domain(opt.From), records: mail.NewRecords(opt.DB, opt.Now)}
	m.queue = mail.NewQueue(mail.QueueOptions{
		Options: opt.Options, DB: opt.DB, Now: opt.Now, Write: m.Write, Bounces: opt.Bounces,
	})
	m.mailing = opt.Store.Mailing(store.MailingOptions{
		Default: opt.Cadence, Groups: opt.Groups, Domain: m.Domain, Put: m.queue.Put,
	})
	return m
}

// domain is what stands after the @ of an address.
func domain(from string) string {
	at := strings.LastIndexByte(from, '@')
	return strings.TrimRight(from[at+1:], "> ")
}

// lookEvery is how late a letter may be written when its wake-up was lost, and
// a digest after its hour.
const lookEvery = time.Minute

// Run writes and sends letters until ctx ends.
func (m *Mailer) Run(ctx context.Context) {
	var work sync.WaitGroup
	work.Go(func() { m.queue.Run(ctx) })
	wakes := make(chan struct{}, 1)
	work.Go(func() {
		m.DB.Listen(ctx, func() {
			select {
			case wakes <- struct{}{}:
			default: // one is waiting already
			}
		})
	})
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := m.Work(ctx); err != nil && ctx.Err() == nil {
			m.Log.WarnContext(ctx, "letters not written", slog.Any("err", err))
		}
		select {
		case <-ctx.Done():
		case <-wakes:
		case <-tick.C:
		}
	}
	work.Wait()
}

// batch is how many events are read at once.
const batch = 500

// Work writes down the letters that are to be written now.
func (m *Mailer) Work(ctx context.Context) error {
	return errors.Join(m.tellAtOnce(ctx), m.tellLater(ctx))
}

func (m *Mailer) tellAtOnce(ctx context.Context) error {
	after, err := m.mailing.Position(ctx)
	if err != nil {
		return err
	}
	for {
		events, err := m.Store.Log(ctx, after, batch)
		if err != nil || len(events) == 0 {
			return err
		}
		for _, e := range events {
			letters, err := m.mailing.Tell(ctx, e)
			if err != nil {
				return err
			}
			if after = e.Seq; letters > 0 {
				m.queue.Wake()
			}
		}
	}
}

// tellLater writes the digests whose hour has come.
func (m *Mailer) tellLater(ctx context.Context) error {
	due := m.hours(m.Now())
	if !due.Daily.After(m.digests) {
		return nil
	}
	seats, err := m.mailing.Undigested(ctx, due)
	if err != nil {
		return err
	}
	for _, seat := range seats {
		wrote, err := m.mailing.Digest(ctx, seat, due)
		if err != nil {
			return err
		}
		if wrote {
			m.queue.Wake()
		}
	}
	m.digests = due.Daily
	return nil
}

// hours are the last moments at which digests were due: today's hour or
// yesterday's, and the same on a Monday.
func (m *Mailer) hours(now time.Time) store.Hours {
	now = now.In(m.Location)
	at := func(back int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()-back, m.Hour, 0, 0, 0, m.Location)
	}
	back := 0
	if at(0).After(now) {
		back = 1
	}
	daily := at(back)
	return store.Hours{Daily: daily, Weekly: at(back + (int(daily.Weekday())+6)%7)}
}

// Mailing is what seats asked for.
func (m *Mailer) Mailing() *store.Mailing { return m.mailing }

// Records tell how letters went.
func (m *Mailer) Records() *mail.Records { return m.records }

// Try sends a member a letter that only shows that letters come.
func (m *Mailer) Try(ctx context.Context, who forum.Member) error {
	return m.queue.Try(ctx, who.Seat, who.ID, m.Domain)
}

// Wake looks for letters now, as after an address was put right.
func (m *Mailer) Wake() { m.queue.Wake() }
