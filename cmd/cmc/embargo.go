package main

import (
	"context"
	"time"
)

// liftAgain is how long a build that failed waits when nothing changed but time.
const liftAgain = time.Minute

// embargo is when time alone makes another site of the files.
type embargo struct {
	next  time.Time // zero is never
	again time.Time // not before, after a try
}

// due tells whether the moment has come, and then not again for a while: a site
// with a mistake is not built every few seconds.
func (e *embargo) due(now time.Time) bool {
	if e.next.IsZero() || now.Before(e.next) || now.Before(e.again) {
		return false
	}
	e.again = now.Add(liftAgain)
	return true
}

func (l *library) due(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lift.due(now)
}

// tryRefresh publishes what the folder holds now; a failure leaves what is
// served, and is said in the log.
func (l *library) tryRefresh(ctx context.Context) {
	if err := l.refresh(ctx); err != nil {
		l.log.Error("the site was not built; the last good one is served", "error", err)
	}
}
