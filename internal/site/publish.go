package site

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	currentName  = "current"       // symbolic link to the release that is served
	manifestName = "manifest.json" // written last: a release without one was never finished
	leaseName    = "lease"         // locked by every process that uses the release
)

// Publisher keeps the releases of one site below a state folder:
//
//	releases/7/site        the files
//	releases/7/index       the search index, made by the caller
//	releases/current → 7
//
// A release is built in its own folder and becomes current by one rename, so a
// build that fails or is killed leaves what is served untouched. Several
// processes may share the folder: they publish one after the other, and none
// removes a release that another still uses.
type Publisher struct {
	root     string
	opts     Options
	log      *slog.Logger
	sweeping sync.Mutex // held while Publish's remains are removed
}

// Release is one finished build.
type Release struct {
	Number int
	Dir    string
	Homes  map[string]string // language code → path of its home page
	Next   time.Time         // when time alone makes another site of the files; zero is never
	Result *Result           // nil when the release was made by an earlier process
	lease  *lock
}

// manifest is what a later process needs to know of a release.
type manifest struct {
	Homes map[string]string `json:"homes"`
	Pages int               `json:"pages"`
	Next  time.Time         `json:"next,omitzero"`
}

// NewPublisher opens the releases below state and clears away what a killed
// build left there. Out is ignored in opts; Cache is below state unless set.
func NewPublisher(state string, opts Options) (*Publisher, error) {
	state, err := filepath.Abs(state)
	if err != nil {
		return nil, fmt.Errorf("open the releases: %w", err)
	}
	opts.Cache = cmp.Or(opts.Cache, filepath.Join(state, "cache"))
	p := &Publisher{root: filepath.Join(state, "releases"), opts: opts, log: opts.Log}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(p.root, 0o755); err != nil {
		return nil, fmt.Errorf("open the releases: %w", err)
	}
	guard, err := tryLock(p.lockFile(), exclusive)
	if errors.Is(err, errLocked) {
		return p, nil // another process publishes, and sweeps when it is done
	}
	if err != nil {
		return nil, fmt.Errorf("open the releases: %w", err)
	}
	defer guard.release()
	return p, p.sweep()
}

// Site returns the folder of the release's files.
func (r *Release) Site() string { return filepath.Join(r.Dir, "site") }

// Index returns the folder for the search index that belongs to the release.
func (r *Release) Index() string { return filepath.Join(r.Dir, "index") }

// Frames reads the frame of each language.
func (r *Release) Frames() (map[string][]byte, error) { return frames(r.Site(), r.Homes) }

// Close tells other processes that this one no longer uses the release.
func (r *Release) Close() { r.lease.release() }

// Publish builds a release and makes it current. Before that, prepare (which may
// be nil) can add to the release, such as its search index in Index, or refuse
// it: files and index always change together. The caller closes the release, or
// hands it to Retire, when it no longer serves it. Old releases are removed
// meanwhile: Wait waits for that.
func (p *Publisher) Publish(ctx context.Context, prepare func(context.Context, *Release) error) (*Release, error) {
	guard, err := waitLock(ctx, p.lockFile())
	if err != nil {
		return nil, fmt.Errorf("wait for another build: %w", err)
	}
	release, err := p.publish(ctx, prepare)
	if err != nil {
		guard.release()
		return nil, err
	}
	p.sweeping.Lock()
	go func() {
		defer p.sweeping.Unlock()
		defer guard.release()
		p.trySweep()
	}()
	return release, nil
}

// publish does the work of Publish under the publisher's lock.
func (p *Publisher) publish(ctx context.Context, prepare func(context.Context, *Release) error) (*Release, error) {
	defer p.progress("publish")
	release, err := p.begin()
	if err != nil {
		return nil, fmt.Errorf("begin a release: %w", err)
	}
	if err := p.fill(ctx, release, prepare); err != nil {
		release.Close()
		return nil, errors.Join(err, os.RemoveAll(release.Dir))
	}
	if err := p.swap(release); err != nil {
		release.Close()
		return nil, errors.Join(fmt.Errorf("make release %d current: %w", release.Number, err), os.RemoveAll(release.Dir))
	}
	return release, nil
}

// Wait returns when what Publish no longer needed is removed.
func (p *Publisher) Wait() {
	p.sweeping.Lock()
	defer p.sweeping.Unlock()
}

// Current returns the release that is current, or fs.ErrNotExist when nothing
// was published yet.
func (p *Publisher) Current() (*Release, error) {
	name, err := os.Readlink(filepath.Join(p.root, currentName))
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(name)
	if err != nil {
		return nil, fmt.Errorf("the link %s does not lead to a release: %q", currentName, name)
	}
	release := &Release{Number: number, Dir: filepath.Join(p.root, name)}
	text, err := os.ReadFile(filepath.Join(release.Dir, manifestName))
	if err != nil {
		return nil, fmt.Errorf("open release %d: %w", number, err)
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("open release %d: %w", number, err)
	}
	release.Homes, release.Next = m.Homes, m.Next
	if release.lease, err = tryLock(filepath.Join(release.Dir, leaseName), shared); err != nil {
		return nil, fmt.Errorf("open release %d: %w", number, err)
	}
	return release, nil
}

// Retire waits for the grace that requests under way need, or for ctx, and then
// removes the release unless it is current or used by another process.
func (p *Publisher) Retire(ctx context.Context, old *Release, grace time.Duration) {
	pause(ctx, grace)
	old.Close()
	p.Wait() // it may have found the release in use
	guard, err := tryLock(p.lockFile(), exclusive)
	if err != nil {
		return // a build is under way and sweeps when it is done
	}
	defer guard.release()
	p.trySweep()
}

func (p *Publisher) trySweep() {
	if err := p.sweep(); err != nil {
		p.log.Warn("old releases were not removed", "error", err)
	}
}

func (p *Publisher) progress(stage string) {
	if p.opts.Progress != nil {
		p.opts.Progress(Progress{Stage: stage})
	}
}

// begin makes the folder of the next release, in use by this process.
func (p *Publisher) begin() (*Release, error) {
	numbers, err := p.numbers()
	if err != nil {
		return nil, err
	}
	release := &Release{Number: 1}
	if len(numbers) > 0 {
		release.Number = slices.Max(numbers) + 1
	}
	release.Dir = filepath.Join(p.root, strconv.Itoa(release.Number))
	if err := os.Mkdir(release.Dir, 0o755); err != nil {
		return nil, err
	}
	release.lease, err = tryLock(filepath.Join(release.Dir, leaseName), shared)
	return release, err
}

// fill builds and verifies the release and makes it durable.
func (p *Publisher) fill(ctx context.Context, release *Release, prepare func(context.Context, *Release) error) error {
	opts := p.opts
	opts.Out = release.Site()
	result, err := Build(ctx, opts)
	if err != nil {
		return err
	}
	release.Result, release.Homes, release.Next = result, result.Homes, result.Next
	if err := verify(opts.Out, result); err != nil {
		return err
	}
	if prepare != nil {
		p.progress("index")
		if err := prepare(ctx, release); err != nil {
			return err
		}
	}
	text, err := json.Marshal(manifest{Homes: result.Homes, Pages: result.Pages, Next: result.Next})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(release.Dir, manifestName), text, 0o644); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return syncTree(release.Dir)
}

// swap points current at the release by renaming a new link over the old one.
func (p *Publisher) swap(release *Release) error {
	link := filepath.Join(p.root, currentName)
	next := link + ".next"
	if err := os.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Symlink(strconv.Itoa(release.Number), next); err != nil {
		return err
	}
	if err := os.Rename(next, link); err != nil {
		return err
	}
	return syncDir(p.root)
}

// sweep removes every release that is neither current nor in use. Unfinished
// ones of a killed build are not in use, since its locks died with it. The
// caller holds the publisher's lock.
func (p *Publisher) sweep() error {
	numbers, err := p.numbers()
	if err != nil {
		return fmt.Errorf("list the releases: %w", err)
	}
	current, err := os.Readlink(filepath.Join(p.root, currentName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("find the current release: %w", err)
	}
	var failed []error
	for _, number := range numbers {
		name := strconv.Itoa(number)
		if name == current {
			continue
		}
		dir := filepath.Join(p.root, name)
		lease, err := tryLock(filepath.Join(dir, leaseName), exclusive)
		if errors.Is(err, errLocked) {
			continue
		}
		if err == nil {
			lease.release()
		}
		failed = append(failed, os.RemoveAll(dir))
	}
	return errors.Join(failed...)
}

// numbers lists the releases on disk, finished or not.
func (p *Publisher) numbers() ([]int, error) {
	entries, err := os.ReadDir(p.root)
	if err != nil {
		return nil, err
	}
	var numbers []int
	for _, entry := range entries {
		if number, err := strconv.Atoi(entry.Name()); err == nil && entry.IsDir() {
			numbers = append(numbers, number)
		}
	}
	return numbers, nil
}

func (p *Publisher) lockFile() string { return filepath.Join(p.root, "lock") }
