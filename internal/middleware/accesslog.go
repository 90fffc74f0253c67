package middleware

import (
	"bufio"
	"log/slog"
	"net"
	"net/http"
	"time"

	"cmc/internal/page"
)

// maxLoggedPath bounds what a stranger can write into one line of the log.
const maxLoggedPath = 200

// AccessLog writes one line per request. It holds neither the reader's
// address nor the query, which may carry a search, a token or a name.
func AccessLog(log *slog.Logger, now func() time.Time) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := now()
			rec := &recorder{ResponseWriter: w}
			defer func() {
				log.InfoContext(r.Context(), "request",
					"request_id", page.RequestID(r.Context()),
					"method", r.Method,
					"path", clip(r.URL.Path),
					"status", rec.result(),
					"bytes", rec.bytes,
					"duration_ms", float64(now().Sub(start).Microseconds())/1000,
				)
			}()
			next.ServeHTTP(rec, r)
		})
	}
}

func clip(path string) string {
	if len(path) > maxLoggedPath {
		return path[:maxLoggedPath] + "…"
	}
	return path
}

// recorder remembers what was answered. It stays a Hijacker, because the
// websocket library asks for one by type.
type recorder struct {
	http.ResponseWriter
	status   int
	bytes    int64
	hijacked bool
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// Hijack hands the connection over; the answer is then a switch of protocols.
func (w *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.hijacked = err == nil
	return c, rw, err
}

// Unwrap serves http.ResponseController.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *recorder) result() int {
	switch {
	case w.hijacked:
		return http.StatusSwitchingProtocols
	case w.status == 0:
		return http.StatusOK // what net/http sends when a handler wrote nothing
	default:
		return w.status
	}
}
