package page

import (
	"errors"
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"cmc/internal/errs"
	"cmc/internal/i18n"
)

func TestFaultsOf(t *testing.T) {
	cat, err := i18n.Load(fstest.MapFS{"i18n/en.toml": {Data: []byte(
		"[long]\nother = \"At most {{ .Count }}\"\n[empty]\nother = \"Write a title\"\n")}}, "en")
	if err != nil {
		t.Fatal(err)
	}
	long := errs.New(errs.TooLarge, "long", "Count", 2000).On("body")
	empty := errs.New(errs.Invalid, "empty").On("title")
	for _, test := range []struct {
		name string
		err  error
		want Faults
	}{
		{
			"all faults of a form, in order", fmt.Errorf("start a topic: %w", errs.Fields{empty, long}),
			Faults{{"title", "Write a title"}, {"body", "At most 2,000"}},
		},
		{"one fault", long, Faults{{"body", "At most 2,000"}}},
		{"a form that came too late", errs.New(errs.Conflict, "empty"), Faults{{"", "Write a title"}}},
		{"what a form cannot put right is no fault of the form", errs.New(errs.Denied, "empty"), nil},
		{"a failure of ours is no fault of the form", errors.New("disk full"), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, FaultsOf(cat.Default(), test.err)); diff != "" {
				t.Errorf("FaultsOf(%v) (-want +got):\n%s", test.err, diff)
			}
		})
	}
	if got := (Faults{{"title", "a"}, {"body", "b"}}).On("body"); got != "b" {
		t.Errorf(`On("body") = %q, want "b"`, got)
	}
}
