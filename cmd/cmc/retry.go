package main

import (
	"context"
	"time"
)

// Pauses of retry: half a minute in all.
const (
	firstPause = 100 * time.Millisecond
	retries    = 8
)

// retry does what may fail for a moment, as while a database is replaced, and
// gives up after half a minute or when ctx ends.
func retry(ctx context.Context, do func(context.Context) error) error {
	pause := firstPause
	for range retries {
		if err := do(ctx); err == nil || ctx.Err() != nil {
			return err
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
		pause *= 2
	}
	return do(ctx)
}
