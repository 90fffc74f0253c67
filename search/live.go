package search

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"

	"github.com/blevesearch/bleve/v2"
)

// liveStore holds the documents that come and go while the service runs. It is
// made anew at each start and filled by its owner, so that nothing removed
// while the program was away can be found after it.
type liveStore struct {
	folder string
	bleve  bleve.Index
	docs   map[string]*catalogued
}

// newLiveStore starts with nothing in a folder, whatever was left there.
func newLiveStore(folder string) (*liveStore, error) {
	if err := os.RemoveAll(folder); err != nil {
		return nil, fmt.Errorf("clear old live documents: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o700); err != nil {
		return nil, fmt.Errorf("make directory for live documents: %w", err)
	}
	bl, err := bleve.New(folder, indexMapping())
	if err != nil {
		return nil, fmt.Errorf("create live index: %w", err)
	}
	return &liveStore{folder: folder, bleve: bl, docs: map[string]*catalogued{}}, nil
}

func (l *liveStore) close() error {
	return errors.Join(l.bleve.Close(), os.RemoveAll(l.folder))
}

// Put adds live documents, or replaces those of the same id. They can be found
// when Put returns.
func (s *Service) Put(ctx context.Context, docs ...Document) error {
	return s.change(ctx, func(l *liveStore) error {
		for len(docs) > 0 {
			n := min(batchSize, len(docs))
			added, err := add(l.bleve, s.analyzers, docs[:n])
			if err != nil {
				return err
			}
			for _, c := range added {
				l.docs[c.ID] = c
			}
			docs = docs[n:]
		}
		return nil
	})
}

// Delete takes live documents out. They cannot be found when Delete returns.
func (s *Service) Delete(ctx context.Context, ids ...string) error {
	return s.change(ctx, func(l *liveStore) error {
		batch := l.bleve.NewBatch()
		for _, id := range ids {
			batch.Delete(id)
		}
		if err := l.bleve.Batch(batch); err != nil {
			return fmt.Errorf("delete %d live documents: %w", len(ids), err)
		}
		for _, id := range ids {
			delete(l.docs, id)
		}
		return nil
	})
}

// change changes the live documents and shows the result to new searches. A
// change that fails half-way hides all live documents until the next one
// succeeds: better too little than something that was to be removed.
func (s *Service) change(ctx context.Context, f func(*liveStore) error) error {
	s.changes.Lock()
	defer s.changes.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.store == nil {
		store, err := newLiveStore(s.folder)
		if err != nil {
			return err
		}
		s.store = store
	}
	var p *part
	err := f(s.store)
	if err == nil {
		p, err = openPart(context.WithoutCancel(ctx), s.analyzers, s.store.bleve, maps.Clone(s.store.docs))
	}
	if old := s.exchangeLive(p); old != nil {
		err = errors.Join(err, old.reader.Close())
	}
	return err
}

// exchangeLive shows p to new searches, waits for those that run and returns
// what they used.
func (s *Service) exchangeLive(p *part) *part {
	s.gate.Lock()
	defer s.gate.Unlock()
	old := s.live
	s.live = p
	return old
}
