package site

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/gohugoio/hugo/hugolib"
	"github.com/gohugoio/hugo/resources/page"
	"github.com/spf13/cast"
	"golang.org/x/sync/errgroup"

	"cmc/internal/site/picture"
)

// pictureKey is where a layout that names a picture leaves its words, in the
// page's store: a page that was not rendered has none, so it gets no picture.
const pictureKey = "picture"

// drawPictures draws the pictures that the layouts have named. One that an
// earlier build drew of the same words is taken from the cache.
func drawPictures(ctx context.Context, sites *hugolib.HugoSites, opts Options) error {
	cache := pictureCache{dir: filepath.Join(opts.Cache, "pictures"), used: map[string]bool{}}
	if err := os.MkdirAll(cache.dir, 0o755); err != nil {
		return fmt.Errorf("keep pictures: %w", err)
	}
	group, ctx := errgroup.WithContext(ctx)
	jobs := make(chan pictureJob)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() error { return drawAll(jobs) })
	}
	group.Go(func() error {
		defer close(jobs)
		for _, s := range sites.Sites {
			for _, p := range s.Pages() {
				job, ok := pictureOf(p, sitePath(s, p.RelPermalink()), opts.Out)
				if !ok {
					continue
				}
				job.kept = cache.name(job.words)
				select {
				case jobs <- job:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		return fmt.Errorf("draw pictures: %w", err)
	}
	return cache.sweep()
}

// pictureJob is one picture: its words, where it goes, and where it is kept.
type pictureJob struct {
	words      picture.Words
	file, kept string
}

func pictureOf(p page.Page, path, out string) (pictureJob, bool) {
	words := cast.ToStringMapString(p.Store().Get(pictureKey))
	if words["title"] == "" {
		return pictureJob{}, false
	}
	return pictureJob{
		words: picture.Words{Site: words["site"], Kind: words["kind"], Title: words["title"], Places: words["places"]},
		file:  filepath.Join(out, filepath.FromSlash(path), filepath.Base(words["name"])),
	}, true
}

// drawAll makes the painter when the first picture is not in the cache: after
// most builds none is drawn.
func drawAll(jobs <-chan pictureJob) error {
	var painter *picture.Painter
	for job := range jobs {
		made, err := os.ReadFile(job.kept)
		if errors.Is(err, fs.ErrNotExist) {
			if painter == nil {
				if painter, err = picture.NewPainter(); err != nil {
					return err
				}
			}
			if made, err = painter.Draw(job.words); err == nil {
				err = keep(job.kept, made)
			}
		}
		if err != nil {
			return err
		}
		if err := os.WriteFile(job.file, made, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// keep writes beside the name first: a build that is killed, or another one at
// the same time, leaves no half picture. When that other one tidies up in
// between, the picture is drawn again next time.
func keep(name string, made []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(made)
	if err := errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// pictureCache keeps pictures by their words.
type pictureCache struct {
	dir  string
	used map[string]bool
}

// name is where the picture of words is kept, and notes that it is in use.
func (c *pictureCache) name(words picture.Words) string {
	text, err := json.Marshal(words)
	if err != nil {
		panic(err) // four strings
	}
	sum := sha256.Sum256(fmt.Appendf(text, "%d", picture.Version))
	name := hex.EncodeToString(sum[:16]) + ".png"
	c.used[name] = true
	return filepath.Join(c.dir, name)
}

// sweep removes what this build had no use for.
func (c *pictureCache) sweep() error {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return fmt.Errorf("tidy the pictures: %w", err)
	}
	for _, entry := range entries {
		if c.used[entry.Name()] {
			continue
		}
		if err := os.Remove(filepath.Join(c.dir, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("tidy the pictures: %w", err)
		}
	}
	return nil
}
