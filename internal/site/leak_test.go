package site

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// TestTwentyBuildsLeaveNothingBehind measures the heap: Hugo's process-wide
// caches hold on to a whole site unless they are cleared.
func TestTwentyBuildsLeaveNothingBehind(t *testing.T) {
	if testing.Short() {
		t.Skip("builds twenty times")
	}
	dir := writeSite(t, smallSite, manyPages(200))
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for range 3 {
		mustBuild(t, testOptions(t, dir))
	}
	before, goroutines := heap(), runtime.NumGoroutine()
	for range 20 {
		mustBuild(t, testOptions(t, dir))
	}
	// Twenty sites of 200 pages would hold on to well over 100 MB.
	if after := heap(); after > before+8<<20 {
		t.Errorf("the heap grew from %d to %d bytes in twenty builds", before, after)
	}
	if now := runtime.NumGoroutine(); now > goroutines+8 {
		t.Errorf("goroutines grew from %d to %d in twenty builds", goroutines, now)
	}
}

func BenchmarkBuildAndWalk(b *testing.B) {
	for _, pages := range []int{10, 500} {
		b.Run(fmt.Sprintf("%d pages", pages), func(b *testing.B) {
			dir := writeSite(b, smallSite, manyPages(pages))
			for b.Loop() {
				mustBuild(b, testOptions(b, dir))
			}
		})
	}
}

func BenchmarkPassages(b *testing.B) {
	content := strings.Repeat(`<h2 id="s">Heading</h2><p id="par-1" data-page="3">A paragraph of some words<sup><a class="footnote-ref" href="#fn:1">1</a></sup>.</p>`, 500)
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		Passages(content, "")
	}
}

// manyPages is an archive of n further practices.
func manyPages(n int) string {
	var archive strings.Builder
	for i := range n {
		fmt.Fprintf(&archive, "-- content/practices/p%d/index.en.md --\n---\nid: practice-p%d\ntitle: Practice %d\n---\n", i, i, i)
		for j := range 20 {
			fmt.Fprintf(&archive, "Paragraph %d of practice %d says what was done.\n{id=\"par-%d\"}\n\n", j, i, j)
		}
	}
	return archive.String()
}
