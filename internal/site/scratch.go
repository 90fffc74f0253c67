package site

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Scratch is a folder for one piece of work. A process that is killed gives its
// lease up with its life, so the next one can tell its remains from a folder
// that is in use.
type Scratch struct {
	Dir   string // empty at first
	root  string
	lease *lock
}

// NewScratch makes a folder below dir, and clears away what killed processes
// left there. The caller closes it.
func NewScratch(ctx context.Context, dir string) (*Scratch, error) {
	s, err := newScratch(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("make room in %s: %w", dir, err)
	}
	return s, nil
}

func newScratch(ctx context.Context, dir string) (*Scratch, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	// Held while a folder has no lease yet, or another process would sweep it.
	guard, err := waitLock(ctx, filepath.Join(dir, "lock"))
	if err != nil {
		return nil, err
	}
	defer guard.release()
	if err := sweepScratch(dir); err != nil {
		return nil, err
	}
	root, err := os.MkdirTemp(dir, "work-*")
	if err != nil {
		return nil, err
	}
	s := &Scratch{Dir: filepath.Join(root, "files"), root: root}
	if s.lease, err = tryLock(filepath.Join(root, leaseName), exclusive); err == nil {
		err = os.Mkdir(s.Dir, 0o755)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close removes the folder.
func (s *Scratch) Close() error {
	s.lease.release()
	return os.RemoveAll(s.root)
}

func sweepScratch(dir string) error {
	roots, err := filepath.Glob(filepath.Join(dir, "work-*"))
	if err != nil {
		return err
	}
	for _, root := range roots {
		lease, err := tryLock(filepath.Join(root, leaseName), exclusive)
		if errors.Is(err, errLocked) {
			continue
		}
		if err == nil {
			lease.release()
		}
		if err := os.RemoveAll(root); err != nil {
			return err
		}
	}
	return nil
}
