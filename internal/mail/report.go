package mail

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"net/textproto"
	"regexp"
	"strings"

	"cmc/internal/database"
)

// Report is what a mail server says later of a letter that it had taken
// (RFC 3464).
type Report struct {
	Token      string // of the letter, from the address that the report went to
	Code, Text string
}

// ErrNoFailure says that a mail reports no failure of a letter of ours: it is a
// delay, a receipt, or somebody's answer.
var ErrNoFailure = errors.New("this mail reports no letter that could not be delivered")

// maxReport bounds how much of a report is read, in bytes.
const maxReport = 1 << 20

// ReadReport reads a mail that went to a letter's return path. to is the
// address it went to, or empty: then its headers are asked.
func ReadReport(from io.Reader, to string) (Report, error) {
	m, err := netmail.ReadMessage(io.LimitReader(from, maxReport))
	if err != nil {
		return Report{}, fmt.Errorf("read the report: %w", err)
	}
	r := Report{Token: tokenOf(to)}
	for _, name := range []string{"Delivered-To", "X-Original-To", "To"} {
		for _, address := range m.Header[textproto.CanonicalMIMEHeaderKey(name)] {
			if r.Token == "" && to == "" {
				r.Token = tokenOf(address)
			}
		}
	}
	form, values, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || form != "multipart/report" || r.Token == "" {
		return Report{}, ErrNoFailure
	}
	parts := multipart.NewReader(m.Body, values["boundary"])
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return Report{}, ErrNoFailure
		}
		if err != nil {
			return Report{}, fmt.Errorf("read a part of the report: %w", err)
		}
		kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err == nil && (kind == "message/delivery-status" || kind == "message/global-delivery-status") {
			return r.failure(part)
		}
	}
}

var tokenForm = regexp.MustCompile(`\+([a-z0-9]{20,40})@`)

func tokenOf(address string) string {
	if found := tokenForm.FindStringSubmatch(strings.ToLower(address)); found != nil {
		return found[1]
	}
	return ""
}

// failure reads what is said of each recipient; ours have one.
func (r Report) failure(part io.Reader) (Report, error) {
	lines := textproto.NewReader(bufio.NewReader(part))
	for {
		said, err := lines.ReadMIMEHeader()
		if strings.EqualFold(strings.TrimSpace(said.Get("Action")), "failed") {
			r.Code = clean(said.Get("Status"))
			_, text, _ := strings.Cut(said.Get("Diagnostic-Code"), ";")
			r.Text = clean(text)
			return r, nil
		}
		if err != nil {
			return Report{}, ErrNoFailure
		}
	}
}

const (
	reportedSQL = `SELECT id, person FROM letters WHERE token = $1`
	beforeSQL   = `SELECT count(*) FROM bounces WHERE letter = $1 AND reported`
)

// Note keeps a report for the secretariat. ErrNoFailure when it is of no letter
// of ours; the same report twice is kept once.
func (r *Records) Note(ctx context.Context, report Report) error {
	return r.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		b := bounce{at: r.now(), code: report.Code, text: report.Text, reported: true}
		err := tx.QueryRowContext(ctx, reportedSQL, report.Token).Scan(&b.letter, &b.person)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNoFailure
		}
		if err != nil {
			return fmt.Errorf("find the letter of a report: %w", err)
		}
		var before int
		if err := tx.QueryRowContext(ctx, beforeSQL, b.letter).Scan(&before); err != nil {
			return fmt.Errorf("look for an earlier report: %w", err)
		}
		if before > 0 {
			return nil
		}
		return addBounce(ctx, tx, b)
	})
}
