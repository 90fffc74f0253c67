package server

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"sync/atomic"
	"time"
)

// Static serves the files of the current release.
type Static struct {
	current atomic.Pointer[Files]
	missing http.HandlerFunc
}

// NewStatic returns a handler that has no files yet. It answers with missing
// where the release has no 404.html, and before there is a release.
func NewStatic(missing http.HandlerFunc) *Static { return &Static{missing: missing} }

// Swap makes a release the one that is served. Requests under way finish with
// the old one, whose folder must stay for as long as they may take.
func (s *Static) Swap(files *Files) { s.current.Store(files) }

// ServeHTTP answers GET and HEAD.
func (s *Static) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	files := s.current.Load()
	if files == nil {
		s.missing(w, r)
		return
	}
	found, redirect := files.find(r.URL.Path)
	switch {
	case redirect != "":
		to := url.URL{Path: redirect, RawQuery: r.URL.RawQuery}
		w.Header().Set("Cache-Control", "no-cache")
		http.Redirect(w, r, to.String(), http.StatusMovedPermanently)
	case found == nil:
		s.notFound(w, r, files)
	default:
		if err := files.serve(w, r, found); err != nil {
			s.again(w, r, files)
		}
	}
}

// again serves from a newer release when the folder of the old one was removed
// between the look into it and the opening of the file.
func (s *Static) again(w http.ResponseWriter, r *http.Request, old *Files) {
	for newer := s.current.Load(); newer != old; newer = s.current.Load() {
		old = newer
		if found, _ := newer.find(r.URL.Path); found != nil && newer.serve(w, r, found) == nil {
			return
		}
	}
	s.missing(w, r)
}

// notFound answers with the page for wrong addresses in the path's language.
func (s *Static) notFound(w http.ResponseWriter, r *http.Request, files *Files) {
	page := files.notFound(r.URL.Path)
	if page == nil {
		s.missing(w, r)
		return
	}
	content, err := os.ReadFile(page.disk)
	if err != nil {
		s.missing(w, r)
		return
	}
	as := accepted(r.Header.Get("Accept-Encoding"))
	if packed := files.pack(page, as); packed != nil {
		w.Header().Set("Content-Encoding", encodingNames[as])
		content = packed
	}
	h := w.Header()
	h.Set("Content-Type", page.kind.contentType)
	h.Set("Content-Length", strconv.Itoa(len(content)))
	h.Set("Cache-Control", "no-cache")
	h.Add("Vary", "Accept-Encoding")
	w.WriteHeader(http.StatusNotFound)
	if r.Method != http.MethodHead {
		_, _ = w.Write(content) // the client may be gone
	}
}

// serve answers with a file. An error means that nothing was written yet.
func (f *Files) serve(w http.ResponseWriter, r *http.Request, one *file) error {
	as := identity
	if r.Header.Get("Range") == "" { // a part of the plain file is what is meant
		as = accepted(r.Header.Get("Accept-Encoding"))
	}
	packed := f.pack(one, as)
	var content io.ReadSeeker = bytes.NewReader(packed)
	if packed == nil {
		plain, err := os.Open(one.disk)
		if errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err != nil {
			http.Error(w, "the file cannot be read", http.StatusInternalServerError)
			return nil
		}
		defer plain.Close()
		content = plain
	}
	h := w.Header()
	tag := one.etag
	if packed != nil {
		tag += "-" + encodingNames[as]
		h.Set("Content-Encoding", encodingNames[as])
		h.Set("Content-Length", strconv.Itoa(len(packed)))
	}
	h.Set("Etag", `"`+tag+`"`)
	h.Set("Content-Type", one.kind.contentType)
	h.Set("Cache-Control", "no-cache") // ask each time: the answer is mostly 304
	if one.immutable {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if one.kind.text {
		h.Add("Vary", "Accept-Encoding")
	}
	// No time: files of two builds with the same content are the same file.
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}
