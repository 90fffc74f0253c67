package site

import (
	"context"
	"errors"
	"os"
	"time"
)

// lock is held on a file between processes, and given up by the system when the
// process dies.
type lock struct{ file *os.File }

// errLocked is the answer of tryLock when another holder is in the way.
var errLocked = errors.New("locked by another process")

// lockPoll is how often waitLock asks: the system can wait too, but not stop
// waiting when a context ends.
const lockPoll = 50 * time.Millisecond

type lockMode bool

const (
	shared    lockMode = false
	exclusive lockMode = true
)

func tryLock(name string, mode lockMode) (*lock, error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := lockFile(file, mode); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &lock{file}, nil
}

func waitLock(ctx context.Context, name string) (*lock, error) {
	ticker := time.NewTicker(lockPoll)
	defer ticker.Stop()
	for {
		held, err := tryLock(name, exclusive)
		if !errors.Is(err, errLocked) {
			return held, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-ticker.C:
		}
	}
}

// release may be called more than once.
func (l *lock) release() {
	if l != nil {
		_ = l.file.Close() // closing gives the lock up; a second close is harmless
	}
}
