package search

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	index "github.com/blevesearch/bleve_index_api"
)

// New live documents make a segment at the end, as large as they are many. When
// there are several of one size they are made into one, beside what goes on:
// who adds or searches never waits for it. A search thus looks into few
// segments, and a document is analysed a few times in its life, whether it
// came among ten or among a hundred thousand.
const (
	// liveSize is the size from which a live segment stays as it is.
	liveSize = 4096
	// tierSize is how many segments of one size make one of the next.
	tierSize = 4
	// fileSize is the size from which a live segment stands in a file and not
	// in memory.
	fileSize = 1024
)

// tidyUntil merges segments after each change that calls for it, until ctx
// ends. Where it fails, what is there stays as it is.
func (s *Service) tidyUntil(ctx context.Context, l *liveStore) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.changed:
		}
		for more := true; more; {
			var err error
			if more, err = s.tidy(ctx, l); err != nil && ctx.Err() == nil {
				s.log.Warn("live search segments not merged", "error", err)
			}
		}
	}
}

// tidy makes the last segments into one if there are enough of a size, and
// says whether it did.
func (s *Service) tidy(ctx context.Context, l *liveStore) (bool, error) {
	l.merges.Lock()
	defer l.merges.Unlock()
	s.gate.RLock()
	from := mergeable(l.part.segments)
	old := slices.Clone(l.part.segments[from:])
	var entries []*entry
	if len(old) > 0 {
		entries = l.part.present(old[0].first, old[len(old)-1].first+old[len(old)-1].size)
	}
	s.gate.RUnlock()
	if len(old) == 0 {
		return false, nil
	}
	made, err := l.again(ctx, entries, old[0].first)
	if err != nil {
		return false, err
	}
	s.gate.Lock()
	now := l.part.segments // more may have come behind the old ones
	l.part.segments = slices.Concat(now[:from], []*segment{made}, now[from+len(old):])
	s.gate.Unlock()
	for _, o := range old {
		if err := o.close(); err != nil {
			return true, fmt.Errorf("close merged segment: %w", err)
		}
	}
	return true, nil
}

// mergeable is where the segments begin that are to be one: those at the end
// below some size, when enough of them have that size.
func mergeable(segments []*segment) int {
	for least := int32(1); least < liveSize; least *= tierSize {
		from, n := len(segments), 0
		for from > 0 && segments[from-1].size < min(least*tierSize, liveSize) {
			from--
			if segments[from].size >= least {
				n++
			}
		}
		if n >= tierSize {
			return from
		}
	}
	return len(segments)
}

// present are the entries of a run of documents, nil for those that are gone.
func (p *part) present(first, end int32) []*entry {
	entries := slices.Clone(p.entries[first:end])
	for i := range entries {
		if p.facts.gone(first + int32(i)) {
			entries[i] = nil
		}
	}
	return entries
}

// again makes one segment of documents. Those that are gone keep their numbers
// and nothing else.
func (l *liveStore) again(ctx context.Context, entries []*entry, first int32) (*segment, error) {
	if l.merging.full() {
		l.merging = newSpeller(l.part.analyzers)
	}
	rows := make([]index.Document, len(entries))
	for i, e := range entries {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if rows[i] = (&row{}); e == nil {
			continue
		}
		text, err := l.texts.read(e.Text)
		if err != nil {
			return nil, err
		}
		d := e.document(text)
		rows[i], _ = l.merging.postings(&d)
	}
	return l.segment(rows, first)
}

// segment makes a segment, a large one in a file.
func (l *liveStore) segment(rows []index.Document, first int32) (*segment, error) {
	made, err := newSegment(rows, first)
	if err != nil || made.size < fileSize {
		return made, err
	}
	path := filepath.Join(l.folder, segmentFile(int(l.files.Add(1))))
	if err := made.write(path); err != nil {
		return nil, err
	}
	return openSegment(path, first)
}
