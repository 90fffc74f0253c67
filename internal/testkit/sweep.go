package testkit

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"golang.org/x/sync/errgroup"
)

const (
	// sweepTabs keep two processors busy; more only wait for each other.
	sweepTabs = 2
	// sweepDeadline bounds a sweep over a whole site on a busy machine.
	sweepDeadline = 15 * time.Minute
)

// Sweep serves a folder as any static host would, opens every page of it on a
// laptop in light colours, and asks axe-core about each. A page that is the
// first to show some kind of element (its name and classes, inside those of its
// parent) is asked again in dark colours on a telephone, where it must not
// scroll sideways either: colours and widths come from the same rules on all
// the others.
func Sweep(t testing.TB, dir string, paths []string) {
	t.Helper()
	Require(t, "axe")
	b := NewBrowser(t, BrowserOptions{Deadline: sweepDeadline})
	host := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(host.Close)
	s := &sweep{base: host.URL, seen: map[string]bool{}, faults: map[string][]string{}}
	queue := make(chan string)
	group, ctx := errgroup.WithContext(b.ctx)
	for range sweepTabs {
		group.Go(func() error { return s.work(b, queue) })
	}
	group.Go(func() error {
		defer close(queue)
		for _, path := range paths {
			select {
			case queue <- path:
			case <-ctx.Done():
				return nil
			}
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	for fault, pages := range s.faults {
		slices.Sort(pages)
		t.Errorf("on %d pages, such as %s: %s", len(pages), pages[0], fault)
	}
	t.Logf("axe-core read %d pages, and %d of them again, dark, on a telephone", s.pages, s.again)
}

// sweep is what the tabs share.
type sweep struct {
	base string

	mu     sync.Mutex
	seen   map[string]bool     // kinds of element
	faults map[string][]string // and the pages that have them
	pages  int
	again  int // pages with a new kind of element
}

// work reads pages in a tab of its own until there are no more.
func (s *sweep) work(b *Browser, queue <-chan string) error {
	ctx, closeTab := chromedp.NewContext(b.ctx)
	defer closeTab()
	chromedp.ListenTarget(ctx, b.traffic.note)
	for path := range queue {
		if err := s.read(ctx, path); err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
	}
	return nil
}

func (s *sweep) read(ctx context.Context, path string) error {
	if err := chromedp.Run(ctx, setUp(BrowserOptions{})); err != nil {
		return err
	}
	response, err := chromedp.RunResponse(ctx, chromedp.Navigate(s.base+path))
	if err != nil {
		return err
	}
	if response != nil && response.Status >= http.StatusBadRequest {
		return fmt.Errorf("status %d", response.Status)
	}
	if err := s.ask(ctx, path); err != nil {
		return err
	}
	var kinds []string
	if err := chromedp.Run(ctx, chromedp.Evaluate(kindsOfElement, &kinds)); err != nil {
		return err
	}
	if !s.fresh(kinds) {
		return nil
	}
	telephone := BrowserOptions{Width: 320, Height: 640, Dark: true}
	var width int64
	if err := chromedp.Run(ctx, setUp(telephone), chromedp.Evaluate("document.documentElement.scrollWidth", &width)); err != nil {
		return err
	}
	if width > telephone.Width {
		s.note(path, fmt.Sprintf("it is %d pixels wide on a telephone of %d", width, telephone.Width))
	}
	return s.ask(ctx, path+" (dark, on a telephone)")
}

// kindsOfElement lists what the page is made of.
const kindsOfElement = `(() => {
	const name = e => e.localName + "." + [...e.classList].sort().join(".");
	return [...new Set([...document.body.querySelectorAll("*")].map(e => name(e.parentElement) + " > " + name(e)))];
})()`

// fresh tells whether the page has a kind of element that none before it had.
func (s *sweep) fresh(kinds []string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages++
	fresh := false
	for _, kind := range kinds {
		fresh = fresh || !s.seen[kind]
		s.seen[kind] = true
	}
	if fresh {
		s.again++
	}
	return fresh
}

// ask notes what axe-core finds on the page that is open.
func (s *sweep) ask(ctx context.Context, path string) error {
	findings, err := findings(ctx)
	if err != nil {
		return err
	}
	for _, finding := range findings {
		s.note(path, finding.String())
	}
	return nil
}

func (s *sweep) note(path, fault string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[strings.TrimSpace(fault)] = append(s.faults[strings.TrimSpace(fault)], path)
}
