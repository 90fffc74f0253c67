package middleware

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cmc/internal/errs"
	"cmc/internal/page"
)

// fail answers as page.Set.Error does, as far as these tests look.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	code := map[errs.Kind]int{
		errs.Invalid: 400, errs.Denied: 403, errs.TooLarge: 413, errs.TooMany: 429, errs.Internal: 500,
	}[errs.KindOf(err)]
	w.WriteHeader(code)
	fmt.Fprintf(w, "refused: %v", err)
}

// serve runs a real server around the whole stack.
func serve(t *testing.T, o Options, h http.HandlerFunc) (*httptest.Server, lines) {
	t.Helper()
	log := make(lines, 100)
	o.Log = slog.New(slog.NewTextHandler(log, nil))
	o.Fail = fail
	if o.Now == nil {
		o.Now = time.Now
	}
	stack, err := Stack(o, h)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(stack)
	t.Cleanup(srv.Close)
	return srv, log
}

// lines is a log of which a test can wait for the next line.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

// rest returns what was written until now.
func (l lines) rest() string {
	var all strings.Builder
	for len(l) > 0 {
		all.WriteString(<-l)
	}
	return all.String()
}

func do(t *testing.T, r *http.Request) (*http.Response, string) {
	t.Helper()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func request(t *testing.T, method, address, body string, header ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func echo(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.PostForm.Get("body")) }

func TestFormsAreReadCheckedAndBounded(t *testing.T) {
	srv, _ := serve(t, Options{}, echo)
	for _, test := range []struct {
		name, body string
		status     int
		want       string
	}{
		{"a plain form arrives whole", "body=Bonjour+%C3%A0+tous", 200, "Bonjour à tous"},
		{"ten megabytes are refused and the sender is told", "body=" + strings.Repeat("a", 10<<20), 413, "error_too_large"},
		{"invalid UTF-8 is refused", "body=%ff%fe", 400, "error_not_text"},
		{"NUL is refused", "body=a%00b", 400, "error_not_text"},
		{"a broken escape is refused", "body=%zz", 400, "error_not_text"},
		{"an invalid field name is refused", "%ff=a", 400, "error_not_text"},
	} {
		t.Run(test.name, func(t *testing.T) {
			res, body := do(t, request(t, http.MethodPost, srv.URL, test.body))
			if res.StatusCode != test.status || !strings.Contains(body, test.want) {
				t.Errorf("POST = %d %.80s, want %d %s", res.StatusCode, body, test.status, test.want)
			}
		})
	}
}

func TestAddressesMustBeText(t *testing.T) {
	srv, _ := serve(t, Options{}, echo)
	for _, path := range []string{"/search/?q=%ff", "/search/?q=%zz", "/forum/rooms/%ff/", "/forum/rooms/a%00/"} {
		if res, body := do(t, request(t, http.MethodGet, srv.URL+path, "")); res.StatusCode != 400 {
			t.Errorf("GET %s = %d %s, want 400", path, res.StatusCode, body)
		}
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	srv, _ := serve(t, Options{Origins: []string{"https://desk.example"}}, echo)
	for _, test := range []struct {
		name   string
		header []string
		status int
	}{
		{"our own page", []string{"Origin", srv.URL}, 200},
		{"a foreign page", []string{"Origin", "https://evil.example"}, 403},
		{"a foreign page, told by the browser", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a sandboxed page", []string{"Origin", "null"}, 403},
		{"an origin that was named", []string{"Origin", "https://desk.example"}, 200},
		{"a program without an origin", nil, 200},
	} {
		t.Run(test.name, func(t *testing.T) {
			if res, _ := do(t, request(t, http.MethodPost, srv.URL, "body=x", test.header...)); res.StatusCode != test.status {
				t.Errorf("POST = %d, want %d", res.StatusCode, test.status)
			}
		})
	}
}

func TestAPanicIsAnErrorPageAndALine(t *testing.T) {
	srv, log := serve(t, Options{}, func(http.ResponseWriter, *http.Request) { panic("nil seat") })
	res, _ := do(t, request(t, http.MethodGet, srv.URL, ""))
	if res.StatusCode != http.StatusInternalServerError {
		t.Errorf("status = %d, want 500", res.StatusCode)
	}
	srv.Close()
	if got := log.rest(); !strings.Contains(got, "handler panicked") || !strings.Contains(got, res.Header.Get("X-Request-Id")) {
		t.Errorf("log = %s, want the panic under the request's id", got)
	}
}

func TestTheLogNamesNoOneAndHoldsNoSecret(t *testing.T) {
	srv, log := serve(t, Options{}, echo)
	do(t, request(t, http.MethodPost, srv.URL+"/account/link?token=SECRET1", url.Values{"body": {"SECRET2"}}.Encode(),
		"Cookie", "session=SECRET3", "X-Forwarded-For", "192.0.2.77", "User-Agent", "SECRET4", "X-Request-Id", "SECRET5"))
	srv.Close()
	line := log.rest()
	for _, secret := range []string{"SECRET", "192.0.2.77", "127.0.0.1"} {
		if strings.Contains(line, secret) {
			t.Errorf("the log repeats %s: %s", secret, line)
		}
	}
	for _, want := range []string{"method=POST", "path=/account/link", "status=200", "bytes=", "duration_ms=", "request_id="} {
		if !strings.Contains(line, want) {
			t.Errorf("log = %s, want %s", line, want)
		}
	}
}

func TestHeaders(t *testing.T) {
	for _, test := range []struct {
		name  string
		host  string
		https bool
		want  map[string]string
	}{
		{"in the open", "127.0.0.1:8080", false, map[string]string{
			"Content-Security-Policy":   policy + " ws://127.0.0.1:8080",
			"X-Content-Type-Options":    "nosniff",
			"Strict-Transport-Security": "",
		}},
		{"over TLS", "cmc.example", true, map[string]string{
			"Content-Security-Policy":   policy + " wss://cmc.example",
			"Strict-Transport-Security": "max-age=31536000; includeSubDomains",
		}},
		{"a host that is no host is not repeated", "a; script-src *", false, map[string]string{
			"Content-Security-Policy": policy,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Host = test.host
			Headers(test.https)(http.HandlerFunc(echo)).ServeHTTP(w, r)
			for name, want := range test.want {
				if got := w.Header().Get(name); got != want {
					t.Errorf("%s = %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestPagesAreCompressedAndPublishedFilesAreLeftAlone(t *testing.T) {
	long := strings.Repeat("<p>paragraph</p>", 200)
	srv, _ := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.URL.Path == "/file" {
			w.Header().Set("Content-Encoding", "br")
		}
		fmt.Fprint(w, long)
	})
	res, body := do(t, request(t, http.MethodGet, srv.URL+"/page", "", "Accept-Encoding", "gzip"))
	if got := res.Header.Get("Content-Encoding"); got != "gzip" || len(body) >= len(long)/4 {
		t.Errorf("page: encoding %q, %d bytes; want gzip and a quarter of %d", got, len(body), len(long))
	}
	res, body = do(t, request(t, http.MethodGet, srv.URL+"/file", "", "Accept-Encoding", "gzip, br"))
	if got := res.Header.Get("Content-Encoding"); got != "br" || body != long {
		t.Errorf("file: encoding %q, %d bytes; want br and the bytes as they are", got, len(body))
	}
}

func TestTheErrorPageKnowsTheRequest(t *testing.T) {
	var id string
	stack, err := Stack(Options{
		Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Fail: func(_ http.ResponseWriter, r *http.Request, _ error) { id = page.RequestID(r.Context()) },
	}, http.HandlerFunc(echo))
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.Header.Set("Origin", "https://evil.example")
	stack.ServeHTTP(w, r)
	if id == "" || id != w.Header().Get("X-Request-Id") {
		t.Errorf("the error page knows the id %q, the answer says %q", id, w.Header().Get("X-Request-Id"))
	}
}
