package mail_test

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"mime"
	netmail "net/mail"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"cmc/internal/mail"
)

// FuzzHeaders looks for a title or a name that becomes a header of its own, or
// that a reader's program does not give back as it was.
func FuzzHeaders(f *testing.F) {
	f.Add("Hello\r\nBcc: eve@example.org\r\n\r\nBody", "value\r\nX-Evil: 1")
	f.Add("=?utf-8?q?Hello=0D=0ABcc:_eve@example.org?=", "=?utf-8?q?=0D=0AX:1?=")
	f.Add("a\u2028b\x00\u0085c "+strings.Repeat("é", 300), "\x7f\t")
	f.Add(strings.Repeat("x", 1200), strings.Repeat("y ", 600))
	f.Add("", "")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, subject, value string) {
		var files []string
		o := mail.NewOutbox(mail.Options{
			From: "Forum <forum@example.org>", Dir: dir, Log: slog.New(slog.DiscardHandler),
			Filed: func(_ mail.Letter, file string) { files = append(files, file) },
		})
		if err := o.Send(mail.Letter{To: "ana@example.org", Subject: subject, Text: "Text", Headers: map[string]string{"X-Value": value}}); err != nil {
			t.Fatal(err)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		o.Run(ended)
		if len(files) != 1 {
			t.Fatalf("%d letters were written of subject %q", len(files), subject)
		}
		data, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		os.Remove(files[0])
		m, err := netmail.ReadMessage(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("subject %q, value %q: %v", subject, value, err)
		}
		want := []string{
			"Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "Message-Id",
			"Mime-Version", "Subject", "To", "X-Value",
		}
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(m.Header))); diff != "" {
			t.Errorf("subject %q, value %q: headers (-want +got):\n%s", subject, value, diff)
		}
		got, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if line := visible(subject); utf8.ValidString(subject) && !strings.Contains(subject, "=?") && (err != nil || got != line) {
			t.Errorf("the subject %q is read as %q (%v), want %q", subject, got, err, line)
		}
	})
}

// visible is a text on one line, as it may stand in a header.
func visible(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar
	}), " ")
}
