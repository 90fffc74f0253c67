package search

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// BenchmarkBuild makes an index of the same documents as Bleve by itself does.
// It reports seconds by the clock, of all processors together, and how large
// the index is beside its source.
//
//	go test ./search -run '^$' -bench Build -benchtime 5x
func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{benchDocuments, 10 * benchDocuments} {
		docs, _ := paragraphs(b, n)
		source := 0
		for _, d := range docs {
			source += len(d.Title) + len(d.Heading) + len(d.Body)
		}
		b.Run(fmt.Sprint(n, "/ours"), func(b *testing.B) {
			measureBuilds(b, source, func(dir string) string {
				if err := Build(context.Background(), dir, Corpus{Documents: docs}); err != nil {
					b.Fatal(err)
				}
				return dir
			})
		})
		b.Run(fmt.Sprint(n, "/bleve"), func(b *testing.B) {
			measureBuilds(b, source, func(string) string {
				plain := plainBleve(b, docs)
				name := plain.Name()
				if err := plain.Close(); err != nil {
					b.Fatal(err)
				}
				return name
			})
		})
		b.Run(fmt.Sprint(n, "/open"), func(b *testing.B) {
			dir := filepath.Join(b.TempDir(), "index")
			if err := Build(context.Background(), dir, Corpus{Documents: docs}); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				ix, err := Open(context.Background(), dir)
				if err != nil {
					b.Fatal(err)
				}
				if err := ix.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func measureBuilds(b *testing.B, source int, build func(dir string) string) {
	b.Helper()
	began, spent := time.Now(), processTime(b)
	n := 0
	for b.Loop() {
		dir := build(filepath.Join(b.TempDir(), fmt.Sprint("index", n)))
		b.ReportMetric(float64(size(b, dir))/float64(source), "index/source")
		n++
	}
	b.ReportMetric(time.Since(began).Seconds()/float64(n), "wall-s")
	b.ReportMetric((processTime(b)-spent).Seconds()/float64(n), "cpu-s")
}

// processTime is the time of all processors, in and for this process.
func processTime(tb testing.TB) time.Duration {
	tb.Helper()
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &now); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(now.Nano())
}
