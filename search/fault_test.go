package search

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
)

// A file that is cut short under an open index fails the searches that need
// it; the program and its live documents go on.
func TestAFileCutShortWhileServingEndsNoProgram(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "index")
	if err := Build(context.Background(), dir, Corpus{Documents: corpus()}); err != nil {
		t.Fatal(err)
	}
	ix, err := Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	s := NewService(filepath.Join(t.TempDir(), "live"), slog.New(slog.DiscardHandler))
	if err := s.Swap(ix); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, segmentFile(0)), 0); err != nil {
		t.Fatal(err)
	}
	if r, err := s.Search(context.Background(), Request{Query: "harbour"}); !errors.Is(err, ErrDamaged) {
		t.Errorf("Search over a lost file = %v, %v; want ErrDamaged", r, err)
	}
	if err := Verify(dir); !errors.Is(err, ErrDamaged) {
		t.Errorf("Verify = %v, want ErrDamaged", err)
	}
	whole := open(t, corpus())
	if err := s.Swap(whole.site); err != nil {
		t.Log(err) // the lost one cannot be closed properly
	}
	whole.site = nil
	if r := find(t, s, Request{Query: "harbour"}); r.Total == 0 {
		t.Error("nothing is found after a whole index came")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
