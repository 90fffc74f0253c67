package page

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"cmc/internal/errs"
	"cmc/internal/i18n"
)

const texts = `
[language_name]
other = "NAME"
[error_title_internal]
other = "Something broke"
[error_title_not_found]
other = "Not here"
[error_title_unauthenticated]
other = "Please sign in"
[error_internal]
other = "The fault is ours."
[error_request_id]
other = "Request {{ .ID }}"
[error_back_home]
other = "Home"
[nav_sign_in]
other = "Sign in"
[nav_languages]
other = "Languages"
[hello]
other = "Hello"
`

func testSet(t *testing.T, frames map[string][]byte) *Set {
	t.Helper()
	cat, err := i18n.Load(fstest.MapFS{
		"i18n/en.toml": {Data: []byte(strings.Replace(texts, "NAME", "English", 1))},
		"i18n/es.toml": {Data: []byte(strings.NewReplacer("NAME", "Español", "Hello", "Hola").Replace(texts))},
	}, "en", "es")
	if err != nil {
		t.Fatal(err)
	}
	s := NewSet(cat, slog.New(slog.DiscardHandler))
	s.Add("hello", fstest.MapFS{"hello.html": {Data: []byte(
		`{{ define "main" }}<h1>{{ .T "hello" }} {{ .Who }}</h1><a href="{{ .URL "/forum/" }}">f</a>{{ end }}`)}}, "hello.html")
	if err := s.SetFrames(frames); err != nil {
		t.Fatal(err)
	}
	return s
}

type hello struct {
	Base
	Who string
}

func get(t *testing.T, s *Set, path string, h Handler) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	Localize(s.catalogue, []string{"forum"}, s.Handle(h)).ServeHTTP(w, r)
	return w
}

func TestRenderPutsTheRoomIntoTheFrameOfItsLanguage(t *testing.T) {
	s := testSet(t, map[string][]byte{
		"en": []byte(`<title>[[ .Title ]]</title>[[ if .At "/forum/" ]]here [[ end ]][[ template "main" . ]]`),
		"es": []byte(`<title>ES [[ .Title ]]</title>[[ template "main" . ]]`),
	})
	greet := func(w http.ResponseWriter, r *http.Request) error {
		return s.Render(w, r, http.StatusOK, "hello", hello{s.NewBase(r, "hello"), `<script>"a"`})
	}
	for path, want := range map[string]string{
		"/forum/":    `<title>Hello</title>here <h1>Hello &lt;script&gt;&#34;a&#34;</h1><a href="/forum/">f</a>`,
		"/es/forum/": `<title>ES Hola</title><h1>Hola &lt;script&gt;&#34;a&#34;</h1><a href="/es/forum/">f</a>`,
	} {
		if got := get(t, s, path, greet).Body.String(); got != want {
			t.Errorf("GET %s = %s, want %s", path, got, want)
		}
	}
}

func TestAFailingTemplateSendsAWholeErrorPage(t *testing.T) {
	s := testSet(t, nil)
	w := get(t, s, "/forum/", func(w http.ResponseWriter, r *http.Request) error {
		return s.Render(w, r, http.StatusOK, "hello", struct{ Base }{s.NewBase(r, "hello")})
	})
	if w.Code != http.StatusInternalServerError {
		t.Errorf("status = %d, want 500", w.Code)
	}
	if body := w.Body.String(); !strings.Contains(body, "The fault is ours.") || strings.Contains(body, "<h1>Hello") {
		t.Errorf("body = %s, want the error page and nothing of the failed one", body)
	}
}

func TestErrorTellsTheVisitorNoMoreThanItsKey(t *testing.T) {
	s := testSet(t, nil)
	for _, test := range []struct {
		name, path string
		err        error
		status     int
		want, not  string
	}{
		{"a private cause stays private", "/forum/", errors.New("pq: password wrong"), 500, "The fault is ours.", "password"},
		{"a program gets JSON", "/api/search", errs.New(errs.Invalid, "hello"), 400, `{"error":"Hello"}`, "<html"},
		{"a visitor who may come in is shown the door and the way back", "/es/forum/a?b=1", errs.New(errs.Unauthenticated, "hello"), 401, `/es/account/sign-in?next=%2Fes%2Fforum%2Fa%3Fb%3D1`, "⟦"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := get(t, s, test.path, func(http.ResponseWriter, *http.Request) error { return test.err })
			body := w.Body.String()
			if w.Code != test.status || !strings.Contains(body, test.want) || strings.Contains(body, test.not) {
				t.Errorf("GET %s = %d %s, want %d with %q and without %q", test.path, w.Code, body, test.status, test.want, test.not)
			}
		})
	}
}

func TestSetFramesKeepsTheOldFramesWhenANewOneIsBroken(t *testing.T) {
	s := testSet(t, map[string][]byte{"en": []byte(`old [[ template "main" . ]]`)})
	for name, frame := range map[string]string{
		"that does not parse":                   `[[ broken`,
		"that asks a page for what it lacks":    `[[ .Nonsense ]][[ template "main" . ]]`,
		"that asks for a block that is nowhere": `[[ template "nowhere" . ]]`,
	} {
		if err := s.SetFrames(map[string][]byte{"en": []byte(frame)}); err == nil {
			t.Errorf("SetFrames accepted a frame %s", name)
		}
	}
	var buf strings.Builder
	lang := WithLanguage(context.Background(), s.catalogue.Default())
	r := httptest.NewRequest(http.MethodGet, "/forum/", nil).WithContext(lang)
	if err := s.Lookup("hello", "en").ExecuteTemplate(&buf, "frame", hello{s.NewBase(r, "hello"), "x"}); err != nil || !strings.HasPrefix(buf.String(), "old") {
		t.Errorf("after a broken frame: %q, %v; want the old frame", buf.String(), err)
	}
}

// FuzzFrameEscaping proves that what a member writes reaches a page as text,
// in element content and in attributes, inside a frame that Hugo made.
func FuzzFrameEscaping(f *testing.F) {
	f.Add(`"><script>alert(1)</script>`)
	f.Add("[[ .Base ]]{{ .Base }}")
	f.Add("javascript:alert(1)")
	s := NewSet(mustCatalogue(f), slog.New(slog.DiscardHandler))
	s.Add("p", fstest.MapFS{"p.html": {Data: []byte(`{{ define "main" }}<p title="{{ .Title }}">{{ .Title }}</p>{{ end }}`)}}, "p.html")
	if err := s.SetFrames(map[string][]byte{"en": []byte(`<title>[[ .Title ]]</title><meta content="[[ .Title ]]">[[ template "main" . ]]`)}); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var got strings.Builder
		b := Base{Title: text}
		if err := s.Lookup("p", "en").ExecuteTemplate(&got, "frame", b); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(got.String(), "<"); n != 5 {
			t.Errorf("%q makes %d tags, want 5: %s", text, n, got.String())
		}
		if n := strings.Count(got.String(), `"`); n != 4 {
			t.Errorf("%q leaves %d quotes, want 4: %s", text, n, got.String())
		}
	})
}

func mustCatalogue(f *testing.F) *i18n.Catalogue {
	cat, err := i18n.Load(fstest.MapFS{"i18n/en.toml": {Data: []byte(texts)}}, "en")
	if err != nil {
		f.Fatal(err)
	}
	return cat
}
