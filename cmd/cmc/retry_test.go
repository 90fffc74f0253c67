package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

func TestRetryOutlastsAFailureAndEndsWithItsContext(t *testing.T) {
	away := errors.New("away")
	for _, test := range []struct {
		name   string
		fails  int
		leaves bool
		want   error
		tries  int
	}{
		{"nothing is wrong", 0, false, nil, 1},
		{"three failures are outlasted", 3, false, nil, 4},
		{"what never works is given up", 100, false, away, retries + 1},
		{"whoever leaves is not kept", 100, true, away, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, leave := context.WithCancel(t.Context())
				defer leave()
				tries := 0
				err := retry(ctx, func(context.Context) error {
					if tries++; test.leaves {
						leave()
					}
					if tries <= test.fails {
						return away
					}
					return nil
				})
				if !errors.Is(err, test.want) || tries != test.tries {
					t.Errorf("retry = %v after %d tries, want %v after %d", err, tries, test.want, test.tries)
				}
			})
		})
	}
}
