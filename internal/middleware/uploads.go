package middleware

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"

	"cmc/internal/errs"
)

// uploadMemory is how much of its files one request holds in memory; the rest
// waits in the system's folder for such things, and goes with the request.
const uploadMemory = 512 << 10

// maxPassed is how many bytes of files are read and thrown away for the sake of
// the words beside them.
const maxPassed = 64 << 20

// Uploads reads every form that comes with files before a handler sees the
// request: the values are then in r.PostForm, within limit bytes as those of
// other forms, and the files in r.MultipartForm. Where allowed gives no room
// the files are passed over and the values still arrive: what somebody wrote
// does not depend on what they may send.
func Uploads(limit int64, allowed func(*http.Request) int64, fail Fail) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			boundary := boundaryOf(r)
			if boundary == "" {
				next.ServeHTTP(w, r)
				return
			}
			var room int64
			if allowed != nil {
				room = allowed(r)
			}
			read := readValues
			if room > 0 {
				read = readUpload
			}
			if err := read(w, r, boundary, limit, room); err != nil {
				fail(w, r, err)
				return
			}
			defer func() {
				if r.MultipartForm != nil {
					_ = r.MultipartForm.RemoveAll() // the system clears its folder too
				}
			}()
			next.ServeHTTP(w, r)
		})
	}
}

func boundaryOf(r *http.Request) string {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || r.Body == nil {
		return ""
	}
	return params["boundary"]
}

func readUpload(w http.ResponseWriter, r *http.Request, _ string, limit, room int64) error {
	whole := r.Body
	r.Body = http.MaxBytesReader(w, whole, limit+room)
	err := r.ParseMultipartForm(uploadMemory)
	if err == nil && !fits(r.PostForm, limit) {
		err = &http.MaxBytesError{Limit: limit}
	}
	return refuse(err, whole, r.PostForm)
}

// readValues reads the values and lets the files pass; their names are left,
// with nothing behind them.
func readValues(w http.ResponseWriter, r *http.Request, boundary string, limit, _ int64) error {
	whole := http.MaxBytesReader(w, r.Body, limit+maxPassed)
	defer whole.Close()
	r.PostForm = url.Values{}
	passed := &multipart.Form{File: map[string][]*multipart.FileHeader{}}
	r.MultipartForm = passed
	var err error
	for parts := multipart.NewReader(whole, boundary); err == nil; {
		var part *multipart.Part
		if part, err = parts.NextPart(); err != nil {
			break
		}
		if name := part.FileName(); name != "" || part.FormName() == "" {
			passed.File[part.FormName()] = append(passed.File[part.FormName()], &multipart.FileHeader{Filename: name})
			_, err = io.Copy(io.Discard, part)
			continue
		}
		var value []byte
		if value, err = io.ReadAll(io.LimitReader(part, limit+1)); err == nil {
			r.PostForm.Add(part.FormName(), string(value))
		}
		if !fits(r.PostForm, limit) {
			err = &http.MaxBytesError{Limit: limit}
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	r.Form = url.Values{}
	for _, from := range []url.Values{r.PostForm, r.URL.Query()} {
		for name, values := range from {
			r.Form[name] = append(r.Form[name], values...)
		}
	}
	r.Body = http.NoBody
	return refuse(err, whole, r.PostForm)
}

// refuse says what is wrong with a form, and lets its sender finish.
func refuse(err error, rest io.Reader, values url.Values) error {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		_, _ = io.CopyN(io.Discard, rest, maxDrained)
		return errs.Wrap(err, errs.TooLarge, "error_too_large", "Limit", int(tooLarge.Limit>>10))
	case err != nil:
		return errs.Wrap(err, errs.Invalid, "error_not_text")
	case !areText(values):
		return errs.New(errs.Invalid, "error_not_text")
	}
	return nil
}

func fits(values url.Values, limit int64) bool {
	var n int64
	for name, all := range values {
		for _, v := range all {
			n += int64(len(name) + len(v))
		}
	}
	return n <= limit
}
