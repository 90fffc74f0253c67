package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// watched are the folders whose changes change the site, besides config.toml.
var watched = []string{"content", "layouts", "assets", "data", "i18n", "static", "archetypes"}

// quiet is how long the files must rest before a build: an editor saves in
// several steps, and a checkout changes many files.
const quiet = 400 * time.Millisecond

// Watch calls changed after the site's files changed and came to rest, until ctx
// ends. Changes during a call lead to one more call, however many they are. The
// watch stands before the first call of ready, which may be nil.
func Watch(ctx context.Context, dir string, log *slog.Logger, ready func(), changed func(context.Context)) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch %s: %w", dir, err)
	}
	defer notify.Close()
	w := &watcher{dir: dir, notify: notify, log: log}
	if err := w.start(); err != nil {
		return fmt.Errorf("watch %s: %w", dir, err)
	}
	if ready != nil {
		ready()
	}
	pending := make(chan struct{}, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.read(ctx, pending)
	}()
	defer func() { <-done }()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-pending:
		}
		if !rest(ctx, pending) {
			return nil
		}
		changed(ctx)
	}
}

// rest waits until nothing has been pending for a while.
func rest(ctx context.Context, pending <-chan struct{}) bool {
	timer := time.NewTimer(quiet)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-pending:
			timer.Reset(quiet)
		case <-timer.C:
			return true
		}
	}
}

type watcher struct {
	dir    string
	notify *fsnotify.Watcher
	log    *slog.Logger
}

func (w *watcher) start() error {
	if err := w.notify.Add(w.dir); err != nil {
		return err
	}
	for _, name := range watched {
		if err := w.add(filepath.Join(w.dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// add watches a folder and all below it; the system watches single folders.
func (w *watcher) add(root string) error {
	return filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !entry.IsDir() {
			return err
		}
		return w.notify.Add(name)
	})
}

// read turns the system's events into at most one pending build.
func (w *watcher) read(ctx context.Context, pending chan<- struct{}) {
	wake := func() {
		select {
		case pending <- struct{}{}:
		default:
		}
	}
	for {
		select {
		case <-ctx.Done():
			return
		case event, open := <-w.notify.Events:
			if !open {
				return
			}
			if !w.matters(event) {
				continue
			}
			if info, err := os.Stat(event.Name); err == nil && info.IsDir() {
				if err := w.add(event.Name); err != nil {
					w.log.Warn("a new folder is not watched", "folder", event.Name, "error", err)
				}
			}
			wake()
		case err, open := <-w.notify.Errors:
			if !open {
				return
			}
			w.log.Warn("changes of the site's files may have been missed", "error", err)
			wake()
		}
	}
}

// matters leaves out what is not part of the site: files beside config.toml,
// attributes, and what editors write for themselves.
func (w *watcher) matters(event fsnotify.Event) bool {
	if event.Op == fsnotify.Chmod {
		return false
	}
	base := filepath.Base(event.Name)
	if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "#") || strings.HasSuffix(base, "~") || base == "4913" {
		return false
	}
	if filepath.Dir(event.Name) == w.dir {
		return base == configFile || slices.Contains(watched, base)
	}
	return true
}
