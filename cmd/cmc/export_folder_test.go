package main

import (
	"archive/zip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cmc/internal/testkit"
)

// TestACopyOpensFromAFolder unpacks a copy and reads it as a file: no server,
// no modules, no fetch.
func TestACopyOpensFromAFolder(t *testing.T) {
	testkit.Require(t, "chromium")
	archive := wholeCopy(t)
	dir := filepath.Join(t.TempDir(), "a drawer, with blanks")
	unpackAll(t, archive, dir)
	b := testkit.NewBrowser(t, testkit.BrowserOptions{})
	b.Open((&url.URL{Scheme: "file", Path: filepath.Join(dir, "index.html")}).String())
	b.Page().Has("html[data-copy]").Lacks("[role=combobox]")
	var styled bool
	b.Eval(`getComputedStyle(document.querySelector(".masthead")).backgroundColor !== "rgba(0, 0, 0, 0)"`, &styled)
	if !styled {
		t.Error("the copy has no styles")
	}
	b.Fill(".hero-search input[name=q]", "resettlement transfer mechanism")
	b.Follow(".hero-search button")
	b.WaitText("[role=status]", "records found")
	b.Follow(`.hit-title a[href*="/practices/rrtm/"]`)
	b.Page().Has("main h1").Has("main", "This is a copy of 31 May 2026").Lacks(".pack")
	if got := b.URL(); !strings.HasPrefix(got, "file://") || !strings.Contains(got, "/practices/rrtm/index.html") {
		t.Errorf("the answer leads to %s, want the file of the practice", got)
	}
	b.Follow(`.crumbs a[href$="practices/index.html"]`)
	b.Page().Has("main h1")
}

func unpackAll(t *testing.T, archive *zip.ReadCloser, dir string) {
	t.Helper()
	if err := os.CopyFS(dir, archive); err != nil {
		t.Fatal(err)
	}
}

// TestAKilledExportLeavesNothingForLong kills an export as a power cut would;
// the next one clears its remains away.
func TestAKilledExportLeavesNothingForLong(t *testing.T) {
	site, state := smallSite(t), t.TempDir()
	export := func(name string) *exec.Cmd {
		return exec.Command("cmc", "export", "-C", site, "--state", state, filepath.Join(t.TempDir(), name))
	}
	remains := func() []string {
		t.Helper()
		found, err := filepath.Glob(filepath.Join(state, "exports", "work-*"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	killed := export("killed.zip")
	if err := killed.Start(); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); len(remains()) == 0 && time.Now().Before(end); {
		<-tick.C
	}
	_ = killed.Process.Kill()
	_ = killed.Wait()
	if len(remains()) != 1 {
		t.Fatalf("the killed export left %q, want one folder", remains())
	}
	if text, err := export("whole.zip").CombinedOutput(); err != nil {
		t.Fatalf("cmc export: %v\n%s", err, text)
	}
	if left := remains(); len(left) > 0 {
		t.Errorf("after the next export there are still %q", left)
	}
}
