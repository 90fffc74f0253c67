package mail_test

import (
	"context"
	"log/slog"
	"mime"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cmc/internal/mail"
	"cmc/internal/testkit"
)

func smtp(o *testkit.PostOffice) mail.SMTP { return mail.SMTP{Host: o.Host, Port: o.Port} }

// refusing answers a verb with reply the first n times.
func refusing(n int32, verb, reply string) func(string, string) string {
	var asked atomic.Int32
	return func(v, _ string) string {
		if v == verb && asked.Add(1) <= n {
			return reply
		}
		return ""
	}
}

func runOutbox(t *testing.T, opt mail.Options) *mail.Outbox {
	t.Helper()
	o := mail.NewOutbox(opt)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { o.Run(ctx); close(ended) }()
	t.Cleanup(func() { cancel(); <-ended })
	return o
}

func TestMailIsTriedAgain(t *testing.T) {
	office := testkit.NewPostOffice(t, testkit.PostOfficeOptions{Answer: refusing(2, "MAIL", "451 later, ana@example.org")})
	var log strings.Builder
	o := runOutbox(t, mail.Options{
		SMTP: smtp(office), From: "forum@example.org", Retry: time.Millisecond, Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	if err := o.Send(mail.Letter{To: "ana@example.org", Subject: "Código", Text: "Grüße\nABCD-EFGH"}); err != nil {
		t.Fatal(err)
	}
	m, err := netmail.ReadMessage(strings.NewReader(office.Next(t).Data))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "Código" || m.Header.Get("Auto-Submitted") != "auto-generated" || m.Header.Get("Message-ID") == "" {
		t.Errorf("headers = %v (%v)", m.Header, err)
	}
	if got := log.String(); strings.Count(got, "mail delayed") != 2 || strings.Contains(got, "ana@example.org") {
		t.Errorf("log = %s, want two delays and no address", got)
	}
}

func TestALetterThatIsTooLateIsGivenUp(t *testing.T) {
	office := testkit.NewPostOffice(t, testkit.PostOfficeOptions{Answer: refusing(1000, "MAIL", "451 later")})
	given := make(chan string, 10)
	o := runOutbox(t, mail.Options{
		SMTP: smtp(office), From: "forum@example.org", Retry: time.Hour,
		Log: slog.New(slog.NewTextHandler(writer(func(p []byte) { given <- string(p) }), nil)),
	})
	if err := o.Send(mail.Letter{To: "ana@example.org", Until: time.Now().Add(time.Minute)}); err != nil {
		t.Fatal(err)
	}
	if line := <-given; !strings.Contains(line, "mail given up") {
		t.Errorf("log = %s, want that the mail was given up", line)
	}
}

type writer func([]byte)

func (w writer) Write(p []byte) (int, error) { w(p); return len(p), nil }

func TestTheQueueIsBounded(t *testing.T) {
	o := mail.NewOutbox(mail.Options{Log: slog.New(slog.DiscardHandler)})
	sent := 0
	for ; !o.Full(); sent++ {
		if err := o.Send(mail.Letter{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.Send(mail.Letter{}); err == nil {
		t.Errorf("letter %d was taken by a full queue", sent+1)
	}
}

func TestWithoutAServerMailGoesToFilesThatNobodyElseReads(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mail")
	filed := make(chan string, 1)
	ctx, cancel := context.WithCancel(t.Context())
	o := mail.NewOutbox(mail.Options{
		From: "forum@localhost", Dir: dir, Log: slog.New(slog.DiscardHandler),
		Filed: func(l mail.Letter, file string) { filed <- l.Link + " " + file },
	})
	if err := o.Send(mail.Letter{To: "ana@example.org", Subject: "S", Text: "T", Link: "L"}); err != nil {
		t.Fatal(err)
	}
	cancel()
	o.Run(ctx) // has ended before it began, and yet delivers what is left
	link, file, _ := strings.Cut(<-filed, " ")
	info, err := os.Stat(file)
	if err != nil || link != "L" || info.Mode().Perm() != 0o600 || filepath.Ext(file) != ".eml" || filepath.Dir(file) != dir {
		t.Errorf("filed %s as %s: %v", link, file, err)
	}
}
