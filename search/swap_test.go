package search

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Readers see one index or the other, whole, while indexes are swapped and
// live documents come and go under them.
func TestSwapUnderLoadFailsNoSearch(t *testing.T) {
	s := open(t, corpus())
	ctx, stop := context.WithCancel(context.Background())
	var readers sync.WaitGroup
	searches := make([]int, 4)
	for i := range searches {
		readers.Go(func() {
			for ctx.Err() == nil {
				r, err := s.Search(context.Background(), Request{Query: "harbour", Audiences: []string{"secretariat"}})
				if err != nil || r.Total < 2 || r.Total > 3 {
					t.Errorf("search during a swap = %v, %v; want 2 or 3 records", r, err)
					return
				}
				s.Suggest("re", "en", nil)
				searches[i]++
			}
		})
	}
	for i := range 12 {
		dir := filepath.Join(t.TempDir(), fmt.Sprint("index", i))
		if err := Build(ctx, dir, Corpus{Documents: corpus()}); err != nil {
			t.Fatal(err)
		}
		ix, err := Open(ctx, dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Swap(ix); err != nil {
			t.Fatal(err)
		}
		put(t, s, Document{ID: "post-1", Record: "topic-1", Type: "post", Lang: "en", Title: "Harbour", Body: fmt.Sprint("harbour ", i), Audience: []string{Public}})
		if err := s.Delete(ctx, "post-1"); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	readers.Wait()
	for i, n := range searches {
		if n == 0 {
			t.Errorf("reader %d never got an answer", i)
		}
	}
}

func TestLiveDocumentsAreFoundAtOnceAndGoneAtOnce(t *testing.T) {
	s := open(t, corpus())
	post := Document{ID: "post-1", Record: "topic-1", Type: "post", Lang: "en", URL: "/forum/posts/1", Title: "Visas", Body: "A marmoset at the border", Audience: []string{"members"}}
	put(t, s, post)
	if r := find(t, s, Request{Query: "marmosets", Audiences: []string{"members"}}); links(r) != "topic-1" {
		t.Errorf("a new post is found as %q, want topic-1", links(r))
	}
	post.Audience = []string{"group:a"}
	put(t, s, post)
	if r := find(t, s, Request{Query: "marmosets", Audiences: []string{"members"}}); r.Total != 0 {
		t.Errorf("a post that moved to another room is found by its old readers: %q", links(r))
	}
	if err := s.Delete(context.Background(), "post-1", "never-there"); err != nil {
		t.Fatal(err)
	}
	if r := find(t, s, Request{Query: "marmoset", Audiences: []string{"members", "group:a"}}); r.Total != 0 || r.Suggestion != "" {
		t.Errorf("a removed post is found: %q, suggestion %q", links(r), r.Suggestion)
	}
}

// lostFile is the damage that takes a whole file.
const lostFile = "a lost file"

func TestOpenNoticesDamage(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "index")
	if err := Build(context.Background(), whole, Corpus{Documents: corpus()}); err != nil {
		t.Fatal(err)
	}
	var files []string
	err := filepath.WalkDir(whole, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(whole, path)
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(4, 12))
	damage := map[string]func(file []byte) []byte{
		"one flipped bit": func(b []byte) []byte { b[random.IntN(len(b))] ^= 1 << random.IntN(8); return b },
		"a lost end":      func(b []byte) []byte { return b[:len(b)-1] },
		"an appended end": func(b []byte) []byte { return append(b, 0) },
		lostFile:          nil,
	}
	for _, name := range files {
		for what, harm := range damage {
			if name == manifestFile && what != lostFile && what != "a lost end" {
				continue // a changed manifest is compared with the files, below
			}
			t.Run(what+" of "+filepath.Base(name), func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "index")
				if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
					t.Fatal(err)
				}
				if what == lostFile {
					if err := os.Remove(filepath.Join(dir, name)); err != nil {
						t.Fatal(err)
					}
				} else {
					edit(t, filepath.Join(dir, name), harm)
				}
				ix, err := Open(context.Background(), dir)
				if !errors.Is(err, ErrDamaged) {
					t.Errorf("Open = %v, %v; want ErrDamaged", ix, err)
				}
			})
		}
	}
	if err := os.WriteFile(filepath.Join(whole, "stray"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), whole); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "rebuild") {
		t.Errorf("Open of an index with a stray file = %v, want ErrDamaged that says rebuild", err)
	}
}

func edit(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, change(raw), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestBuildRefusesWhatItCannotKeepApart(t *testing.T) {
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "index")
	twice := Corpus{Documents: []Document{{ID: "a"}, {ID: "a"}}}
	if err := Build(ctx, dir, twice); err == nil || !strings.Contains(err.Error(), `"a"`) {
		t.Errorf("Build with an id used twice = %v, want an error that names it", err)
	}
	if _, err := Open(ctx, dir); !errors.Is(err, ErrDamaged) {
		t.Errorf("Open of an index whose build failed = %v, want ErrDamaged", err)
	}
	if err := Build(ctx, dir, Corpus{}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("Build over an index = %v, want that the folder exists", err)
	}
}
