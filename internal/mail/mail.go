// Package mail sends letters through an SMTP server, or writes them to files
// where there is none.
//
// There are two ways out. An Outbox keeps what carries a secret (a code, a link
// that opens a door) in memory only and forgets it soon. A Queue keeps in the
// database what is to be told, lets one node at a time send it, repeats for
// days and remembers how it went. It promises that a letter counts as sent only
// when a server has said so, that one sent again after a crash has the same
// Message-ID, that no address reaches a log, and that every conversation with a
// server has a deadline. It refuses to know what letters say: that is the
// business of whoever writes them.
package mail

import (
	"strings"
	"time"
	"unicode"
)

// Letter is one mail, in plain text.
type Letter struct {
	To, Subject, Text string
	Link              string    // what it is about, for the operator's terminal
	Until             time.Time // after which it is of no use

	ID         string            // its Message-ID without < and >; made when empty
	Date       time.Time         // now when zero
	Headers    map[string]string // further ones, in ASCII
	ReturnPath string            // where reports of failure go; From when empty
	Flowed     bool              // Text is as Flow made it
}

// SMTP is the server that takes mail; without a Host mail goes to files.
type SMTP struct {
	Host, Username, Password string
	Port                     int
}

// oneLine keeps what strangers wrote from adding a header: no line ends within
// one, nor what cannot be seen.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar
	}), " ")
}
