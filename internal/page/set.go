package page

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"

	"cmc/internal/i18n"
)

//go:embed templates
var templates embed.FS

// errorPageName is the one page that every set has.
const errorPageName = "page/error"

// Set holds the templates of all rooms and the frames of the current site.
// Rooms are added at start-up; after that it is safe for concurrent use.
type Set struct {
	catalogue *i18n.Catalogue
	log       *slog.Logger
	rooms     map[string]room
	current   atomic.Pointer[compiled]
}

type room struct {
	fsys  fs.FS
	files []string
}

// compiled is every page in every language around one generation of frames.
type compiled struct {
	pages map[string]map[string]*template.Template // name → language → page
	plain map[string]*template.Template            // name → page, in every language
}

// NewSet makes a set that knows its own error page only.
func NewSet(cat *i18n.Catalogue, log *slog.Logger) *Set {
	s := &Set{catalogue: cat, log: log, rooms: map[string]room{}}
	s.Add(errorPageName, templates, "templates/error.html")
	return s
}

// Add registers a page: its files define "main" and may define "head". Names
// look like "forum/topic". It is called before the first SetFrames.
func (s *Set) Add(name string, fsys fs.FS, files ...string) {
	s.rooms[name] = room{fsys, files}
}

// SetFrames puts the frames of a newly published site (language → frame)
// around every page, and swaps them in together. A language without a frame
// gets the plain built-in one. On error the frames in use stay.
func (s *Set) SetFrames(frames map[string][]byte) error {
	next, err := s.compile(frames)
	if err != nil {
		return err
	}
	s.current.Store(next)
	return nil
}

// CheckFrames tells whether SetFrames would take the frames, so that a site
// whose frames are broken is never published.
func (s *Set) CheckFrames(frames map[string][]byte) error {
	_, err := s.compile(frames)
	return err
}

func (s *Set) compile(frames map[string][]byte) (*compiled, error) {
	next := &compiled{pages: map[string]map[string]*template.Template{}, plain: map[string]*template.Template{}}
	plain, err := s.frame(nil)
	if err != nil {
		return nil, fmt.Errorf("parse the plain frame: %w", err)
	}
	for name, room := range s.rooms {
		if next.plain[name], err = template.Must(plain.Clone()).ParseFS(room.fsys, room.files...); err != nil {
			return nil, fmt.Errorf("parse the page %s: %w", name, err)
		}
	}
	for _, lang := range s.catalogue.Languages() {
		frame, err := s.frame(frames[lang.Code()])
		if err != nil {
			return nil, fmt.Errorf("parse the frame of language %q: %w", lang.Code(), err)
		}
		for name, room := range s.rooms {
			t, err := template.Must(frame.Clone()).ParseFS(room.fsys, room.files...)
			if err != nil {
				return nil, fmt.Errorf("parse the page %s: %w", name, err)
			}
			if next.pages[name] == nil {
				next.pages[name] = map[string]*template.Template{}
			}
			next.pages[name][lang.Code()] = t
		}
		if err := s.probe(next.pages[errorPageName][lang.Code()], lang); err != nil {
			return nil, fmt.Errorf("the frame of language %q cannot be shown: %w", lang.Code(), err)
		}
	}
	return next, nil
}

// probe shows one page within a new frame: what a frame asks of a page is only
// found out when it is shown.
func (s *Set) probe(t *template.Template, lang *i18n.Language) error {
	r := &http.Request{URL: &url.URL{Path: "/"}}
	p := errorPage{Base: s.NewBase(r.WithContext(WithLanguage(context.Background(), lang)), "error_title_not_found")}
	return t.ExecuteTemplate(io.Discard, "frame", p)
}

func (s *Set) frame(text []byte) (*template.Template, error) {
	if len(text) == 0 {
		text, _ = templates.ReadFile("templates/frame.html")
	}
	t, err := template.New("frame").Delims("[[", "]]").Parse(string(text))
	if err != nil {
		return nil, err
	}
	return t.Delims("{{", "}}").ParseFS(templates, "templates/blocks.html")
}

// Lookup returns a page's template for tests that check its types; nil when
// there is none.
func (s *Set) Lookup(name, lang string) *template.Template {
	if c := s.current.Load(); c != nil {
		return c.pages[name][lang]
	}
	return nil
}

// template is the page around the frame that the reader wants.
func (s *Set) template(r *http.Request, name string) *template.Template {
	if c := s.current.Load(); c != nil && TextOnly(r) {
		return c.plain[name]
	}
	return s.Lookup(name, s.language(r.Context()).Code())
}

// Render writes a whole page. Nothing is sent when the template fails.
func (s *Set) Render(w http.ResponseWriter, r *http.Request, status int, name string, data any) error {
	return s.write(w, r, status, name, "frame", data)
}

// Fragment writes one block of a page without the frame.
func (s *Set) Fragment(w http.ResponseWriter, r *http.Request, status int, name, block string, data any) error {
	return s.write(w, r, status, name, block, data)
}

func (s *Set) write(w http.ResponseWriter, r *http.Request, status int, name, block string, data any) error {
	t := s.template(r, name)
	if t == nil {
		return fmt.Errorf("render %s: no such page, or no frames were set", name)
	}
	var body bytes.Buffer
	if err := t.ExecuteTemplate(&body, block, data); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", s.language(r.Context()).Code())
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	_, err := body.WriteTo(w)
	if err != nil {
		return fmt.Errorf("send %s: %w", name, err)
	}
	return nil
}
