package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	index "github.com/blevesearch/bleve_index_api"
)

// liveStore holds the documents that come and go while the service runs. It is
// made anew at each start and filled by its owner, so that nothing removed
// while the program was away can be found after it.
//
// New documents make small segments at the end, which are soon made into
// larger ones, so that one more document costs the same among ten and among a
// hundred thousand.
type liveStore struct {
	folder string
	texts  *journal
	part   *part
	small  []run // the last segments
}

// run is a segment that is still to grow, with what it was made of.
type run struct {
	segment *segment
	rows    []index.Document
}

const (
	// fullRun is the size beyond which a segment is not made anew for each of
	// the next documents.
	fullRun = 256
	// maxRuns is how many full segments there may be before they are made
	// into larger ones.
	maxRuns = 32
)

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
	return &liveStore{folder: folder, texts: texts, part: newPart(a, texts.read)}, nil
}

func (l *liveStore) close() error {
	return errors.Join(l.texts.file.Close(), os.RemoveAll(l.folder))
}

// Put adds live documents, or replaces those of the same id. They can be found
// when Put returns. Where it fails, none of them can be: better too little than
// what was to be replaced.
func (s *Service) Put(ctx context.Context, docs ...Document) error {
	return s.change(ctx, func(l *liveStore) error {
		for len(docs) > 0 {
			n := min(segmentSize, len(docs))
			some := latest(docs[:n])
			added, err := l.analyse(some)
			if err != nil {
				return errors.Join(err, s.removeLive(l, docs))
			}
			s.gate.Lock()
			l.put(added)
			s.live = l.part
			s.gate.Unlock()
			docs = docs[n:]
		}
		return s.tidy(l)
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
func (s *Service) removeLive(l *liveStore, docs []Document) error {
	s.gate.Lock()
	defer s.gate.Unlock()
	ids := make([]string, len(docs))
	for i := range docs {
		ids[i] = docs[i].ID
	}
	l.part.remove(ids)
	return nil
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
	}
	return f(s.store)
}

// addition is new documents with the segment that they, and those of the runs
// that it replaces, are in.
type addition struct {
	entries  []*entry
	run      run
	replaces int // runs
}

// analyse makes everything that documents need to be found, and shows nothing.
func (l *liveStore) analyse(docs []Document) (*addition, error) {
	a := &addition{}
	speller := newSpeller(l.part.analyzers)
	rows := make([]index.Document, len(docs))
	var before *entry
	for i := range docs {
		var measured lengths
		rows[i], measured = speller.postings(&docs[i])
		at, err := l.texts.add(docs[i].Body)
		if err != nil {
			return nil, err
		}
		before = newEntry(&docs[i], measured, at, before)
		a.entries = append(a.entries, before)
	}
	first := int32(len(l.part.entries))
	for _, last := range slices.Backward(l.small) {
		if len(last.rows) > 2*len(rows) || len(last.rows)+len(rows) > fullRun {
			break
		}
		rows = append(slices.Clip(last.rows), rows...)
		first = last.segment.first
		a.replaces++
	}
	made, err := newSegment(rows, first)
	a.run = run{made, rows}
	return a, err
}

// put shows new documents. The gate must be held.
func (l *liveStore) put(a *addition) {
	p := l.part
	p.segments = p.segments[:len(p.segments)-a.replaces]
	l.small = append(l.small[:len(l.small)-a.replaces], a.run)
	if len(a.run.rows) >= fullRun {
		l.small = l.small[:0]
	}
	p.add(a.entries, a.run.segment)
}

// tidy makes the small segments before the last into larger ones when they are
// many. Searches go on meanwhile.
func (s *Service) tidy(l *liveStore) error {
	p := l.part
	from, to := 0, len(p.segments)-len(l.small)
	for from < to && p.segments[from].size >= segmentSize {
		from++
	}
	if to-from <= maxRuns {
		return nil
	}
	end := p.segments[to-1].first + p.segments[to-1].size
	var larger []*segment
	for first := p.segments[from].first; first < end; first += segmentSize {
		made, err := l.again(first, min(first+segmentSize, end))
		if err != nil {
			return err
		}
		larger = append(larger, made)
	}
	s.gate.Lock()
	defer s.gate.Unlock()
	p.segments = append(append(p.segments[:from:from], larger...), p.segments[to:]...)
	return nil
}

// again makes one segment of a run of documents. Those that are gone keep
// their numbers and nothing else.
func (l *liveStore) again(first, end int32) (*segment, error) {
	speller := newSpeller(l.part.analyzers)
	rows := make([]index.Document, end-first)
	for i := range rows {
		n := first + int32(i)
		if rows[i] = (&row{}); l.part.facts[n].gone {
			continue
		}
		text, err := l.part.body(n)
		if err != nil {
			return nil, err
		}
		d := l.part.entries[n].document(text)
		rows[i], _ = speller.postings(&d)
	}
	return newSegment(rows, first)
}
