package page

import (
	"errors"

	"cmc/internal/errs"
	"cmc/internal/i18n"
)

// Faults are what is wrong with a form, in the order of its fields. The block
// "error-summary" lists them above the form; On tells each beside its field.
type Faults []Fault

// Fault is one sentence about one field. Without a Field it is about the
// whole form.
type Fault struct{ Field, Message string }

// FaultsOf returns what a person can put right in the form they sent, and nil
// for any other error: that one belongs on an error page.
func FaultsOf(l *i18n.Language, err error) Faults {
	if many, ok := errors.AsType[errs.Fields](err); ok {
		var all Faults
		for _, e := range many {
			all = append(all, Fault{e.Field, l.T(e.Key, e.Args...)})
		}
		return all
	}
	var one *errs.Error
	if !errors.As(err, &one) {
		return nil
	}
	switch one.Kind {
	case errs.Invalid, errs.TooLarge, errs.Conflict, errs.TooMany:
		return Faults{{one.Field, l.T(one.Key, one.Args...)}}
	default:
		return nil
	}
}

// On returns the sentence about a field, or "".
func (f Faults) On(field string) string {
	for _, fault := range f {
		if fault.Field == field {
			return fault.Message
		}
	}
	return ""
}
