// Package mail sends letters through an SMTP server, or writes them to files
// where there is none.
//
// It promises that a letter which carries a secret (a code, a link that opens
// a door) is kept in memory only, that an address never reaches the log, and
// that every conversation with a server has a deadline. It refuses to know
// what letters say: that is the business of whoever writes them.
package mail

import "time"

// Letter is one mail, in plain text.
type Letter struct {
	To, Subject, Text string
	Link              string    // what it is about, for the operator's terminal
	Until             time.Time // after which it is of no use
}
