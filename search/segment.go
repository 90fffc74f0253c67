package search

import (
	"fmt"

	index "github.com/blevesearch/bleve_index_api"
	bleve "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
)

// segment is a run of documents whose postings are in one of Bleve's segments.
// It never changes.
type segment struct {
	postings bleve.Segment
	first    int32 // number of its first document
	size     int32
}

// newSegment makes a segment in memory.
func newSegment(rows []index.Document, first int32) (*segment, error) {
	postings, _, err := (&zap.ZapPlugin{}).New(rows)
	if err != nil {
		return nil, fmt.Errorf("make segment of %d documents: %w", len(rows), err)
	}
	return &segment{postings, first, int32(len(rows))}, nil
}

// write keeps a segment that was made in memory.
func (s *segment) write(path string) error {
	base, ok := s.postings.(*zap.SegmentBase)
	if !ok {
		return fmt.Errorf("write segment: it has a file already")
	}
	if err := zap.PersistSegmentBase(base, path); err != nil {
		return fmt.Errorf("write segment: %w", err)
	}
	return nil
}

// openSegment maps a segment's file into memory.
func openSegment(path string, first int32) (*segment, error) {
	postings, err := (&zap.ZapPlugin{}).Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: open segment: %w", ErrDamaged, err)
	}
	return &segment{postings, first, int32(postings.Count())}, nil
}

func (s *segment) close() error { return s.postings.Close() }

// postingsRoom is what reading a list needs, to be used again.
type postingsRoom struct {
	list    bleve.PostingsList
	all     bleve.PostingsIterator
	numbers numbers
	docs    [readAtOnce]int32
	codes   [readAtOnce]uint64
}

// numbers are those of a list's documents, unpacked many at a time: Bleve's own
// iterator, in whose place they stand, costs more than all else that it does.
type numbers struct {
	from interface{ NextMany(room []uint32) int }
	next []uint32
	room [readAtOnce]uint32
}

// HasNext, like the methods below, is what Bleve asks of an iterator.
func (n *numbers) HasNext() bool {
	if len(n.next) == 0 {
		n.next = n.room[:n.from.NextMany(n.room[:])]
	}
	return len(n.next) > 0
}

func (n *numbers) PeekNext() uint32 { return n.next[0] }

func (n *numbers) Next() uint32 {
	first := n.next[0]
	n.next = n.next[1:]
	return first
}

func (n *numbers) AdvanceIfNeeded(least uint32) {
	for n.HasNext() && n.PeekNext() < least {
		n.Next()
	}
}

// readAtOnce is how many postings are unpacked before they are looked at.
const readAtOnce = 256

// each calls f with the documents that hold a term and the codes of their
// postings, some at a time in the order of their numbers, until f says false.
func (s *segment) each(field, term string, room *postingsRoom, f func(docs []int32, codes []uint64) bool) error {
	dictionary, err := s.postings.Dictionary(field)
	if err != nil {
		return fmt.Errorf("read dictionary of %s: %w", field, err)
	}
	if dictionary.Cardinality() == 0 {
		return nil
	}
	list, err := dictionary.PostingsList([]byte(term), nil, room.list)
	if err != nil {
		return fmt.Errorf("find postings of %s: %w", field, err)
	}
	if list.Count() == 0 {
		return nil
	}
	room.list, room.all = list, list.Iterator(true, false, false, room.all)
	all, ok := room.all.(*zap.PostingsIterator)
	if !ok {
		return fmt.Errorf("read postings of %s: they are %T", field, room.all)
	}
	if all.ActualBM != nil {
		room.numbers.from, room.numbers.next = all.ActualBM.ManyIterator(), nil
		all.Actual = &room.numbers
	}
	for {
		n, err := room.fill(all, s.first)
		if err != nil {
			return fmt.Errorf("read postings of %s: %w", field, err)
		}
		if n == 0 || !f(room.docs[:n], room.codes[:n]) || n < readAtOnce {
			return nil
		}
	}
}

// fill reads as many postings as there is room for and tells their number.
func (r *postingsRoom) fill(all *zap.PostingsIterator, first int32) (int, error) {
	for n := range r.docs {
		next, err := all.Next()
		if err != nil {
			return n, err
		}
		posting, ok := next.(*zap.Posting)
		if !ok {
			return n, nil
		}
		r.docs[n], r.codes[n] = first+int32(posting.Number()), posting.Frequency()
	}
	return readAtOnce, nil
}

// like calls f with every term of a field that an automaton accepts.
func (s *segment) like(field string, automaton bleve.Automaton, f func(term string) error) error {
	dictionary, err := s.postings.Dictionary(field)
	if err != nil {
		return fmt.Errorf("read dictionary of %s: %w", field, err)
	}
	terms := dictionary.AutomatonIterator(automaton, nil, nil)
	for {
		entry, err := terms.Next()
		if err != nil {
			return fmt.Errorf("read dictionary of %s: %w", field, err)
		}
		if entry == nil {
			return nil
		}
		if err := f(entry.Term); err != nil {
			return err
		}
	}
}
