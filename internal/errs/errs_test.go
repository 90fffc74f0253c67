package errs

import (
	"errors"
	"fmt"
	"testing"
)

func TestKindOf(t *testing.T) {
	cause := errors.New("disk full")
	for _, test := range []struct {
		name string
		err  error
		want Kind
	}{
		{"nothing wrong is internal, so that nobody shows it", nil, Internal},
		{"a foreign error is internal", cause, Internal},
		{"an error of ours keeps its kind", New(NotFound, "error_not_found"), NotFound},
		{"wrapping does not hide the kind", fmt.Errorf("load topic 9: %w", New(Denied, "error_denied")), Denied},
		{"a form's faults are invalid input", Fields{New(Invalid, "forum_title_missing").On("title")}, Invalid},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := KindOf(test.err); got != test.want {
				t.Errorf("KindOf(%v) = %v, want %v", test.err, got, test.want)
			}
		})
	}
}

func TestErrorKeepsItsCause(t *testing.T) {
	cause := errors.New("disk full")
	err := Wrap(cause, Unavailable, "error_unavailable")
	if !errors.Is(err, cause) {
		t.Errorf("errors.Is(%v, cause) = false, want true", err)
	}
	if named := err.On("body"); named.Field != "body" || err.Field != "" {
		t.Errorf("On changed the original: %q, %q", named.Field, err.Field)
	}
	if (Fields{}).OrNil() != nil {
		t.Error("an empty list of faults is not nil")
	}
}
