// Package page gives the pages that Go writes the same look as those that
// Hugo writes.
//
// Hugo renders, from its own baseof.html, one frame per language with actions
// between [[ ]] left in it. This package parses that frame, adds each room's
// templates (written between {{ }}), and renders into a buffer before a byte
// is sent, so that a failing template is a clean error page and never half a
// page. It is also the only place where an error becomes an HTTP status.
package page

import (
	"context"
	"net/http"
	"strings"

	"cmc/internal/i18n"
)

// Base is what the frame needs of every page; each page's struct embeds it.
type Base struct {
	Lang        *i18n.Language
	Title       string
	Description string
	Path        string // without the language's prefix, e.g. /forum/topics/3/
	Languages   []Alternate
	Viewer      Viewer
	NoIndex     bool
	TextOnly    bool // the reader asked for nothing but text
}

// Alternate is the same page in another language.
type Alternate struct {
	Code, Label, URL string
	Current          bool
}

// Viewer is who is reading, as far as a frame shows it. The zero Viewer is a
// visitor.
type Viewer struct {
	SignedIn    bool
	Name        string
	Delegation  string
	Secretariat bool
}

// T returns an interface sentence in the page's language.
func (b Base) T(key string, pairs ...any) string { return b.Lang.T(key, pairs...) }

// URL gives a path of this site in the page's language.
func (b Base) URL(path string) string {
	for _, a := range b.Languages {
		if a.Current {
			return prefix(a.URL, b.Path) + path
		}
	}
	return path
}

// Here is the page's own address, with its query.
func (b Base) Here() string {
	for _, a := range b.Languages {
		if a.Current {
			return a.URL
		}
	}
	return b.Path
}

// PlainStyle is where the plain frame finds its style sheet.
func (b Base) PlainStyle() string { return PlainStylePath }

// At tells whether the page stands below a path, for the menu's mark.
func (b Base) At(path string) bool { return strings.HasPrefix(b.Path, path) }

// prefix is what precedes path in a localised address: "" or "/es".
func prefix(address, path string) string {
	address, _, _ = strings.Cut(address, "?")
	return strings.TrimSuffix(strings.TrimSuffix(address, path), "/")
}

// NewBase makes the base of a page that answers r, with its title translated.
func (s *Set) NewBase(r *http.Request, titleKey string, pairs ...any) Base {
	lang := s.language(r.Context())
	return Base{
		Lang:      lang,
		Title:     lang.T(titleKey, pairs...),
		Path:      r.URL.Path,
		Languages: s.alternates(r, lang),
		Viewer:    ViewerOf(r.Context()),
		TextOnly:  TextOnly(r),
	}
}

func (s *Set) alternates(r *http.Request, current *i18n.Language) []Alternate {
	query := ""
	if r.URL.RawQuery != "" {
		query = "?" + r.URL.RawQuery
	}
	var all []Alternate
	for _, l := range s.catalogue.Languages() {
		all = append(all, Alternate{
			Code:    l.Code(),
			Label:   l.Label(),
			URL:     s.prefix(l) + r.URL.Path + query,
			Current: l.Code() == current.Code(),
		})
	}
	return all
}

// prefix is the path under which a language's pages stand; the default
// language stands at the root.
func (s *Set) prefix(l *i18n.Language) string {
	if l == s.catalogue.Default() {
		return ""
	}
	return "/" + l.Code()
}

func (s *Set) language(ctx context.Context) *i18n.Language {
	if l := Language(ctx); l != nil {
		return l
	}
	return s.catalogue.Default()
}
