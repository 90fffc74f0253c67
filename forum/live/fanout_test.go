package live_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// BenchmarkFanOut delivers posts to many sockets in three ways in turn: by
// plain writes of the same bytes, by the library's chat example, and by the
// hub. Each way has a server and a client process of its own, and a real log
// before it. Only ratios of one run mean anything:
//
//	go test ./forum/live -run '^$' -bench FanOut -benchtime 3x -timeout 30m
func BenchmarkFanOut(b *testing.B) {
	for _, subscribers := range []int{1000, 5000} {
		b.Run(fmt.Sprintf("subscribers=%d", subscribers), func(b *testing.B) {
			results := map[string][]fanned{}
			for range b.N {
				for _, way := range []string{"plain", "example", "hub"} {
					results[way] = append(results[way], fanOut(b, way, subscribers))
				}
			}
			plain := median(results["plain"])
			for _, way := range []string{"plain", "example", "hub"} {
				r := median(results[way])
				b.Logf("%-8s paced: CPU %5.2f µs a delivery (x %.2f), to the last p50 %5.1f, p99 %5.1f ms (x %.2f)",
					way, r.CPU, r.CPU/plain.CPU, r.P50, r.P99, r.P99/plain.P99)
				b.Logf("%-8s saturated: %8.0f deliveries/s (x %.2f), CPU %5.2f µs; idle %4.1f KiB a connection",
					way, r.Rate, r.Rate/plain.Rate, r.FullCPU, r.Idle)
			}
			hub := median(results["hub"])
			b.ReportMetric(hub.CPU/plain.CPU, "cpu-ratio")
			b.ReportMetric(hub.P99/plain.P99, "p99-ratio")
			b.ReportMetric(hub.Rate/plain.Rate, "rate-ratio")
			b.ReportMetric(hub.Idle, "KiB/conn")
		})
	}
}

// fanned is what one way did in one run.
type fanned struct {
	CPU      float64 // µs of the server for one delivery, paced
	P50, P99 float64 // ms from the commit to the last delivery, paced
	Rate     float64 // deliveries a second with many posts under way
	FullCPU  float64 // µs for one delivery then
	Idle     float64 // KiB of resident memory for one idle connection
}

// fanOut runs a server process and returns what it measured.
func fanOut(b *testing.B, way string, subscribers int) fanned {
	b.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	defer read.Close()
	cmd := child(b, "TestFanOutServer", fmt.Sprint(way, " ", subscribers), write)
	var log strings.Builder
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	_ = write.Close() // the child has its own
	var r fanned
	decoded := json.NewDecoder(read).Decode(&r)
	if err := cmd.Wait(); err != nil || decoded != nil {
		b.Fatalf("%s: %v, %v\n%s", way, err, decoded, log.String())
	}
	return r
}

// child is this test program in another process, with one test to run.
func child(tb testing.TB, test, role string, result *os.File) *exec.Cmd {
	tb.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(tb.Context()), os.Args[0], "-test.run", "^"+test+"$", "-test.timeout", "10m")
	cmd.Env = append(os.Environ(), "CMC_FAN_OUT="+role)
	cmd.ExtraFiles = []*os.File{result} // file 3 in the child
	return cmd
}

// median takes each figure's own.
func median(runs []fanned) fanned {
	of := func(figure func(fanned) float64) float64 {
		list := make([]float64, len(runs))
		for i, r := range runs {
			list[i] = figure(r)
		}
		slices.Sort(list)
		return list[len(list)/2]
	}
	return fanned{
		CPU: of(func(r fanned) float64 { return r.CPU }), P50: of(func(r fanned) float64 { return r.P50 }),
		P99: of(func(r fanned) float64 { return r.P99 }), Rate: of(func(r fanned) float64 { return r.Rate }),
		FullCPU: of(func(r fanned) float64 { return r.FullCPU }), Idle: of(func(r fanned) float64 { return r.Idle }),
	}
}
