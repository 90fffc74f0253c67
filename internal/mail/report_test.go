package mail_test

import (
	"errors"
	"strings"
	"testing"

	"cmc/internal/mail"
	"cmc/internal/testkit"
)

const token = "abcdefghijklmnopqrstuvwxyz"

// report is a failure as Postfix tells it.
const report = `Return-Path: <>
Delivered-To: bounces+` + token + `@example.org
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: bounces+` + token + `@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x/mx"

This is a MIME-encapsulated message.

--x/mx
Content-Type: text/plain; charset=us-ascii

I'm sorry.

--x/mx
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
X-Postfix-Queue-ID: 4F1

Final-Recipient: rfc822; ana@example.org
Original-Recipient: rfc822;ana@example.org
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; 550 5.1.1 <ana@example.org>: Recipient address
    rejected: User unknown in virtual mailbox table

--x/mx
Content-Type: message/rfc822

Message-ID: <post-1@example.org>

Text
--x/mx--
`

func TestReadReport(t *testing.T) {
	want := mail.Report{Token: token, Code: "5.1.1", Text: "550 5.1.1 (address): Recipient address rejected: User unknown in virtual mailbox table"}
	for _, test := range []struct {
		name, text, to string
		want           mail.Report
	}{
		{"a failure", report, "", want},
		{"a failure whose recipient the server names", strings.ReplaceAll(report, token, strings.Repeat("z", 26)), "Bounces+" + strings.ToUpper(token) + "@example.org", want},
		{"lines that end as in a mail", strings.ReplaceAll(report, "\n", "\r\n"), "", want},
		{"a delay", strings.Replace(report, "Action: failed", "Action: delayed", 1), "", mail.Report{}},
		{"a receipt", strings.Replace(report, "Action: failed", "Action: delivered", 1), "", mail.Report{}},
		{"an answer of somebody on leave", "To: bounces+" + token + "@example.org\nSubject: On leave\n\nBack on Monday\n", "", mail.Report{}},
		{"a report to nobody", strings.ReplaceAll(report, "+"+token, ""), "", mail.Report{}},
		{"a report that was cut off", report[:strings.Index(report, "Action:")], "", mail.Report{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := mail.ReadReport(strings.NewReader(test.text), test.to)
			if got != test.want || (err == nil) != (test.want != mail.Report{}) {
				t.Errorf("ReadReport = %+v, %v; want %+v", got, err, test.want)
			}
		})
	}
}

func FuzzReadReport(f *testing.F) {
	f.Add(report, "")
	f.Add("Content-Type: multipart/report; boundary=\n\n--\n", "bounces+"+token+"@x")
	f.Fuzz(func(t *testing.T, text, to string) {
		r, err := mail.ReadReport(strings.NewReader(text), to)
		if err == nil && (len(r.Token) < 20 || strings.ContainsAny(r.Text+r.Code, "\r\n") || len(r.Text) > 310) {
			t.Errorf("ReadReport(%q, %q) = %+v", text, to, r)
		}
	})
}

func TestAReportIsKeptOnceAndOnlyOfALetterOfOurs(t *testing.T) {
	s := newSorting(t, testkit.OpenDatabase(t, testkit.SQLite(t)))
	office := testkit.NewPostOffice(t, testkit.PostOfficeOptions{})
	q, records := s.queue(office), mail.NewRecords(s.db, s.clock)
	s.put(q, "post-1@example.org")
	s.send(q)
	path := office.Taken()[0].From
	for range 2 {
		r, err := mail.ReadReport(strings.NewReader(report), path)
		if err != nil {
			t.Fatal(err)
		}
		if err := records.Note(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	bounces, err := records.Bounces(t.Context(), 10)
	if err != nil || len(bounces) != 1 || !bounces[0].Reported || bounces[0].Code != "5.1.1" {
		t.Errorf("bounces = %+v (%v), want one", bounces, err)
	}
	if err := records.Note(t.Context(), mail.Report{Token: token}); !errors.Is(err, mail.ErrNoFailure) {
		t.Errorf("a report of another's letter: %v, want ErrNoFailure", err)
	}
	if err := records.Clear(t.Context(), s.ana.ID); err != nil {
		t.Fatal(err)
	}
	if n, err := records.Bouncing(t.Context(), s.ana.ID); n != 0 || err != nil {
		t.Errorf("Bouncing after Clear = %d (%v), want none", n, err)
	}
}
