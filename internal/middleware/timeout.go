package middleware

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// Timeout ends the work on an answer after d, counted from when the request
// was read. A websocket lives on; its own package sets its deadlines.
func Timeout(d time.Duration) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if upgrades(r) {
				next.ServeHTTP(w, r)
				return
			}
			ctx, cancel := context.WithTimeout(r.Context(), d)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// longestForm is how long a form may take to arrive, however slow the link: a
// file of 10 MB at 50 kbit/s takes half an hour.
const longestForm = 40 * time.Minute

// Patience gives up on a connection on which nothing has moved for d. While
// bytes move it waits: at 50 kbit/s a long post takes a minute to arrive and a
// report a quarter of an hour to be read.
func Patience(d time.Duration) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if upgrades(r) {
				next.ServeHTTP(w, r)
				return
			}
			rc := http.NewResponseController(w)
			if r.Body != nil && r.Body != http.NoBody {
				r.Body = &patientBody{r.Body, rc, d, time.Now().Add(longestForm)}
			}
			next.ServeHTTP(&patientWriter{w, rc, d}, r)
		})
	}
}

// patientBody moves the deadline with every read. A writer or reader without
// deadlines (a test's recorder) has nobody to wait for: those errors are
// nothing to anybody.
type patientBody struct {
	io.ReadCloser
	rc  *http.ResponseController
	d   time.Duration
	end time.Time
}

func (b *patientBody) Read(p []byte) (int, error) {
	_ = b.rc.SetReadDeadline(earlier(time.Now().Add(b.d), b.end))
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		// The server reads on, to notice when the reader leaves; that must not
		// end the work.
		_ = b.rc.SetReadDeadline(time.Time{})
	}
	return n, err
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

type patientWriter struct {
	http.ResponseWriter
	rc *http.ResponseController
	d  time.Duration
}

func (w *patientWriter) Write(p []byte) (int, error) {
	_ = w.rc.SetWriteDeadline(time.Now().Add(w.d))
	return w.ResponseWriter.Write(p)
}

// Unwrap serves http.ResponseController.
func (w *patientWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
