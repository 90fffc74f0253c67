package middleware

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"cmc/internal/page"
)

// Recover turns a panic into an error page and a line with the stack. The
// value of the panic is logged by its type and text; handlers panic with
// programmer errors only, never with what a visitor wrote.
func Recover(log *slog.Logger, fail Fail) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rec := &recorder{ResponseWriter: w}
			defer func() {
				p := recover()
				if p == nil {
					return
				}
				if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(p) // net/http's own signal to drop the connection
				}
				log.ErrorContext(r.Context(), "handler panicked",
					"request_id", page.RequestID(r.Context()), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				if rec.status == 0 && !rec.hijacked {
					fail(rec, r, fmt.Errorf("handler panicked: %v", p))
				}
			}()
			next.ServeHTTP(rec, r)
		})
	}
}
