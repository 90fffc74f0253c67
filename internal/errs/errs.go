// Package errs is the vocabulary of failures that a person may be told about.
//
// An Error carries a translation key for the visitor and, apart from it, the
// private cause for the log. Any other error is internal: the visitor reads
// one calm sentence and the request's id, the log has the chain. Only
// internal/page turns a Kind into an HTTP status.
package errs

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what went wrong in terms that every channel understands. The list
// is closed; new kinds are added at the end.
type Kind int

// The kinds. Internal is the zero value, so that an unknown failure is never
// mistaken for one a visitor may read about.
const (
	Internal Kind = iota
	Invalid
	NotFound
	Denied
	Unauthenticated
	Conflict
	TooMany
	TooLarge
	Unavailable
	Method
)

var kindNames = [...]string{
	"internal", "invalid", "not found", "denied", "unauthenticated",
	"conflict", "too many", "too large", "unavailable", "method",
}

func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return kindNames[Internal]
	}
	return kindNames[k]
}

// Error is a failure with two audiences: Key and Args make the sentence for
// the visitor (i18n), Err is the cause for the operator and may be nil. Field
// names the form field at fault, if one is.
type Error struct {
	Kind  Kind
	Key   string
	Args  []any // name, value, name, value …
	Field string
	Err   error
}

// New makes an Error of a kind; args are pairs of placeholder name and value.
func New(kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args}
}

// Wrap makes an Error that keeps its private cause.
func Wrap(err error, kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args, Err: err}
}

// On returns a copy of the error that names the form field at fault.
func (e *Error) On(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

func (e *Error) Error() string {
	text := e.Kind.String() + ": " + e.Key
	if e.Field != "" {
		text += " (" + e.Field + ")"
	}
	if e.Err != nil {
		text += fmt.Sprintf(": %v", e.Err)
	}
	return text
}

// Unwrap returns the private cause.
func (e *Error) Unwrap() error { return e.Err }

// Fields is a form's list of faults, in the order of its fields. It is an
// error of kind Invalid.
type Fields []*Error

func (f Fields) Error() string {
	parts := make([]string, len(f))
	for i, e := range f {
		parts[i] = e.Error()
	}
	return strings.Join(parts, "; ")
}

// OrNil returns nil when no fault was found, so that a validator can end with
// it.
func (f Fields) OrNil() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// KindOf finds the kind of the first Error in err's chain; Internal for any
// other error, and for nil.
func KindOf(err error) Kind {
	if one, ok := errors.AsType[*Error](err); ok {
		return one.Kind
	}
	if _, ok := errors.AsType[Fields](err); ok {
		return Invalid
	}
	return Internal
}
