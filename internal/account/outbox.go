package account

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"cmc/internal/errs"
)

// Letter is one mail, in plain text.
type Letter struct {
	To, Subject, Text string
	Link              string    // what it is about, for the operator's terminal
	Until             time.Time // after which it is of no use
}

// SMTP is the server that takes mail; without a Host mail goes to files.
type SMTP struct {
	Host, Username, Password string
	Port                     int
}

// MailOptions set up an Outbox.
type MailOptions struct {
	SMTP
	From string
	Dir  string // where files go when there is no server
	Log  *slog.Logger
	// Retry is the first pause after a failure; each further one is four times
	// as long. 0 stands for two seconds.
	Retry time.Duration
	// Filed is told of every letter that went to a file, so that its link can
	// be shown on the operator's terminal. It may be nil.
	Filed func(letter Letter, file string)
}

const (
	queueLength  = 256
	sendTimeout  = 30 * time.Second
	drainTimeout = 10 * time.Second
	sendAttempts = 5
	retryFirst   = 2 * time.Second
)

// Outbox sends mail in the background. The queue is short and in memory on
// purpose: it holds codes that live for minutes and that no database should
// know.
type Outbox struct {
	opt   MailOptions
	queue chan attempt
}

type attempt struct {
	letter Letter
	n      int
	due    time.Time
}

// NewOutbox returns an outbox; nothing leaves it before Run.
func NewOutbox(opt MailOptions) *Outbox {
	if opt.Retry == 0 {
		opt.Retry = retryFirst
	}
	return &Outbox{opt: opt, queue: make(chan attempt, queueLength)}
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
	err := o.Deliver(ctx, a.letter)
	if err == nil {
		return later
	}
	a.n++
	a.due = time.Now().Add(o.opt.Retry << (2 * (a.n - 1)))
	if a.n >= sendAttempts || !a.letter.Until.IsZero() && a.due.After(a.letter.Until) {
		o.opt.Log.ErrorContext(ctx, "mail given up", slog.Int("attempts", a.n), slog.Any("err", err))
		return later
	}
	o.opt.Log.WarnContext(ctx, "mail delayed", slog.Int("attempts", a.n), slog.Any("err", err))
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
		if err := o.Deliver(ctx, a.letter); err != nil {
			o.opt.Log.ErrorContext(ctx, "mail lost at the end", slog.Any("err", err))
		}
	}
}

// Deliver sends one letter now, or writes it to a file.
func (o *Outbox) Deliver(ctx context.Context, l Letter) error {
	m, err := o.message(l)
	if err != nil {
		return err
	}
	if o.opt.Host == "" {
		return o.file(l, m)
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	client, err := o.client()
	if err != nil {
		return fmt.Errorf("set up mail: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, m); err != nil {
		return fmt.Errorf("send mail through %s: %w", o.opt.Host, withoutAddress(err, l.To))
	}
	return nil
}

func (o *Outbox) message(l Letter) (*mail.Msg, error) {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := m.From(o.opt.From); err != nil {
		return nil, fmt.Errorf("mail.from in config.toml: %w", err)
	}
	if err := m.To(l.To); err != nil {
		return nil, fmt.Errorf("address a mail: %w", withoutAddress(err, l.To))
	}
	m.Subject(l.Subject)
	m.SetDate()
	m.SetMessageID()
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	return m, nil
}

func (o *Outbox) client() (*mail.Client, error) {
	options := []mail.Option{mail.WithPort(o.opt.Port), mail.WithTimeout(sendTimeout)}
	switch {
	case o.opt.Port == 465:
		options = append(options, mail.WithSSL())
	case loopback(o.opt.Host):
		options = append(options, mail.WithTLSPolicy(mail.TLSOpportunistic))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if o.opt.Username != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover),
			mail.WithUsername(o.opt.Username), mail.WithPassword(o.opt.Password))
	}
	return mail.NewClient(o.opt.Host, options...)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (o *Outbox) file(l Letter, m *mail.Msg) error {
	if err := os.MkdirAll(o.opt.Dir, 0o700); err != nil {
		return fmt.Errorf("make the folder for mail: %w", err)
	}
	name := filepath.Join(o.opt.Dir, time.Now().UTC().Format("20060102T150405.000")+"-"+rand.Text()[:6]+".eml")
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write a mail to a file: %w", err)
	}
	_, err = m.WriteTo(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write the mail %s: %w", name, err)
	}
	if o.opt.Filed != nil {
		o.opt.Filed(l, name)
	}
	return nil
}

// withoutAddress keeps a person's address out of the log.
func withoutAddress(err error, address string) error {
	return errors.New(strings.ReplaceAll(err.Error(), address, "(the address)"))
}
