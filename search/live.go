package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	index "github.com/blevesearch/bleve_index_api"
)

// liveStore holds the documents that come and go while the service runs. It is
// made anew at each start and filled by its owner, so that nothing removed
// while the program was away can be found after it.
type liveStore struct {
	folder  string
	texts   *journal
	part    *part
	speller *speller // of who changes

	merges  sync.Mutex   // one merge at a time
	merging *speller     // of who merges
	files   atomic.Int64 // segments that were written to files
	changed chan struct{}
	stop    context.CancelFunc
	tidying sync.WaitGroup
}

// newLiveStore starts with nothing in a folder, whatever was left there.
func newLiveStore(a *analyzers, folder string) (*liveStore, error) {
	if err := os.RemoveAll(folder); err != nil {
		return nil, fmt.Errorf("clear old live documents: %w", err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make directory for live documents: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(folder, textsFile), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create file of live texts: %w", err)
	}
	texts := &journal{file: file}
	return &liveStore{
		folder: folder, texts: texts, part: newPart(a, texts.read),
		speller: newSpeller(a), merging: newSpeller(a), changed: make(chan struct{}, 1),
	}, nil
}

// close ends the merging and removes everything; no search may be running.
func (l *liveStore) close() error {
	l.stop()
	l.tidying.Wait()
	err := l.texts.file.Close()
	for _, s := range l.part.segments {
		err = errors.Join(err, s.close())
	}
	return errors.Join(err, os.RemoveAll(l.folder))
}

// Put adds live documents, or replaces those of the same id. They can be found
// when Put returns. Where it fails, none of them can be: better too little than
// what was to be replaced.
func (s *Service) Put(ctx context.Context, docs ...Document) error {
	return s.change(ctx, func(l *liveStore) error {
		for len(docs) > 0 {
			n := min(liveSize, len(docs))
			entries, made, err := l.analyse(latest(docs[:n]))
			if err != nil {
				s.removeLive(l, docs)
				return err
			}
			s.gate.Lock()
			l.part.add(entries, made)
			s.live = l.part
			s.gate.Unlock()
			docs = docs[n:]
		}
		return nil
	})
}

// latest leaves out documents that a later one of the same id replaces.
func latest(docs []Document) []Document {
	last := make(map[string]int, len(docs))
	for i := range docs {
		last[docs[i].ID] = i
	}
	if len(last) == len(docs) {
		return docs
	}
	var kept []Document
	for i := range docs {
		if last[docs[i].ID] == i {
			kept = append(kept, docs[i])
		}
	}
	return kept
}

// Delete takes live documents out. They cannot be found when Delete returns.
func (s *Service) Delete(ctx context.Context, ids ...string) error {
	return s.change(ctx, func(l *liveStore) error {
		s.gate.Lock()
		defer s.gate.Unlock()
		l.part.remove(ids)
		return nil
	})
}

// removeLive takes out the documents that were to be replaced.
func (s *Service) removeLive(l *liveStore, docs []Document) {
	ids := make([]string, len(docs))
	for i := range docs {
		ids[i] = docs[i].ID
	}
	s.gate.Lock()
	defer s.gate.Unlock()
	l.part.remove(ids)
}

// change changes the live documents, one change at a time.
func (s *Service) change(ctx context.Context, f func(*liveStore) error) error {
	s.changes.Lock()
	defer s.changes.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.store == nil {
		store, err := newLiveStore(s.analyzers, s.folder)
		if err != nil {
			return err
		}
		s.store = store
		var merging context.Context
		merging, store.stop = context.WithCancel(context.Background())
		store.tidying.Go(func() { s.tidyUntil(merging, store) })
	}
	err := f(s.store)
	select {
	case s.store.changed <- struct{}{}:
	default:
	}
	return err
}

// analyse makes everything that documents need to be found, and shows nothing.
func (l *liveStore) analyse(docs []Document) ([]*entry, *segment, error) {
	if l.speller.full() {
		l.speller = newSpeller(l.part.analyzers)
	}
	rows, entries := make([]index.Document, len(docs)), make([]*entry, len(docs))
	var before *entry
	for i := range docs {
		var measured lengths
		rows[i], measured = l.speller.postings(&docs[i])
		at, err := l.texts.add(docs[i].Body)
		if err != nil {
			return nil, nil, err
		}
		before = newEntry(&docs[i], measured, at, before)
		entries[i] = before
	}
	made, err := l.segment(rows, int32(len(l.part.entries)))
	return entries, made, err
}
