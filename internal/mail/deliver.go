package mail

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// SMTP is the server that takes mail; without a Host mail goes to files.
type SMTP struct {
	Host, Username, Password string
	Port                     int
}

const sendTimeout = 30 * time.Second

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

func (o *Outbox) message(l Letter) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
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
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	return m, nil
}

func (o *Outbox) client() (*gomail.Client, error) {
	options := []gomail.Option{gomail.WithPort(o.opt.Port), gomail.WithTimeout(sendTimeout)}
	switch {
	case o.opt.Port == 465:
		options = append(options, gomail.WithSSL())
	case loopback(o.opt.Host):
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if o.opt.Username != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(o.opt.Username), gomail.WithPassword(o.opt.Password))
	}
	return gomail.NewClient(o.opt.Host, options...)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (o *Outbox) file(l Letter, m *gomail.Msg) error {
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
