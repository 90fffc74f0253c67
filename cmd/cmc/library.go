package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"cmc/internal/errs"
	"cmc/internal/page"
	"cmc/internal/server"
	"cmc/internal/site"
	"cmc/search"
)

// retireAfter is how long a release stays on disk for requests under way.
const retireAfter = 30 * time.Second

// library is the knowledge base as it is served: the files, the search index
// and the frames of one release, always changed together.
type library struct {
	site      *opened
	publisher *site.Publisher
	log       *slog.Logger
	static    *server.Static
	search    *search.Service
	pages     *page.Set
	records   *catalogue

	mu       sync.Mutex // one change at a time
	current  *site.Release
	lift     embargo
	retiring sync.WaitGroup // old releases that requests may still use
}

// newLibrary opens the releases in the state directory. base is the address
// that absolute links name; empty leaves the one of config.toml.
func newLibrary(o *opened, base string, progress func(site.Progress)) (*library, error) {
	publisher, err := site.NewPublisher(o.state, site.Options{
		Dir: o.root, Theme: house(o.root), BaseURL: base, Log: o.log, Progress: progress,
	})
	if err != nil {
		return nil, err
	}
	return &library{site: o, publisher: publisher, log: o.log, pages: page.NewSet(o.texts, o.log), records: &catalogue{defaultLanguage: o.config.DefaultLanguage}}, nil
}

// publish builds the site and its index beside what is served, and makes them
// the current release.
func (l *library) publish(ctx context.Context) (*site.Release, error) {
	return l.publisher.Publish(ctx, func(ctx context.Context, r *site.Release) error {
		if err := l.pages.CheckFrames(r.Result.Frames); err != nil {
			return err
		}
		corpus, err := l.site.corpus(r.Result.Records)
		if err != nil {
			return err
		}
		if err := search.Build(ctx, r.Index(), corpus); err != nil {
			return fmt.Errorf("index the site: %w", err)
		}
		return writeRecords(r, r.Result.Records)
	})
}

// refresh publishes what the folder holds now and serves it. On error what was
// served before goes on being served.
func (l *library) refresh(ctx context.Context) error {
	release, err := l.publish(ctx)
	if err != nil {
		return err
	}
	for _, warning := range release.Result.Warnings {
		l.log.Warn("site warning", "text", warning)
	}
	l.log.Info("site published", "release", release.Number, "pages", release.Result.Pages,
		"records", len(release.Result.Records), "took", release.Result.Took.Round(time.Millisecond))
	return l.serve(ctx, release)
}

// adopt serves the current release when it is another than the one served, as
// after a `cmc build` beside the server. fs.ErrNotExist: there is none yet.
func (l *library) adopt(ctx context.Context) error {
	release, err := l.publisher.Current()
	if err != nil {
		return err
	}
	l.mu.Lock()
	same := l.current != nil && l.current.Number == release.Number
	l.mu.Unlock()
	if same {
		release.Close()
		return nil
	}
	return l.serve(ctx, release)
}

// serve swaps files, index, frames and records for those of a release, and
// closes one that cannot be served: follow would come back to it for ever.
func (l *library) serve(ctx context.Context, r *site.Release) (err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer func() {
		if err != nil {
			r.Close()
		}
	}()
	frames, err := r.Frames()
	if err != nil {
		return err
	}
	records, err := readRecords(r)
	if err != nil {
		return err
	}
	index, err := search.Open(ctx, r.Index())
	if err != nil {
		return fmt.Errorf("open the index of release %d: %w", r.Number, err)
	}
	var files *server.Files
	if l.static != nil {
		if files, err = server.Open(ctx, r.Site()); err != nil {
			return errors.Join(err, index.Close())
		}
	}
	if err := l.pages.SetFrames(frames); err != nil {
		return errors.Join(err, index.Close())
	}
	if l.static != nil {
		l.static.Swap(files)
	}
	l.records.swap(records)
	old := l.current
	l.current = r
	l.lift.next = r.Next
	if err := l.search.Swap(index); err != nil {
		l.log.Warn("old search index was not closed", "error", err)
	}
	debug.FreeOSMemory() // reading an index leaves as much behind as it holds
	if old != nil {
		l.retiring.Go(func() { l.publisher.Retire(ctx, old, retireAfter) })
	}
	return nil
}

// follow adopts releases that other processes publish, and where this one builds,
// publishes again when an embargo ends; and inspects the index, until ctx ends.
func (l *library) follow(ctx context.Context, every time.Duration, builds bool) {
	tick, check := time.NewTicker(every), time.NewTicker(inspectEvery)
	defer tick.Stop()
	defer check.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-check.C:
			if err := l.inspect(ctx); err != nil {
				l.log.Warn("the search index was not inspected", "error", err)
			}
		case <-tick.C:
			if err := l.adopt(ctx); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, os.ErrClosed) {
				l.log.Warn("a newer release was not adopted", "error", err)
			}
			if builds && l.due(time.Now()) {
				l.tryRefresh(ctx)
			}
		}
	}
}

// notFound answers where neither a file nor a room does.
func (l *library) notFound(w http.ResponseWriter, r *http.Request) {
	l.pages.Error(w, r, errs.New(errs.NotFound, "error_not_found"))
}
