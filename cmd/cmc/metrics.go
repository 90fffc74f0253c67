package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime"

	"cmc/internal/server"
)

// serveMetrics answers /metrics in Prometheus' text form on an address of its
// own, which should not be reachable from outside.
func serveMetrics(ctx context.Context, listener net.Listener, h *runningHouse) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", h.metrics)
	return server.Run(ctx, listener, mux, h.site.log)
}

func (h *runningHouse) metrics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	gauge := func(name, help string, value uint64) {
		fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s gauge\n%s %d\n", name, help, name, name, value)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	gauge("cmc_goroutines", "Goroutines that exist.", uint64(runtime.NumGoroutine()))
	gauge("cmc_heap_bytes", "Bytes of live and not yet swept heap objects.", memory.HeapAlloc)
	gauge("cmc_system_bytes", "Bytes of memory obtained from the system.", memory.Sys-memory.HeapReleased)
	gauge("cmc_release", "Number of the release that is served.", h.published.number())
	if h.forum != nil {
		gauge("cmc_sockets", "Open websockets.", uint64(h.forum.hub.Len()))
	}
}

// number is that of the release that is served, 0 before the first.
func (l *library) number() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.current == nil {
		return 0
	}
	return uint64(l.current.Number)
}
