package search

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// A hundred ways of damaging an index, at random places, are noticed.
func TestDamageAnywhereIsNoticed(t *testing.T) {
	random := rand.New(rand.NewPCG(100, 100))
	whole := filepath.Join(t.TempDir(), "index")
	docs := randomDocuments(random, 200, []string{Public, "members"}, []string{"harbour", "reception", "officer", "migrant", "permit", "visa", "island", "quay"})
	if err := Build(context.Background(), whole, Corpus{Documents: docs}); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(whole)
	if err != nil {
		t.Fatal(err)
	}
	noticed := 0
	for i := range 100 {
		dir := filepath.Join(t.TempDir(), "index")
		if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, entries[random.IntN(len(entries))].Name())
		switch i % 4 {
		case 0:
			edit(t, path, func(b []byte) []byte { b[random.IntN(len(b))] ^= 1 << random.IntN(8); return b })
		case 1:
			edit(t, path, func(b []byte) []byte { return b[:random.IntN(len(b))] })
		case 2:
			err = os.Remove(path)
		case 3:
			err = os.WriteFile(path+".old", []byte("left over"), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		ix, err := Open(context.Background(), dir)
		if errors.Is(err, ErrDamaged) {
			noticed++
			continue
		}
		t.Errorf("damage %d of %s: Open = %v", i, filepath.Base(path), err)
		if err == nil {
			_ = ix.Close()
		}
	}
	t.Logf("%d of 100 noticed", noticed)
}
