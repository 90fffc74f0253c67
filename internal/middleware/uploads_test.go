package middleware

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cmc/internal/errs"
)

func TestAFormWithFilesKeepsItsWordsWhateverBecomesOfTheFiles(t *testing.T) {
	for _, test := range []struct {
		name       string
		room       int64
		body, file int
		kind       errs.Kind // of the refusal
		files      int
	}{
		{"files that are allowed", 1 << 20, 900, 1 << 19, errs.Internal, 1},
		{"files that are not", 0, 900, 1 << 20, errs.Internal, 0},
		{"more files than allowed", 1 << 10, 900, 1 << 20, errs.TooLarge, 0},
		{"too many words", 1 << 20, 3000, 10, errs.TooLarge, 0},
		{"too many words, and files that are not allowed", 0, 3000, 10, errs.TooLarge, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			var form bytes.Buffer
			w := multipart.NewWriter(&form)
			file, err := w.CreateFormFile("files", "a.txt")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(file, strings.Repeat("f", test.file)); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(w.WriteField("body", strings.Repeat("b", test.body)), w.Close()); err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/forum/topics/9/posts?next=here", &form)
			r.Header.Set("Content-Type", w.FormDataContentType())
			var refused error
			fail := func(_ http.ResponseWriter, _ *http.Request, err error) { refused = err }
			reached := false
			allowed := func(*http.Request) int64 { return test.room }
			Uploads(2000, allowed, fail)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				reached = true
				if got := len(r.PostForm.Get("body")); got != test.body {
					t.Errorf("%d letters arrived, want %d", got, test.body)
				}
				if r.FormValue("next") != "here" {
					t.Error("the address has lost its query")
				}
				files := 0
				if r.MultipartForm != nil {
					for _, f := range r.MultipartForm.File["files"] {
						files += min(1, int(f.Size))
					}
				}
				if files != test.files {
					t.Errorf("%d files arrived, want %d", files, test.files)
				}
			})).ServeHTTP(httptest.NewRecorder(), r)
			if reached != (refused == nil) || refused != nil && errs.KindOf(refused) != test.kind {
				t.Errorf("reached %t, refused %v", reached, refused)
			}
		})
	}
}
