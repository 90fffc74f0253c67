// Package i18n reads the one catalogue of interface texts, i18n/<lang>.toml,
// that Hugo reads too, and answers from Go with the same sentences and the
// same plural forms.
//
// Every entry is a table of plural forms (one, other) with Go-template
// placeholders such as {{ .Count }}. Texts are whole sentences; nothing is
// glued together. A missing key never stops a page: it shows as ⟦key⟧, which
// the parity check and the page tests look for.
package i18n

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"text/template"

	"github.com/pelletier/go-toml/v2"
)

// Catalogue holds the languages of a site.
type Catalogue struct {
	languages []*Language // the default language first
}

// Load reads i18n/*.toml from fsys. The order of codes is the site's order of
// languages; the first is the default, used for any code that is unknown and
// for any key a language lacks.
func Load(fsys fs.FS, codes ...string) (*Catalogue, error) {
	return LoadOver([]fs.FS{fsys}, codes...)
}

// LoadOver is Load for texts in several places, the last of which wins for each
// key. A language needs to be in one of them only.
func LoadOver(places []fs.FS, codes ...string) (*Catalogue, error) {
	if len(codes) == 0 {
		return nil, errors.New("i18n: no language is configured")
	}
	c := &Catalogue{}
	for _, code := range codes {
		l, err := load(places, code)
		if err != nil {
			return nil, err
		}
		if len(c.languages) > 0 {
			l.fallback = c.languages[0]
		}
		c.languages = append(c.languages, l)
	}
	return c, nil
}

func load(places []fs.FS, code string) (*Language, error) {
	name := path.Join("i18n", code+".toml")
	l, found := newLanguage(code), false
	for _, place := range places {
		data, err := fs.ReadFile(place, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read the interface texts of %q: %w", code, err)
		}
		if err := l.read(name, data); err != nil {
			return nil, err
		}
		found = true
	}
	if !found {
		return nil, fmt.Errorf("the language %q has no interface texts: copy i18n/en.toml to %s and translate it, or take [languages.%s] out of config.toml", code, name, code)
	}
	return l, nil
}

// read adds the entries of one file; name is for messages.
func (l *Language) read(name string, data []byte) error {
	var entries map[string]any
	if err := toml.Unmarshal(data, &entries); err != nil {
		return fmt.Errorf("%s: %w", position(name, err), err)
	}
	for key, entry := range entries {
		if err := l.add(key, entry); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// position names the file and, where the decoder knows it, the line.
func position(name string, err error) string {
	if at, ok := errors.AsType[*toml.DecodeError](err); ok {
		row, _ := at.Position()
		return fmt.Sprintf("%s:%d", name, row)
	}
	return name
}

// Language returns the language of a code, or the default one.
func (c *Catalogue) Language(code string) *Language {
	for _, l := range c.languages {
		if l.code == code {
			return l
		}
	}
	return c.languages[0]
}

// Default returns the site's first language.
func (c *Catalogue) Default() *Language { return c.languages[0] }

// Languages returns all languages in the site's order.
func (c *Catalogue) Languages() []*Language { return slices.Clone(c.languages) }

// Has tells whether a code is one of the site's languages.
func (c *Catalogue) Has(code string) bool {
	return slices.ContainsFunc(c.languages, func(l *Language) bool { return l.code == code })
}

// add compiles one entry; a plain string counts as the form "other".
func (l *Language) add(key string, entry any) error {
	forms := map[string]string{}
	switch entry := entry.(type) {
	case string:
		forms["other"] = entry
	case map[string]any:
		for form, text := range entry {
			s, ok := text.(string)
			if !ok {
				return fmt.Errorf("key %s: the form %q is not a text", key, form)
			}
			forms[form] = s
		}
	default:
		return fmt.Errorf("key %s: write it as a table with the form \"other\"", key)
	}
	message := map[string]*template.Template{}
	for form, text := range forms {
		t, err := template.New(key).Option("missingkey=error").Parse(strings.TrimSpace(text))
		if err != nil {
			return fmt.Errorf("key %s: %w", key, err)
		}
		message[form] = t
	}
	l.messages[key] = message
	return nil
}
