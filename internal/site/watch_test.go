package site

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/fsnotify/fsnotify"
)

func TestWatchTellsOfChangesOnceTheyRest(t *testing.T) {
	dir := writeSite(t, smallSite)
	ctx, stop := context.WithCancel(t.Context())
	ready, calls, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- Watch(ctx, dir, slog.New(slog.DiscardHandler), func() { close(ready) }, func(context.Context) {
			calls <- struct{}{}
		})
	}()
	<-ready
	change(t, dir, "-- content/practices/new/index.en.md --\n---\ntitle: New\n---\nx\n")
	<-calls
	// The folder that came with the first change is watched too.
	change(t, dir, "-- content/practices/new/index.en.md --\n---\ntitle: Newer\n---\nx\n")
	<-calls
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Watch = %v, want nil after the context ended", err)
	}
}

func TestWatchLeavesOutWhatIsNotTheSite(t *testing.T) {
	w := &watcher{dir: "/site"}
	for _, test := range []struct {
		name string
		op   fsnotify.Op
		want bool
	}{
		{"config.toml", fsnotify.Write, true},
		{"content", fsnotify.Create, true},
		{"content/a/index.en.md", fsnotify.Rename, true},
		{"content/a/index.en.md", fsnotify.Chmod, false},
		{"content/a/.index.en.md.swp", fsnotify.Write, false},
		{"content/a/index.en.md~", fsnotify.Write, false},
		{"public", fsnotify.Create, false},
		{"var", fsnotify.Create, false},
		{"go.mod", fsnotify.Write, false},
	} {
		event := fsnotify.Event{Name: filepath.Join("/site", test.name), Op: test.op}
		if got := w.matters(event); got != test.want {
			t.Errorf("matters(%v %s) = %t, want %t", test.op, test.name, got, test.want)
		}
	}
}

func TestWatchOfNoFolderIsAnError(t *testing.T) {
	err := Watch(t.Context(), filepath.Join(t.TempDir(), "none"), slog.New(slog.DiscardHandler), nil, func(context.Context) {})
	if err == nil {
		t.Error("Watch of a missing folder = nil, want an error")
	}
}
