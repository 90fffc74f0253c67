package site

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// smallSite has two languages, fallback pages, a report with its full text, and
// layouts just big enough to show what the tests look for.
const smallSite = `
-- config.toml --
baseURL = "/"
title = "Small"
defaultContentLanguage = "en"
disableKinds = ["taxonomy", "term"]
[languages.en]
weight = 1
[languages.es]
weight = 2
[outputFormats.frame]
mediaType = "text/html"
baseName = "frame"
path = "forum"
notAlternative = true
[outputs]
home = ["html", "frame"]
section = ["html"]
[markup.goldmark.parser.attribute]
block = true
[[cascade]]
[cascade.target]
path = "**"
[cascade.target.sites.matrix]
languages = ["en"]
[cascade.sites.matrix]
languages = ["**"]
-- layouts/baseof.html --
<!doctype html><html lang="{{ site.Language.Lang }}"><title>{{ block "title" . }}{{ .Title }}{{ end }}</title><main>{{ block "main" . }}{{ end }}</main></html>
-- layouts/home.html --
{{ define "main" }}home {{ range site.RegularPages }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ end }}
-- layouts/home.frame.html --
{{ define "title" }}[[ .Title ]]{{ end }}{{ define "main" }}[[ template "main" . ]]{{ end }}
-- layouts/page.html --
{{ define "main" }}{{ .Content }}{{ range .AllTranslations }}{{ with .Resources.GetMatch "text.*" }}{{ .Content }}{{ end }}{{ end }}{{ end }}
-- layouts/section.html --
{{ define "main" }}{{ range .Pages }}{{ .Title }}{{ end }}{{ end }}
-- layouts/404.html --
{{ define "main" }}not here{{ end }}
-- static/robots.txt --
User-agent: *
-- content/reports/harbour-2020/index.en.md --
---
id: report-harbour-2020
title: Harbour & report
summary: What was said at the harbour.
date: 2020-03-04
countries: [bhs, JAM]
themes: [resettlement]
visibility: public
---
Opening words.

## Finds {id="sec-1"}

A summary[^1].
{id="par-1-01" data-page="3"}

[^1]: The note.
-- content/reports/harbour-2020/text.en.md --
---
title: Text
---
The very words.
{id="par-1-01" data-page="3"}
-- content/practices/boats/index.en.md --
---
id: practice-boats
title: Boats
body: Harbour Office
---
Boats are kept.
{id="par-1"}
-- content/practices/boats/index.es.md --
---
id: practice-boats
title: Botes
---
Se guardan botes.
{id="par-1"}
`

// writeSite lays archive out in a new folder, with changes over it: a file of
// the changes replaces that of the archive, an empty one removes it.
func writeSite(t testing.TB, archive string, changes ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, text := range append([]string{archive}, changes...) {
		change(t, dir, text)
	}
	return dir
}

func change(t testing.TB, dir, archive string) {
	t.Helper()
	for _, file := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(dir, filepath.FromSlash(file.Name))
		if len(file.Data) == 0 {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, file.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func testOptions(t testing.TB, dir string) Options {
	t.Helper()
	state := t.TempDir()
	return Options{
		Dir: dir, Out: filepath.Join(state, "out"), Cache: filepath.Join(state, "cache"),
		Log: slog.New(slog.DiscardHandler),
	}
}

func mustBuild(t testing.TB, opts Options) *Result {
	t.Helper()
	result, err := Build(t.Context(), opts)
	if err != nil {
		t.Fatalf("Build: %v", err)
	}
	return result
}

// problems returns the lines of a build's *Error.
func problems(t *testing.T, err error) []string {
	t.Helper()
	var mistakes *Error
	if !errors.As(err, &mistakes) {
		t.Fatalf("Build: %v (%T), want an *Error", err, err)
	}
	return strings.Split(mistakes.Error(), "\n")
}

func readFile(t testing.TB, elem ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tree returns every file below dir with its text.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		files[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
