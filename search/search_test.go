package search

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// open builds an index of docs and a service over it.
func open(t testing.TB, docs []Document) *Service {
	t.Helper()
	return openCorpus(t, Corpus{Documents: docs})
}

func openCorpus(t testing.TB, corpus Corpus) *Service {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "index")
	if err := Build(context.Background(), dir, corpus); err != nil {
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
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func find(t testing.TB, s *Service, r Request) *Response {
	t.Helper()
	response, err := s.Search(context.Background(), r)
	if err != nil {
		t.Fatalf("Search(%q): %v", r.Query, err)
	}
	return response
}

// links are the hits of a response as "id#anchor", in order.
func links(r *Response) string {
	var all []string
	for _, h := range r.Hits {
		id := h.ID
		if _, anchor, ok := strings.Cut(h.URL, "#"); ok {
			id += "#" + anchor
		}
		all = append(all, id)
	}
	return strings.Join(all, " ")
}

func day(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }
