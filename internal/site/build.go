package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/gohugoio/hugo/common/loggers"
	"github.com/gohugoio/hugo/hugolib"
	"github.com/gohugoio/hugo/hugolib/filesystems"
	"github.com/gohugoio/hugo/resources/page"
	"github.com/spf13/afero"
)

// building lets one build run at a time in the process: Hugo's logger, clock and
// page caches are process-wide, and one build's error would fail the other.
var building sync.Mutex

// Build renders the site of opts.Dir into opts.Out and reads its records. It
// writes nowhere but in Out and Cache. A site that has mistakes is an *Error;
// what stands in Out is then not a site.
func Build(ctx context.Context, opts Options) (result *Result, err error) {
	building.Lock()
	defer building.Unlock()
	start := time.Now()
	if err := opts.prepare(); err != nil {
		return nil, err
	}
	sink := &messages{}
	defer func() {
		if cause := recover(); cause != nil {
			result, err = nil, fmt.Errorf("build the site: Hugo stopped: %v\n%s", cause, debug.Stack())
		}
		forget()
	}()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	result, err = build(ctx, opts, sink)
	warnings, logged := sink.taken()
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, explain(err, opts.Dir, logged)
	}
	result.Warnings = append(result.Warnings, warnings...)
	result.Took = time.Since(start)
	return result, nil
}

func build(ctx context.Context, opts Options, sink *messages) (*Result, error) {
	opts.Progress(Progress{Stage: "read"})
	sites, next, err := open(opts, sink)
	if err != nil {
		return nil, err
	}
	defer sites.Close()
	if err := copyStatic(sites, opts.Out); err != nil {
		return nil, fmt.Errorf("copy static files: %w", err)
	}
	opts.Progress(Progress{Stage: "render"})
	if err := sites.Build(hugolib.BuildCfg{NoBuildLock: true}); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	opts.Progress(Progress{Stage: "walk"})
	if err := checkAudience(sites, opts); err != nil {
		return nil, err
	}
	if err := drawPictures(ctx, sites, opts); err != nil {
		return nil, err
	}
	result := &Result{Homes: map[string]string{}, Next: next}
	if result.Records, err = walk(ctx, sites); err != nil {
		return nil, err
	}
	for _, s := range sites.Sites {
		result.Homes[s.Language().Lang] = sitePath(s, s.Home().RelPermalink())
	}
	if result.Frames, err = frames(opts.Out, result.Homes); err != nil {
		return nil, err
	}
	if err := explainTerms(sites, opts.Dir, opts.Out); err != nil {
		return nil, err
	}
	result.Pages, err = countPages(opts.Out)
	return result, err
}

// prepare makes paths absolute, as Hugo needs them, and fills what was left out.
func (o *Options) prepare() error {
	for _, dir := range []*string{&o.Dir, &o.Out, &o.Cache} {
		if *dir == "" {
			return errors.New("build the site: Dir, Out and Cache must be set")
		}
		abs, err := filepath.Abs(*dir)
		if err != nil {
			return fmt.Errorf("build the site: %w", err)
		}
		*dir = abs
	}
	// Hugo reports real paths, so the root must be one for messages to be relative.
	if real, err := filepath.EvalSymlinks(o.Dir); err == nil {
		o.Dir = real
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	for _, dir := range []string{o.Out, o.Cache} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("build the site: %w", err)
		}
	}
	return nil
}

// forget gives back what Hugo keeps after a build: its page caches hold on to
// the whole last site.
func forget() {
	if err := page.Clear(); err != nil {
		return
	}
	loggers.SetGlobalLogger(loggers.New(loggers.Options{StdOut: discard{}, StdErr: discard{}}))
	debug.FreeOSMemory()
}

// copyStatic copies the static folders, which hugolib leaves to its caller.
func copyStatic(sites *hugolib.HugoSites, out string) error {
	done := map[*filesystems.SourceFilesystem]bool{}
	for _, source := range sites.BaseFs.SourceFilesystems.Static {
		if done[source] {
			continue // the same for all languages
		}
		done[source] = true
		target := filepath.Join(out, filepath.FromSlash(source.PublishFolder))
		if err := copyTree(source.Fs, target); err != nil {
			return err
		}
	}
	return nil
}

func copyTree(source afero.Fs, target string) error {
	return afero.Walk(source, "", func(name string, info fs.FileInfo, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name == "" {
			return nil
		}
		if err != nil {
			return err
		}
		dst := filepath.Join(target, name)
		if info.IsDir() {
			return os.MkdirAll(dst, 0o755)
		}
		text, err := afero.ReadFile(source, name)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(dst), 0o755); err != nil {
			return err
		}
		return os.WriteFile(dst, text, 0o644)
	})
}

// framePath is where a language's frame for dynamic pages stands below its home.
const framePath = "forum/frame.html"

// sitePath takes the path of the base URL off: files and records are addressed
// from the site's root.
func sitePath(s *hugolib.Site, link string) string {
	base := strings.TrimSuffix(s.Conf.BaseURL().BasePathNoTrailingSlash, "/")
	return "/" + strings.TrimPrefix(strings.TrimPrefix(link, base), "/")
}

// countPages counts the HTML files that readers can open.
func countPages(out string) (int, error) {
	count := 0
	err := filepath.WalkDir(out, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !entry.IsDir() && strings.HasSuffix(name, ".html") && !strings.HasSuffix(filepath.ToSlash(name), "/"+framePath) {
			count++
		}
		return nil
	})
	return count, err
}
