package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"cmc/search"
)

// inspectEvery is how often the served index is compared with its sums: it is
// read through once, which is cheap, and disks fail seldom.
const inspectEvery = 10 * time.Minute

// damaged ends the name of an index that was set aside.
const damaged = ".damaged"

// inspect looks whether the served index is still what was built. A damaged
// one is set aside within its release, which goes when the next ones come, and
// the site is published again; what was opened goes on answering until then.
func (l *library) inspect(ctx context.Context) error {
	l.mu.Lock()
	current := l.current
	l.mu.Unlock()
	if current == nil {
		return nil
	}
	err := search.Verify(current.Index())
	if err == nil || !errors.Is(err, search.ErrDamaged) {
		return err
	}
	l.log.Error("the search index is damaged, set aside and built again", "release", current.Number, "error", err)
	// It is not there when it was lost, or set aside before a build that failed.
	if err := os.Rename(current.Index(), current.Index()+damaged); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("set the damaged index aside: %w", err)
	}
	return l.refresh(ctx)
}
