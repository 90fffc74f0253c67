package site

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	brokenPage = "-- layouts/page.html --\n{{ define \"main\" }}{{ .Nope }}{{ end }}\n"
	wholePage  = "-- layouts/page.html --\n{{ define \"main\" }}{{ .Content }}{{ end }}\n"
)

func newPublisher(t testing.TB, dir string) (*Publisher, string) {
	t.Helper()
	state := t.TempDir()
	p, err := NewPublisher(state, Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return p, state
}

func mustPublish(t testing.TB, p *Publisher) *Release {
	t.Helper()
	release, err := p.Publish(t.Context(), nil)
	if err != nil {
		t.Fatalf("Publish: %v", err)
	}
	t.Cleanup(release.Close)
	return release
}

func TestAFailedBuildLeavesTheReleaseByteForByte(t *testing.T) {
	dir := writeSite(t, smallSite)
	p, state := newPublisher(t, dir)
	first := mustPublish(t, p)
	want := tree(t, filepath.Join(state, "releases", "current")+"/site")

	change(t, dir, brokenPage)
	if _, err := p.Publish(t.Context(), nil); err == nil {
		t.Fatal("Publish of a broken site = nil, want an error")
	}
	if diff := cmp.Diff(want, tree(t, filepath.Join(state, "releases", "current")+"/site")); diff != "" {
		t.Errorf("what is served changed (-before +after):\n%s", diff)
	}
	refused := errors.New("the index could not be built")
	change(t, dir, wholePage)
	_, err := p.Publish(t.Context(), func(context.Context, *Release) error { return refused })
	if !errors.Is(err, refused) {
		t.Errorf("Publish = %v, want the error of prepare", err)
	}
	entries, err := os.ReadDir(filepath.Join(state, "releases"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if diff := cmp.Diff([]string{"1", "current", "lock"}, names); diff != "" {
		t.Errorf("releases (-want +got):\n%s", diff)
	}
	if got, err := p.Current(); err != nil || got.Number != first.Number {
		t.Errorf("Current = %v, %v, want release %d", got, err, first.Number)
	} else {
		got.Close()
	}
}

func TestAReleaseCarriesItsIndexAndFrames(t *testing.T) {
	p, _ := newPublisher(t, writeSite(t, smallSite))
	release, err := p.Publish(t.Context(), func(_ context.Context, r *Release) error {
		if len(r.Result.Records) == 0 {
			return errors.New("no records")
		}
		return os.WriteFile(r.Index(), []byte("index"), 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	release.Close()
	current, err := p.Current()
	if err != nil {
		t.Fatal(err)
	}
	defer current.Close()
	if got := readFile(t, current.Index()); got != "index" {
		t.Errorf("Index = %q, want what prepare wrote", got)
	}
	frames, err := current.Frames()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(release.Result.Frames, frames); diff != "" {
		t.Errorf("Frames from disk (-built +read):\n%s", diff)
	}
}

func TestOldReleasesGoWhenNobodyUsesThem(t *testing.T) {
	dir := writeSite(t, smallSite)
	p, state := newPublisher(t, dir)
	first := mustPublish(t, p)
	second := mustPublish(t, p)
	if _, err := os.Stat(first.Site()); err != nil {
		t.Errorf("the release that is still served was removed: %v", err)
	}
	p.Retire(t.Context(), first, 0)
	if _, err := os.Stat(first.Dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Stat of the retired release = %v, want it gone", err)
	}
	// A killed build leaves a folder that is not current and holds no lock.
	unfinished := filepath.Join(state, "releases", "9", "site")
	if err := os.MkdirAll(unfinished, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := NewPublisher(state, Options{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(unfinished); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Stat of the unfinished release = %v, want it gone", err)
	}
	if _, err := os.Stat(second.Site()); err != nil {
		t.Errorf("the current release was removed: %v", err)
	}
}

// TestReadersNeverMeetABrokenSite reads through the link while good and broken
// builds alternate.
func TestReadersNeverMeetABrokenSite(t *testing.T) {
	dir := writeSite(t, smallSite)
	p, state := newPublisher(t, dir)
	mustPublish(t, p)
	page := filepath.Join(state, "releases", "current", "site", "practices", "boats", "index.html")
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				text, err := os.ReadFile(page)
				if err != nil || !strings.HasSuffix(string(text), "</main></html>\n") {
					t.Errorf("ReadFile = %q, %v, want a whole page", text, err)
					return
				}
			}
		})
	}
	for round := range 8 {
		if round%2 == 0 {
			change(t, dir, wholePage)
			mustPublish(t, p)
			continue
		}
		change(t, dir, brokenPage)
		if _, err := p.Publish(t.Context(), nil); err == nil {
			t.Error("Publish of a broken site = nil, want an error")
		}
	}
	stop()
	readers.Wait()
}

func TestASiteThatIsNotWholeIsNotPublished(t *testing.T) {
	for _, test := range []struct{ name, change, want string }{
		{"without a frame", "-- layouts/home.frame.html --\n", "no /forum/frame.html"},
		{"without a page for wrong addresses", "-- layouts/404.html --\n", "no /404.html"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, _ := newPublisher(t, writeSite(t, smallSite, test.change))
			_, err := p.Publish(t.Context(), nil)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Publish = %v, want %q", err, test.want)
			}
			if _, err := p.Current(); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("Current = %v, want none", err)
			}
		})
	}
}

func TestAnUnwritableStateIsSaid(t *testing.T) {
	dir := t.TempDir()
	change(t, dir, "-- state --\na file, not a folder\n")
	if _, err := NewPublisher(filepath.Join(dir, "state"), Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "state") {
		t.Errorf("NewPublisher = %v, want an error that names the folder", err)
	}
}

func TestABuildThatIsStoppedPublishesNothing(t *testing.T) {
	p, _ := newPublisher(t, writeSite(t, smallSite))
	ctx, stop := context.WithTimeout(t.Context(), time.Nanosecond)
	defer stop()
	<-ctx.Done()
	if _, err := p.Publish(ctx, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Publish = %v, want the context's error", err)
	}
}
