package mail

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// Failure is why a letter was not taken.
type Failure struct {
	Code      string // what the server answered, such as 550; empty: nothing
	Text      string // in words, without addresses
	Permanent bool   // this letter will never be taken
	Server    bool   // nothing was said of this letter: others fare the same
}

// Error says it in words.
func (f *Failure) Error() string { return f.Text }

// failureOf reads what the library says. Only a refusal of the recipient or of
// the text is final: a server that refuses us altogether may be put right.
func failureOf(err error) *Failure {
	f := &Failure{Text: clean(err.Error()), Server: true}
	said, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return f
	}
	code := said.ErrorCode()
	if code >= 400 {
		f.Code = strconv.Itoa(code)
	}
	switch said.Reason {
	case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
		f.Server = code < 400
		f.Permanent = code >= 500
	case gomail.ErrGetRcpts, gomail.ErrNoUnencoded:
		f.Server, f.Permanent = false, true
	}
	return f
}

var addressForm = regexp.MustCompile(`<?[^\s<>"'(),:;\[\]]+@[^\s<>"'(),:;\[\]]+>?`)

// maxSaid bounds what is kept of a server's answer, in bytes.
const maxSaid = 300

// clean makes what a server said fit to be kept and shown: on one line, short,
// and without anybody's address.
func clean(s string) string {
	s = addressForm.ReplaceAllString(oneLine(s), "(address)")
	if len(s) > maxSaid {
		s = strings.ToValidUTF8(s[:maxSaid], "") + "…"
	}
	return s
}
