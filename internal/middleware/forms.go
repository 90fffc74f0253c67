package middleware

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"cmc/internal/errs"
)

// maxDrained is how much of a body that is too large is read and thrown away.
// A browser shows the answer only when it was let to finish sending.
const maxDrained = 32 << 20

// Text refuses addresses that are not text. PostgreSQL takes neither invalid
// UTF-8 nor NUL, and a page could not show them.
func Text(fail Fail) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			query, err := url.ParseQuery(r.URL.RawQuery)
			if err != nil || !isText(r.URL.Path) || !areText(query) {
				fail(w, r, errs.Wrap(err, errs.Invalid, "error_not_text"))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// Forms reads every form within limit bytes before a handler sees the
// request; the handler finds the values in r.PostForm. Other bodies are only
// bounded.
func Forms(limit int64, fail Fail) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Body == nil || r.Body == http.NoBody {
				next.ServeHTTP(w, r)
				return
			}
			whole := r.Body
			r.Body = http.MaxBytesReader(w, whole, limit)
			if !isForm(r) {
				next.ServeHTTP(w, r)
				return
			}
			if err := readForm(r); err != nil {
				if errs.KindOf(err) == errs.TooLarge {
					_, _ = io.CopyN(io.Discard, whole, maxDrained)
				}
				fail(w, r, err)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// FormsTo puts m before the forms that are sent to the paths, and before
// nothing else.
func FormsTo(m Middleware, paths ...string) Middleware {
	return func(next http.Handler) http.Handler {
		guarded := m(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost && slices.Contains(paths, r.URL.Path) {
				guarded.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func isForm(r *http.Request) bool {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	return strings.TrimSpace(strings.ToLower(kind)) == "application/x-www-form-urlencoded"
}

func readForm(r *http.Request) error {
	err := r.ParseForm()
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return errs.Wrap(err, errs.TooLarge, "error_too_large", "Limit", int(tooLarge.Limit>>10))
	case err != nil:
		return errs.Wrap(err, errs.Invalid, "error_not_text")
	case !areText(r.PostForm):
		return errs.New(errs.Invalid, "error_not_text")
	}
	return nil
}

func areText(values url.Values) bool {
	for key, all := range values {
		if !isText(key) {
			return false
		}
		for _, v := range all {
			if !isText(v) {
				return false
			}
		}
	}
	return true
}

func isText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsRune(s, 0)
}
