package site

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReplacePutsTheWholeSiteInPlace(t *testing.T) {
	opts := testOptions(t, writeSite(t, smallSite))
	opts.Out = filepath.Join(t.TempDir(), "deep", "public")
	if _, err := Replace(t.Context(), opts, nil); err != nil {
		t.Fatal(err)
	}
	change(t, opts.Out, "-- stale.html --\nfrom an earlier build\n")
	change(t, filepath.Dir(opts.Out), "-- .public.cmc-1/index.html --\nleft by a killed build\n")
	change(t, opts.Dir, "-- content/practices/boats/index.es.md --\n---\ntitle: Lanchas\n---\nx\n")
	if _, err := Replace(t.Context(), opts, nil); err != nil {
		t.Fatal(err)
	}
	if text := readFile(t, opts.Out, "es/practices/boats/index.html"); !strings.Contains(text, "Lanchas") {
		t.Errorf("es/practices/boats = %q, want the new title", text)
	}
	if _, stale := tree(t, opts.Out)["stale.html"]; stale {
		t.Error("a page of the earlier build is still there")
	}
	if names := entryNames(t, filepath.Dir(opts.Out)); !cmp.Equal(names, []string{"public"}) {
		t.Errorf("beside the output stand %q, want nothing", names)
	}
}

func TestReplaceLeavesTheOldSiteWhenTheBuildFails(t *testing.T) {
	opts := testOptions(t, writeSite(t, smallSite))
	opts.Out = filepath.Join(t.TempDir(), "public")
	if _, err := Replace(t.Context(), opts, nil); err != nil {
		t.Fatal(err)
	}
	before := tree(t, opts.Out)
	change(t, opts.Dir, brokenPage)
	if _, err := Replace(t.Context(), opts, nil); err == nil {
		t.Error("Replace with a broken site = nil, want an error")
	}
	if diff := cmp.Diff(before, tree(t, opts.Out)); diff != "" {
		t.Errorf("the old site changed (-before +after):\n%s", diff)
	}
	if names := entryNames(t, filepath.Dir(opts.Out)); !cmp.Equal(names, []string{"public"}) {
		t.Errorf("beside the output stand %q, want nothing", names)
	}
}

func TestReplaceRefusesToDestroyWhatIsNoBuild(t *testing.T) {
	dir := writeSite(t, smallSite)
	for _, test := range []struct{ name, out, content, want string }{
		{"the site itself", dir, "", "holds the site's own sources"},
		{"a folder above the site", filepath.Dir(dir), "", "holds the site's own sources"},
		{"a folder of other files", filepath.Join(t.TempDir(), "a"), "-- letter.txt --\nkeep me\n", "holds no index.html"},
		{"a repository", filepath.Join(t.TempDir(), "b"), "-- index.html --\nx\n-- .git/HEAD --\nx\n", "holds .git"},
	} {
		t.Run(test.name, func(t *testing.T) {
			change(t, test.out, test.content)
			opts := testOptions(t, dir)
			opts.Out = test.out
			if _, err := Replace(t.Context(), opts, nil); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Replace = %v, want %q", err, test.want)
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
