package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// buildKills is how many builds are cut off; mostBuilds bounds the test where
// builds are quicker than the killer.
const (
	buildKills = 20
	mostBuilds = 200
)

// TestABuildKilledAtAnyMomentLeavesAWholeSite cuts builds off and asks after
// each whether the published folder is the site before or the site after, byte
// for byte, and never anything between. Whenever a build went through, the
// content changes back, so that there always is an old site and a new one.
func TestABuildKilledAtAnyMomentLeavesAWholeSite(t *testing.T) {
	if testing.Short() {
		t.Skip("kills twenty builds")
	}
	site, state, out := smallSite(t), t.TempDir(), filepath.Join(t.TempDir(), "public")
	build := func(out string) *exec.Cmd {
		return exec.Command("cmc", "build", "-C", site, "--state", state, "--out", out)
	}
	page := filepath.Join(site, "content", "practices", "ferry-registrar", "index.en.md")
	first, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	texts := [2]string{string(first), strings.ReplaceAll(string(first), "twice a month", "every morning")}
	write := func(text string) {
		if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}

	var sites [2]string // digests, by the text they hold
	write(texts[1])
	beside := filepath.Join(t.TempDir(), "public")
	sites[1] = publish(t, build(beside), beside)
	write(texts[0])
	start := time.Now()
	sites[0] = publish(t, build(out), out)
	whole := time.Since(start)
	if sites[0] == sites[1] {
		t.Fatal("both contents give one site; nothing could be told from a comparison")
	}

	old, cut, builds := 0, 0, 0
	for write(texts[1]); cut < buildKills && builds < mostBuilds; builds++ {
		command := build(out)
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(rand.N(whole*5/4), func() { _ = command.Process.Kill() })
		if command.Wait() != nil {
			cut++
		}
		timer.Stop()
		switch digest(t, out) {
		case sites[old]:
		case sites[1-old]: // it was through, or as good as
			write(texts[old])
			old = 1 - old
		default:
			t.Fatalf("after %d builds were cut off, the site is neither the old one nor the new one", cut)
		}
	}
	t.Logf("%d of %d builds of %v were cut off", cut, builds, whole.Round(time.Millisecond))
	if cut < buildKills {
		t.Errorf("%d builds were cut off, want %d", cut, buildKills)
	}
	if got := publish(t, build(out), out); got != sites[1-old] {
		t.Error("a whole build after the kills does not publish the new site")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(out), "*")); len(left) > 2 {
		t.Errorf("beside the site stand %q, want no remains of builds that were cut off", left)
	}
}

// publish runs a build to its end and returns the digest of what it published.
func publish(t *testing.T, build *exec.Cmd, out string) string {
	t.Helper()
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("cmc build: %v\n%s", err, text)
	}
	return digest(t, out)
}

// digest is one hash over the names and contents of all files below dir.
func digest(t *testing.T, dir string) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.New()
	err = fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		hash.Write([]byte(name + "\x00"))
		hash.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(hash.Sum(nil))
}
