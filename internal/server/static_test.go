package server

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"

	"cmc/internal/testkit"
)

var longText = "<p>" + strings.Repeat("The delegations met and agreed on what to do next. ", 60) + "</p>"

// release writes files into a new folder, beside a secret that no path may reach.
func release(t testing.TB, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	dir := filepath.Join(root, "site")
	for name, text := range files {
		writeFile(t, filepath.Join(dir, name), text)
	}
	writeFile(t, filepath.Join(root, "secret.txt"), "secret")
	return dir
}

func writeFile(t testing.TB, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func open(t testing.TB, dir string) *Files {
	t.Helper()
	files, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func smallRelease(t testing.TB) string {
	t.Helper()
	return release(t, map[string]string{
		"index.html": "home" + longText, "404.html": "not here", "es/404.html": "no está",
		"practices/rrtm/index.html": "rrtm" + longText, "es/practices/rrtm/index.html": "rrtm es" + longText,
		"forum/frame.html": "[[ frame ]]", "es/forum/frame.html": "[[ marco ]]",
		"css/main.0123456789abcdef0123456789abcdef.css": strings.Repeat("a{color:red}", 99),
		"files/report.pdf": strings.Repeat("%PDF", 400), "robots.txt": "User-agent: *",
		".htpasswd": "secret", ".git/config": "secret", ".well-known/security.txt": "Contact: office",
	})
}

func newStatic(t testing.TB, dir string) *Static {
	t.Helper()
	s := NewStatic(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "fallback", http.StatusNotFound) })
	if dir != "" {
		s.Swap(open(t, dir))
	}
	return s
}

func get(t testing.TB, h http.Handler, path string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.URL.Path, r.RequestURI = path, path
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func bodyOf(t testing.TB, res *http.Response) string {
	t.Helper()
	var body io.Reader = res.Body
	switch res.Header.Get("Content-Encoding") {
	case "br":
		body = brotli.NewReader(res.Body)
	case "gzip":
		unpacked, err := gzip.NewReader(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		body = unpacked
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestWhereAPathLeads(t *testing.T) {
	s := newStatic(t, smallRelease(t))
	for _, test := range []struct {
		name, path string
		status     int
		body       string // its beginning, or the Location
	}{
		{"the home page", "/", 200, "home"},
		{"a page", "/practices/rrtm/", 200, "rrtm"},
		{"a page of another language", "/es/practices/rrtm/", 200, "rrtm es"},
		{"a page without its slash", "/practices/rrtm", 301, "/practices/rrtm/"},
		{"a page by its file name", "/practices/rrtm/index.html", 301, "/practices/rrtm/"},
		{"the home page by its file name", "/index.html", 301, "/"},
		{"a file", "/robots.txt", 200, "User-agent"},
		{"a well-known file", "/.well-known/security.txt", 200, "Contact"},
		{"nothing", "/nope/", 404, "not here"},
		{"nothing in another language", "/es/practices/nope/", 404, "no está"},
		{"a folder without a page", "/css/", 404, "not here"},
		{"the page for wrong addresses itself", "/404.html", 404, "not here"},
		{"the frame", "/forum/frame.html", 404, "not here"},
		{"the frame of another language", "/es/forum/frame.html", 404, "no está"},
		{"a dot file", "/.htpasswd", 404, "not here"},
		{"a file in a dot folder", "/.git/config", 404, "not here"},
		{"a path out of the folder", "/../secret.txt", 404, "not here"},
		{"a path out of a sub-folder", "/practices/../../secret.txt", 404, "not here"},
		{"a path with the other slash", `/..\secret.txt`, 404, "not here"},
		{"a path with a zero byte", "/robots.txt\x00", 404, "not here"},
		{"a doubled slash", "//practices/rrtm", 404, "not here"},
	} {
		t.Run(test.name, func(t *testing.T) {
			res := get(t, s, test.path)
			got := bodyOf(t, res)
			if test.status == http.StatusMovedPermanently {
				got = res.Header.Get("Location")
			}
			if res.StatusCode != test.status || !strings.HasPrefix(got, test.body) {
				t.Errorf("GET %q = %d %.60q, want %d %q", test.path, res.StatusCode, got, test.status, test.body)
			}
		})
	}
}

func TestALinkIsNotFollowed(t *testing.T) {
	dir := smallRelease(t)
	if err := os.Symlink("../secret.txt", filepath.Join(dir, "link.txt")); err != nil {
		testkit.Missing(t, "symlinks", err.Error())
	}
	if res := get(t, newStatic(t, dir), "/link.txt"); res.StatusCode != 404 {
		t.Errorf("GET /link.txt = %d, want 404", res.StatusCode)
	}
}

func FuzzNoPathLeadsOutOfTheFolder(f *testing.F) {
	files := open(f, smallRelease(f))
	for _, path := range []string{"/", "/../secret.txt", "//secret.txt", "/%2e%2e/secret.txt", "/.git/config", "/es/../.htpasswd"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		found, redirect := files.find(path)
		if found != nil && strings.Contains(found.disk, "secret") {
			t.Errorf("find(%q) = %s", path, found.disk)
		}
		if strings.HasPrefix(redirect, "//") {
			t.Errorf("find(%q) redirects to %q, which is another host", path, redirect)
		}
	})
}

func TestAnswersAreCompressedAsAsked(t *testing.T) {
	s := newStatic(t, smallRelease(t))
	for _, test := range []struct{ accept, path, want string }{
		{"gzip, deflate, br", "/", "br"},
		{"gzip", "/", "gzip"},
		{"br;q=0.1, gzip;q=0.9", "/", "gzip"},
		{"br;q=0, gzip;q=0", "/", ""},
		{"*", "/", "br"},
		{"br;q=0, *", "/", "gzip"},
		{"BR ; Q=1", "/", "br"},
		{"br;q=oops", "/", ""},
		{"", "/", ""},
		{"identity", "/", ""},
		{"br", "/files/report.pdf", ""},
		{"br", "/robots.txt", ""}, // too small to gain anything
	} {
		res := get(t, s, test.path, "Accept-Encoding", test.accept)
		if got := res.Header.Get("Content-Encoding"); got != test.want {
			t.Errorf("GET %s with %q: Content-Encoding %q, want %q", test.path, test.accept, got, test.want)
		}
		if plain, got := bodyOf(t, get(t, s, test.path)), bodyOf(t, res); got != plain {
			t.Errorf("GET %s with %q: the text is another", test.path, test.accept)
		}
	}
	missing := get(t, s, "/es/nope/", "Accept-Encoding", "br")
	if got := bodyOf(t, missing); missing.StatusCode != 404 || got != "no está" {
		t.Errorf("GET /es/nope/ = %d %q, want the Spanish page", missing.StatusCode, got)
	}
}

func TestWhatMayBeKept(t *testing.T) {
	s := newStatic(t, smallRelease(t))
	for path, want := range map[string]string{
		"/": "no-cache",
		"/css/main.0123456789abcdef0123456789abcdef.css": "public, max-age=31536000, immutable",
	} {
		res := get(t, s, path, "Accept-Encoding", "br")
		if got := res.Header.Get("Cache-Control"); got != want {
			t.Errorf("GET %s: Cache-Control %q, want %q", path, got, want)
		}
		if got := res.Header.Get("Vary"); got != "Accept-Encoding" {
			t.Errorf("GET %s: Vary %q, want Accept-Encoding", path, got)
		}
		tag := res.Header.Get("Etag")
		if plain := get(t, s, path).Header.Get("Etag"); tag == "" || tag == plain {
			t.Errorf("GET %s: Etag %q compressed, %q plain; want two", path, tag, plain)
		}
		again := get(t, s, path, "Accept-Encoding", "br", "If-None-Match", tag)
		if again.StatusCode != http.StatusNotModified || bodyOf(t, again) != "" {
			t.Errorf("GET %s with its Etag = %d, want 304 and nothing", path, again.StatusCode)
		}
	}
}

func TestEtagsAreOfTheContent(t *testing.T) {
	a := newStatic(t, release(t, map[string]string{"a.txt": "same", "b.txt": "old"}))
	b := newStatic(t, release(t, map[string]string{"a.txt": "same", "b.txt": "new"}))
	tag := func(s *Static, path string) string { return get(t, s, path).Header.Get("Etag") }
	if tag(a, "/a.txt") != tag(b, "/a.txt") {
		t.Error("one content has two tags in two releases")
	}
	if tag(a, "/b.txt") == tag(b, "/b.txt") {
		t.Error("two contents have one tag")
	}
}

func TestAPartOfAFile(t *testing.T) {
	res := get(t, newStatic(t, smallRelease(t)), "/files/report.pdf", "Range", "bytes=0-3", "Accept-Encoding", "br")
	if got := bodyOf(t, res); res.StatusCode != http.StatusPartialContent || got != "%PDF" {
		t.Errorf("GET with Range = %d %q, want 206 %%PDF", res.StatusCode, got)
	}
}

func TestOnlyReadingIsAllowed(t *testing.T) {
	s := newStatic(t, smallRelease(t))
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST / = %d, Allow %q, want 405 and what is allowed", w.Code, w.Header().Get("Allow"))
	}
	w = httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodHead, "/", nil))
	if w.Code != http.StatusOK || w.Body.Len() > 0 {
		t.Errorf("HEAD / = %d with %d bytes, want 200 with none", w.Code, w.Body.Len())
	}
}

func TestWithoutAReleaseTheFallbackAnswers(t *testing.T) {
	if res := get(t, newStatic(t, ""), "/"); res.StatusCode != 404 || !strings.HasPrefix(bodyOf(t, res), "fallback") {
		t.Errorf("GET / = %d, want the fallback", res.StatusCode)
	}
}

// TestSwappingUnderReaders swaps releases, removing the old ones, while clients
// read; every answer must be a whole page of one release.
func TestSwappingUnderReaders(t *testing.T) {
	page := func(n int) string { return fmt.Sprintf("<!-- %d -->%s<!-- %d -->", n, longText, n) }
	s := newStatic(t, release(t, map[string]string{"index.html": page(0)}))
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	var answers atomic.Int64
	for i := range 8 {
		readers.Go(func() {
			for ctx.Err() == nil {
				res := get(t, s, "/", "Accept-Encoding", []string{"br", "gzip", "", "br"}[i%4])
				body := bodyOf(t, res)
				first, _, _ := strings.Cut(body, "-->")
				if res.StatusCode != 200 || !strings.HasSuffix(body, first+"-->") {
					t.Errorf("GET / = %d %.40q … %q, want one whole page", res.StatusCode, body, body[max(0, len(body)-20):])
					return
				}
				answers.Add(1)
			}
		})
	}
	previous := ""
	for n := 1; n <= 40; n++ {
		dir := release(t, map[string]string{"index.html": page(n)})
		s.Swap(open(t, dir))
		if previous != "" {
			if err := os.RemoveAll(previous); err != nil {
				t.Error(err)
			}
		}
		for before := answers.Load(); answers.Load() < before+16 && !t.Failed(); {
			get(t, s, "/")
		}
		previous = dir
	}
	stop()
	readers.Wait()
}

func TestVariantsAreBounded(t *testing.T) {
	files := open(t, smallRelease(t))
	files.packed.Store(memoryLimit)
	if packed := files.pack(files.byName["index.html"], brotliEncoding); packed != nil {
		t.Errorf("pack beyond the limit = %d bytes, want none", len(packed))
	}
	if got := files.packed.Load(); got != memoryLimit {
		t.Errorf("packed = %d, want the limit unchanged", got)
	}
}

func BenchmarkStatic(b *testing.B) {
	s := newStatic(b, smallRelease(b))
	for _, accept := range []string{"br", ""} {
		b.Run("accepting "+accept, func(b *testing.B) {
			for b.Loop() {
				res := get(b, s, "/", "Accept-Encoding", accept)
				if _, err := io.Copy(io.Discard, res.Body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompress(b *testing.B) {
	content := bytes.Repeat([]byte(longText), 8)
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		compress(content, brotliEncoding)
	}
}
