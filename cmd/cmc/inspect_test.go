package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"cmc/search"
)

// One changed byte in any file of the served index is noticed, the index is set
// aside and built again, and every search meanwhile is answered as before.
func TestADamagedIndexIsSetAsideAndBuiltAgain(t *testing.T) {
	l := servedLibrary(t)
	ask := func() (*search.Response, error) {
		return l.search.Search(context.Background(), search.Request{Query: "ferry", Language: "en"})
	}
	whole, err := ask()
	if err != nil || whole.Total == 0 {
		t.Fatalf("the small site answers %+v, %v", whole, err)
	}
	if err := l.inspect(t.Context()); err != nil || l.current.Number != 1 {
		t.Fatalf("inspecting a whole index = %v, release %d; want release 1 still", err, l.current.Number)
	}
	files, err := os.ReadDir(l.current.Index())
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(file.Name(), func(t *testing.T) {
			was := l.current
			flip(t, filepath.Join(was.Index(), file.Name()))
			ctx, stop := context.WithCancel(context.Background())
			var asking sync.WaitGroup
			asking.Go(func() {
				for ctx.Err() == nil {
					if r, err := ask(); err != nil || r.Total != whole.Total {
						t.Errorf("a search while a damaged index is replaced = %+v, %v; want %d records", r, err, whole.Total)
						return
					}
				}
			})
			err := l.inspect(t.Context())
			stop()
			asking.Wait()
			if err != nil {
				t.Fatal(err)
			}
			if l.current.Number <= was.Number {
				t.Errorf("release %d is served after damage, want one after %d", l.current.Number, was.Number)
			}
			if err := search.Verify(l.current.Index()); err != nil {
				t.Errorf("the new index: %v", err)
			}
			if _, err := os.Stat(filepath.Join(was.Index()+damaged, file.Name())); err != nil {
				t.Errorf("the damaged index was not set aside: %v", err)
			}
		})
	}
	if err := os.RemoveAll(l.current.Index()); err != nil {
		t.Fatal(err)
	}
	if err := l.inspect(t.Context()); err != nil {
		t.Errorf("inspecting a lost index = %v", err)
	}
	if r, err := ask(); err != nil || r.Total != whole.Total {
		t.Errorf("after a lost index the small site answers %+v, %v", r, err)
	}
}

// servedLibrary serves the small site's files and index to nobody.
func servedLibrary(t *testing.T) *library {
	t.Helper()
	o, err := place{root: smallSite(t), state: t.TempDir()}.open(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	l, err := newLibrary(o, "http://127.0.0.1/", nil)
	if err != nil {
		t.Fatal(err)
	}
	l.search = search.NewService(o.path("live"), o.log)
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(func() {
		stop()
		l.retiring.Wait()
		l.publisher.Wait()
		if err := l.search.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := l.refresh(ctx); err != nil {
		t.Fatal(err)
	}
	return l
}

// flip changes one byte in the middle of a file, as a copy that takes its
// place: what has it open goes on with the old one, as from a disk's cache.
func flip(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text[len(text)/2] ^= 1
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}
