package site

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAScratchFolderOutlivesOnlyItsProcess(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "exports")
	open := func() *Scratch {
		s, err := NewScratch(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(s.Dir, "page"), []byte("text"), 0o644); err != nil {
			t.Fatal(err)
		}
		return s
	}
	exists := func(s *Scratch) bool {
		_, err := os.Stat(filepath.Join(s.Dir, "page"))
		return err == nil
	}
	killed := open()
	killed.lease.release() // as the system does for a process that died
	working := open()
	if exists(killed) {
		t.Error("what a killed process left is still there")
	}
	next := open()
	if !exists(working) || !exists(next) {
		t.Error("a folder in use was cleared away")
	}
	for _, s := range []*Scratch{working, next} {
		if err := s.Close(); err != nil || exists(s) {
			t.Errorf("Close: %v, the folder exists: %v", err, exists(s))
		}
	}
}
