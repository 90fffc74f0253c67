package mail

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	gomail "github.com/wneessen/go-mail"
)

const sendTimeout = 30 * time.Second

// carrier takes letters to the server. It is used by one goroutine.
type carrier struct {
	Options
	open *gomail.Client // nil: no connection
}

// carry sends one letter, or writes it to a file. The connection stays open for
// the next one; whoever has none closes it with hangUp.
func (c *carrier) carry(ctx context.Context, l Letter) error {
	m, err := message(c.From, l)
	if err != nil {
		return err
	}
	if c.Host == "" {
		return c.file(l, m)
	}
	if c.open == nil {
		if err := c.dial(ctx); err != nil {
			return &Failure{Text: clean(fmt.Sprintf("reach %s: %v", c.Host, err)), Server: true}
		}
	}
	if err := c.open.Send(m); err != nil {
		c.hangUp()
		return failureOf(err)
	}
	return nil
}

func (c *carrier) dial(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(c.Timeout, sendTimeout))
	defer cancel()
	client, err := c.client()
	if err != nil {
		return err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return err
	}
	c.open = client
	return nil
}

// hangUp ends the connection. What the server says to that changes nothing for
// the letters it has taken.
func (c *carrier) hangUp() {
	if c.open != nil {
		_ = c.open.Close()
		c.open = nil
	}
}

func (c *carrier) client() (*gomail.Client, error) {
	options := []gomail.Option{gomail.WithPort(c.Port), gomail.WithTimeout(cmp.Or(c.Timeout, sendTimeout))}
	switch {
	case c.TLS != nil:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithTLSConfig(c.TLS))
	case c.Port == 465:
		options = append(options, gomail.WithSSL())
	case loopback(c.Host):
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if c.Username != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(c.Username), gomail.WithPassword(c.Password))
	}
	return gomail.NewClient(c.Host, options...)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// message puts a letter into the form in which it travels.
func message(from string, l Letter) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.From(from); err != nil {
		return nil, fmt.Errorf("mail.from in config.toml: %w", err)
	}
	if err := m.To(l.To); err != nil {
		return nil, &Failure{Text: clean(fmt.Sprintf("address a mail: %v", err)), Permanent: true}
	}
	if l.ReturnPath != "" {
		if err := m.EnvelopeFrom(l.ReturnPath); err != nil {
			return nil, fmt.Errorf("mail.bounces in config.toml: %w", err)
		}
	}
	m.Subject(oneLine(l.Subject))
	m.SetDateWithValue(l.Date)
	if l.Date.IsZero() {
		m.SetDate()
	}
	m.SetMessageIDWithValue(l.ID)
	if l.ID == "" {
		m.SetMessageID()
	}
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	for name, value := range l.Headers {
		m.SetGenHeader(gomail.Header(name), oneLine(value))
	}
	form := gomail.TypeTextPlain
	if l.Flowed {
		form += "; format=flowed"
	}
	m.SetBodyString(form, l.Text)
	return m, nil
}

func (c *carrier) file(l Letter, m *gomail.Msg) error {
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return fmt.Errorf("make the folder for mail: %w", err)
	}
	name := filepath.Join(c.Dir, time.Now().UTC().Format("20060102T150405.000")+"-"+rand.Text()[:6]+".eml")
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write a mail to a file: %w", err)
	}
	_, err = m.WriteTo(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write the mail %s: %w", name, err)
	}
	if c.Filed != nil {
		c.Filed(l, name)
	}
	return nil
}
