package search

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/sync/errgroup"
)

// segmentSize is how many documents a segment may have: as many as are
// analysed before they are written, which bounds the memory of a build.
const segmentSize = 8192

// packSize is how many documents' texts are packed at a time.
const packSize = 1024

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

// builder makes the segments and the texts of an index, as much at a time as
// there are processors but one: those who search meanwhile need it.
type builder struct {
	dir      string
	docs     []*Document
	size     int // of a segment, in documents
	z        *zstd.Encoder
	measured []lengths
	texts    []packed
}

// buildParts writes texts and postings and returns the catalogue.
func buildParts(ctx context.Context, dir string, docs []*Document) (*catalogue, error) {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBetterCompression))
	if err != nil {
		return nil, fmt.Errorf("pack texts: %w", err)
	}
	defer z.Close()
	workers := max(1, runtime.GOMAXPROCS(0)-1)
	b := &builder{dir, docs, evenly(len(docs), workers), z, make([]lengths, len(docs)), make([]packed, (len(docs)+packSize-1)/packSize)}
	if err := b.run(ctx, workers); err != nil {
		return nil, err
	}
	kept := &catalogue{}
	for from := 0; from < len(docs); from += b.size {
		kept.Sizes = append(kept.Sizes, int32(min(b.size, len(docs)-from)))
	}
	var extents []extent
	if kept.Blocks, extents, err = writeTexts(filepath.Join(dir, textsFile), b.texts); err != nil {
		return nil, err
	}
	entries := make([]*entry, len(docs))
	var before *entry
	for i, d := range docs {
		before = newEntry(d, b.measured[i], extents[i], before)
		entries[i] = before
	}
	kept.list(entries)
	return kept, nil
}

// evenly is the size of segments of which each worker makes as many.
func evenly(docs, workers int) int {
	rounds := (docs + segmentSize*workers - 1) / (segmentSize * workers)
	return max(1, (docs+rounds*workers-1)/max(1, rounds*workers))
}

// run gives the segments, which take long, to workers first and the texts then.
func (b *builder) run(ctx context.Context, workers int) error {
	tasks, ctx := errgroup.WithContext(ctx)
	jobs := make(chan func(*speller) error)
	a := newAnalyzers()
	for range workers {
		tasks.Go(func() error {
			s := newSpeller(a)
			for job := range jobs {
				if err := job(s); err != nil {
					return err
				}
			}
			return nil
		})
	}
	tasks.Go(func() error {
		defer close(jobs)
		for job := range b.jobs(ctx) {
			select {
			case jobs <- job:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return tasks.Wait()
}

func (b *builder) jobs(ctx context.Context) iter.Seq[func(*speller) error] {
	return func(yield func(func(*speller) error) bool) {
		for from := 0; from < len(b.docs); from += b.size {
			to := min(from+b.size, len(b.docs))
			path := filepath.Join(b.dir, segmentFile(from/b.size))
			if !yield(func(s *speller) error { return s.writeSegment(ctx, path, b.docs[from:to], b.measured[from:to]) }) {
				return
			}
		}
		for i := range b.texts {
			some := b.docs[i*packSize : min((i+1)*packSize, len(b.docs))]
			if !yield(func(*speller) error { b.texts[i] = pack(b.z, some); return nil }) {
				return
			}
		}
	}
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

// smokeQueries is how many documents are looked for before an index is sealed,
// by up to smokeWords of their titles.
const (
	smokeQueries = 20
	smokeWords   = 6
)

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
		words := strings.Fields(e.Title)
		title := strings.Join(words[:min(len(words), smokeWords)], " ")
		if len(e.Audience) == 0 || s.analyzers.key(title) == "" {
			continue
		}
		found, err := s.ranking(ctx, Request{Query: `"` + title + `"`, Audiences: e.Audience, Language: e.Lang}, documents)
		if err != nil {
			return fmt.Errorf("try new index: %w", err)
		}
		if !slices.Contains(found, e.Record) {
			return fmt.Errorf("try new index: %w: %s is not found by its title", ErrDamaged, e.Record)
		}
	}
	return nil
}
