package testkit

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// browserDeadline bounds a whole browser, start, walk and end, unless its
// options say otherwise.
const browserDeadline = 3 * time.Minute

// BrowserOptions say what kind of reader sits before the browser. The zero value
// is a laptop with scripts on, in light colours.
type BrowserOptions struct {
	Width, Height int64 // viewport in CSS pixels; 1280 by 800 when zero
	Dark          bool  // prefers-color-scheme: dark
	NoScript      bool  // pages run no script, as behind a strict gateway
	Deadline      time.Duration
}

// Browser is one headless Chromium with a profile of its own: two of them are
// two people. Every method fails the test at once when it can't do its work.
type Browser struct {
	t        testing.TB
	ctx      context.Context
	noScript bool
	traffic  *traffic
}

// NewBrowser starts a browser and stops it when the test ends. The test fails if
// any page asked for something beyond this machine.
func NewBrowser(t testing.TB, opt BrowserOptions) *Browser {
	t.Helper()
	Require(t, "chromium")
	path, err := chromium()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancelTime := context.WithTimeout(context.Background(), cmp.Or(opt.Deadline, browserDeadline))
	ctx, cancelAllocator := chromedp.NewExecAllocator(ctx, browserFlags(path, t.TempDir())...)
	ctx, cancel := chromedp.NewContext(ctx)
	b := &Browser{t: t, ctx: ctx, noScript: opt.NoScript, traffic: &traffic{}}
	t.Cleanup(func() {
		if t.Failed() {
			b.screenshot()
		}
		// Waits for the process, so that its profile can be removed.
		_ = chromedp.Cancel(ctx)
		cancel()
		cancelAllocator()
		cancelTime()
		for _, address := range b.traffic.strangers() {
			t.Errorf("a page asked for %s, want nothing beyond this machine", address)
		}
	})
	chromedp.ListenTarget(ctx, b.traffic.note)
	b.run("start the browser", setUp(opt))
	return b
}

// screenshot keeps what a failed test saw, where CMC_TEST_SCREENSHOTS names a
// folder for it.
func (b *Browser) screenshot() {
	dir := os.Getenv("CMC_TEST_SCREENSHOTS")
	if dir == "" {
		return
	}
	file := filepath.Join(dir, strings.ReplaceAll(b.t.Name(), "/", "-")+".png")
	var png []byte
	err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot(&png))
	if err := errors.Join(err, os.WriteFile(file, png, 0o644)); err != nil {
		b.t.Logf("no screenshot: %v", err)
		return
	}
	b.t.Logf("the page as it was: %s", file)
}

// browserFlags start Chromium as root in a container without its own calls home;
// names other than this machine's resolve to nothing.
func browserFlags(path, profile string) []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"),
		chromedp.WSURLReadTimeout(time.Minute),
	)
}

func setUp(opt BrowserOptions) chromedp.Tasks {
	width, height := opt.Width, opt.Height
	if width == 0 {
		width = 1280
	}
	if height == 0 {
		height = 800
	}
	scheme := "light"
	if opt.Dark {
		scheme = "dark"
	}
	return chromedp.Tasks{
		network.Enable(),
		chromedp.EmulateViewport(width, height),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		}),
		emulation.SetScriptExecutionDisabled(opt.NoScript),
		page.SetLifecycleEventsEnabled(true),
	}
}

// traffic counts what a browser asks for and receives.
type traffic struct {
	mu       sync.Mutex
	received int64
	script   int64
	scripts  map[network.RequestID]bool
	foreign  []string
}

func (c *traffic) note(event any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if !local(e.Request.URL) {
			c.foreign = append(c.foreign, e.Request.URL)
		}
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeScript {
			if c.scripts == nil {
				c.scripts = map[network.RequestID]bool{}
			}
			c.scripts[e.RequestID] = true
		}
	case *network.EventLoadingFinished:
		c.received += int64(e.EncodedDataLength)
		if c.scripts[e.RequestID] {
			c.script += int64(e.EncodedDataLength)
		}
	}
}

func (c *traffic) strangers() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.foreign
}

// local says whether an address stays on this machine or inside the page.
func local(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "data", "blob", "about", "file":
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
