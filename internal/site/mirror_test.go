package site

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMirrorPutsTheWholeSiteInPlace(t *testing.T) {
	root, site, cache := t.TempDir(), t.TempDir(), t.TempDir()
	out := filepath.Join(t.TempDir(), "deep", "public")
	change(t, site, "-- index.html --\nfirst\n-- forum/frame.html --\nframe\n")
	if err := Mirror(t.Context(), site, out, root, cache); err != nil {
		t.Fatal(err)
	}
	change(t, out, "-- stale.html --\nfrom an earlier build\n")
	change(t, filepath.Dir(out), "-- .public.cmc-1/index.html --\nleft by a killed build\n")
	change(t, site, "-- index.html --\nsecond\n")
	if err := Mirror(t.Context(), site, out, root, cache); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tree(t, site), tree(t, out)); diff != "" {
		t.Errorf("the copy differs (-site +out):\n%s", diff)
	}
	if names := entryNames(t, filepath.Dir(out)); !cmp.Equal(names, []string{"public"}) {
		t.Errorf("beside the output stand %q, want nothing", names)
	}
}

func TestMirrorKeepsFilesThatAreTheSame(t *testing.T) {
	root, site, cache := t.TempDir(), t.TempDir(), t.TempDir()
	out := filepath.Join(t.TempDir(), "public")
	stat := func(dir, name string) os.FileInfo {
		t.Helper()
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	mirror := func(archive string) {
		t.Helper()
		change(t, site, archive)
		if err := Mirror(t.Context(), site, out, root, cache); err != nil {
			t.Fatal(err)
		}
	}
	mirror("-- index.html --\nfirst\n-- same.html --\nsame\n-- forum/frame.html --\nframe\n")
	index, same := stat(out, "index.html"), stat(out, "same.html")
	mirror("-- index.html --\nother\n")
	if !os.SameFile(same, stat(out, "same.html")) {
		t.Error("a page that did not change was written again")
	}
	if os.SameFile(index, stat(out, "index.html")) || readFile(t, out, "index.html") != "other\n" {
		t.Error("a page of the same length that changed was not written again")
	}
	if os.SameFile(stat(site, "same.html"), stat(out, "same.html")) {
		t.Error("the copy shares a file with the release")
	}
}

func TestMirrorLeavesTheOldSiteWhenItFails(t *testing.T) {
	root, cache := t.TempDir(), t.TempDir()
	out := filepath.Join(t.TempDir(), "public")
	change(t, out, "-- index.html --\nold\n-- forum/frame.html --\nframe\n")
	if err := Mirror(t.Context(), filepath.Join(root, "none"), out, root, cache); err == nil {
		t.Error("Mirror of a missing site = nil, want an error")
	}
	if got := readFile(t, out, "index.html"); got != "old\n" {
		t.Errorf("index.html = %q, want the old one", got)
	}
	if names := entryNames(t, filepath.Dir(out)); !cmp.Equal(names, []string{"public"}) {
		t.Errorf("beside the output stand %q, want nothing", names)
	}
}

// TestReadersOfAMirrorNeverMissAPage asks for a page all the time while the
// folder is replaced, where folders can be exchanged in one step.
func TestReadersOfAMirrorNeverMissAPage(t *testing.T) {
	probe := t.TempDir()
	change(t, probe, "-- a/x --\nx\n-- b/x --\nx\n")
	if err := exchange(filepath.Join(probe, "a"), filepath.Join(probe, "b")); errors.Is(err, errors.ErrUnsupported) {
		t.Skip("this file system cannot exchange folders")
	}
	root, cache, site := t.TempDir(), t.TempDir(), t.TempDir()
	out := filepath.Join(t.TempDir(), "public")
	change(t, site, "-- index.html --\npage\n-- forum/frame.html --\nframe\n")
	if err := Mirror(t.Context(), site, out, root, cache); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				if text, err := os.ReadFile(filepath.Join(out, "index.html")); err != nil || string(text) != "page\n" {
					t.Errorf("ReadFile = %q, %v, want the page", text, err)
					return
				}
			}
		})
	}
	for range 6 {
		if err := Mirror(t.Context(), site, out, root, cache); err != nil {
			t.Error(err)
		}
	}
	stop()
	readers.Wait()
}

func TestMirrorRefusesToDestroyWhatIsNoBuild(t *testing.T) {
	root, site := t.TempDir(), t.TempDir()
	change(t, site, "-- index.html --\nx\n")
	for _, test := range []struct{ name, out, content, want string }{
		{"the site itself", root, "", "holds the site's own sources"},
		{"a folder above the site", filepath.Dir(root), "", "holds the site's own sources"},
		{"a folder of other files", filepath.Join(t.TempDir(), "a"), "-- letter.txt --\nkeep me\n", "holds no index.html"},
		{"somebody's web pages", filepath.Join(t.TempDir(), "c"), "-- index.html --\nx\n-- photos/me.jpg --\nx\n", "holds no forum/frame.html"},
		{"a repository", filepath.Join(t.TempDir(), "b"), "-- index.html --\nx\n-- .git/HEAD --\nx\n", "holds .git"},
	} {
		t.Run(test.name, func(t *testing.T) {
			change(t, test.out, test.content)
			if err := Mirror(t.Context(), site, test.out, root, t.TempDir()); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Mirror = %v, want %q", err, test.want)
			}
		})
	}
}

func TestTwoRenamesServeWhereFoldersCannotBeExchanged(t *testing.T) {
	dir := t.TempDir()
	change(t, dir, "-- new/a --\nnew\n-- out/a --\nold\n")
	if err := renameTwice(filepath.Join(dir, "new"), filepath.Join(dir, "out")); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"new/a": "old\n", "out/a": "new\n"}
	if diff := cmp.Diff(want, tree(t, dir)); diff != "" {
		t.Errorf("after two renames (-want +got):\n%s", diff)
	}
	err := renameTwice(filepath.Join(dir, "missing"), filepath.Join(dir, "out"))
	if !errors.Is(err, os.ErrNotExist) || readFile(t, dir, "out", "a") != "new\n" {
		t.Errorf("renameTwice with nothing to put in place = %v, want the old folder back", err)
	}
}

func entryNames(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}
