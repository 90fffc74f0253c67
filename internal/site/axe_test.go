package site

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"

	"cmc/internal/testkit"
)

// checkAccessible asks axe-core about every page in all languages, but neither
// frames, which are templates still, nor pages that only lead elsewhere. The
// program's own pages are asked about where the program is walked through.
func checkAccessible(t *testing.T, dir string, out fs.FS) {
	testkit.Require(t, "chromium")
	var paths []string
	for _, name := range append(glob(t, out, "index.html"), glob(t, out, "briefing.html")...) {
		if !bytes.Contains(read(t, out, name), []byte(`http-equiv="refresh"`)) {
			paths = append(paths, "/"+strings.TrimSuffix(name, "index.html"))
		}
	}
	if len(paths) < 400 {
		t.Errorf("the site has %d pages, want the whole of it", len(paths))
	}
	testkit.Sweep(t, dir, paths)
}
