package search

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	index "github.com/blevesearch/bleve_index_api"
)

// segmentSize is how many documents make a segment: as many as are analysed
// before they are written, which bounds the memory of a build.
const segmentSize = 4096

// inOrder returns documents as a part numbers them.
func inOrder(docs []Document) ([]*Document, error) {
	seen := make(map[string]bool, len(docs))
	all := make([]*Document, len(docs))
	for i := range docs {
		d := docs[i]
		if d.ID == "" || seen[d.ID] {
			return nil, fmt.Errorf("index documents: id %q is missing or used twice", d.ID)
		}
		seen[d.ID] = true
		if d.Place == 0 {
			d.Place = i
		}
		all[i] = &d
	}
	slices.SortFunc(all, func(x, y *Document) int {
		return comparePlaces(x.Record, x.Lang, x.Place, x.ID, y.Record, y.Lang, y.Place, y.ID)
	})
	return all, nil
}

// buildParts writes texts and postings and returns the catalogue.
func buildParts(ctx context.Context, dir string, docs []*Document) (*catalogue, error) {
	texts, err := newPacker(filepath.Join(dir, textsFile))
	if err != nil {
		return nil, err
	}
	workers := runtime.GOMAXPROCS(0)
	size := min(segmentSize, (len(docs)+workers-1)/workers)
	measured := make([]lengths, len(docs))
	kept := &catalogue{}
	jobs := make(chan int)
	failures := make([]error, workers)
	var running sync.WaitGroup
	a := newAnalyzers()
	for w := range workers {
		running.Go(func() {
			s := newSpeller(a)
			for from := range jobs {
				if failures[w] == nil {
					to := min(from+size, len(docs))
					failures[w] = s.writeSegment(ctx, filepath.Join(dir, segmentFile(from/size)), docs[from:to], measured[from:to])
				}
			}
		})
	}
	for from := 0; from < len(docs); from += size {
		jobs <- from
		kept.Sizes = append(kept.Sizes, int32(min(size, len(docs)-from)))
	}
	close(jobs)
	extents, err := texts.addAll(docs)
	running.Wait()
	if err := errors.Join(errors.Join(failures...), err); err != nil {
		return nil, err
	}
	kept.Blocks = texts.ends
	entries := make([]*entry, len(docs))
	var before *entry
	for i, d := range docs {
		before = newEntry(d, measured[i], extents[i], before)
		entries[i] = before
	}
	kept.list(entries)
	return kept, nil
}

// writeSegment analyses documents and writes their postings.
func (s *speller) writeSegment(ctx context.Context, path string, docs []*Document, measured []lengths) error {
	rows := make([]index.Document, len(docs))
	for i, d := range docs {
		if err := ctx.Err(); err != nil {
			return err
		}
		rows[i], measured[i] = s.postings(d)
	}
	made, err := newSegment(rows, 0)
	if err != nil {
		return err
	}
	return made.write(path)
}

// smokeQueries is how many documents are looked for before an index is sealed.
const smokeQueries = 20

// smoke opens an index and looks for some of its documents by their titles.
func smoke(ctx context.Context, dir string, documents int) (err error) {
	ix, err := read(ctx, dir)
	if err != nil {
		return fmt.Errorf("try new index: %w", err)
	}
	defer func() { err = errors.Join(err, ix.Close()) }()
	if ix.Documents() != documents {
		return fmt.Errorf("try new index: %w: it holds %d of %d documents", ErrDamaged, ix.Documents(), documents)
	}
	s := &Service{analyzers: ix.part.analyzers, site: ix}
	for i := range min(smokeQueries, documents) {
		e := ix.part.entries[i*documents/min(smokeQueries, documents)]
		if len(e.Audience) == 0 || s.analyzers.key(e.Title) == "" {
			continue
		}
		found, err := s.ranking(ctx, Request{Query: `"` + e.Title + `"`, Audiences: e.Audience, Language: e.Lang}, documents)
		if err != nil {
			return fmt.Errorf("try new index: %w", err)
		}
		if !slices.Contains(found, e.Record) {
			return fmt.Errorf("try new index: %w: %s is not found by its title", ErrDamaged, e.Record)
		}
	}
	return nil
}
