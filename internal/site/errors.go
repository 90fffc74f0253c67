package site

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gohugoio/hugo/common/herrors"
)

// Problem is one thing that an author has to put right.
type Problem struct {
	File string // relative to the site's root
	Line int    // from 1; 0 when it is about the whole file
	What string
}

// String returns "file:line: what".
func (p Problem) String() string {
	switch {
	case p.File == "":
		return p.What
	case p.Line == 0:
		return p.File + ": " + p.What
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.What)
}

// Error is a build that failed because of what stands in the site's files.
type Error struct {
	Problems []Problem // never empty
	err      error
}

// Error returns one line per problem.
func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns Hugo's own error, if there was one.
func (e *Error) Unwrap() error { return e.err }

func problem(file string, line int, what string) *Error {
	return &Error{Problems: []Problem{{File: file, Line: line, What: what}}}
}

// explain turns Hugo's error and logged errors into problems. Hugo wraps a
// mistake in one layer per template it passed through; the innermost position is
// where the mistake is.
func explain(err error, root string, logged []string) error {
	if _, known := errors.AsType[*Error](err); known {
		return err
	}
	var problems []Problem
	add := func(p Problem) {
		if !slices.Contains(problems, p) {
			problems = append(problems, p)
		}
	}
	for _, line := range logged {
		add(fromText(line, root))
	}
	for _, one := range herrors.Errors(err) {
		if len(logged) > 0 && strings.HasPrefix(one.Error(), "logged ") {
			continue // "logged 2 error(s)": they are in the list already
		}
		add(fromError(one, root))
	}
	return &Error{Problems: problems, err: err}
}

// baseFailed matches a template that does not parse once it is joined with its
// base: Hugo gives the base's position, html/template the true one.
var baseFailed = regexp.MustCompile(`apply base template failed: template: (\S+?):(\d+)(?::\d+)?: (.*)`)

// notADate matches Hugo's message about a date in front matter.
var notADate = regexp.MustCompile(`(the "(\w+)" front matter field is not a parsable date): see (\S+)`)

func fromError(err error, root string) Problem {
	if at := baseFailed.FindStringSubmatch(err.Error()); at != nil {
		line, _ := strconv.Atoi(at[2]) // digits by the pattern
		return Problem{File: path.Join("layouts", at[1]), Line: line, What: plain(at[3], root)}
	}
	if notADate.MatchString(err.Error()) {
		return fromText(err.Error(), root)
	}
	var inner herrors.FileError
	for at, ok := errors.AsType[herrors.FileError](err); ok; at, ok = errors.AsType[herrors.FileError](errors.Unwrap(at)) {
		if at.Position().Filename != "" {
			inner = at
		}
	}
	if inner == nil {
		return fromText(err.Error(), root)
	}
	at := inner.Position()
	cause := errors.Unwrap(inner)
	if cause == nil {
		cause = inner
	}
	line := at.LineNumber
	if context := inner.ErrorContext(); context != nil && line <= 0 {
		line = context.Position.LineNumber
	}
	if deeper, ok := deepest(cause.Error(), root); ok {
		return deeper
	}
	return Problem{File: relative(at.Filename, root), Line: max(line, 0), What: plain(cause.Error(), root)}
}

// deepest takes the last position in a message, which is where the mistake is:
// those before it are of the templates that led there.
func deepest(text, root string) (Problem, bool) {
	all := positionText.FindAllStringSubmatchIndex(text, -1)
	if all == nil {
		return Problem{}, false
	}
	at, before := all[len(all)-1], ""
	if len(all) == 1 {
		before = text[:at[0]]
	}
	line, _ := strconv.Atoi(text[at[4]:at[5]]) // digits by the pattern
	return Problem{File: relative(text[at[2]:at[3]], root), Line: line, What: plain(before+text[at[1]:], root)}, true
}

// positionText matches `"/site/content/a.md:3:1": what` inside a message.
var positionText = regexp.MustCompile(`"([^"\s]+?\.\w+):(\d+):\d+"(?:: )?`)

// fromText finds a position within a message.
func fromText(text, root string) Problem {
	if at := notADate.FindStringSubmatch(text); at != nil {
		return Problem{File: relative(at[3], root), Line: lineInFile(root, relative(at[3], root), at[2]), What: at[1] + "; write it as 2027-01-31"}
	}
	if found, ok := deepest(text, root); ok {
		return found
	}
	return Problem{What: plain(text, root)}
}

// templateNoise is what html/template and Hugo put before the mistake itself.
var templateNoise = regexp.MustCompile(`(?:execute of template failed: |failed to execute template: |template: \S+?:\d+(?::\d+)?: )+`)

// wrapping is what Hugo puts around a mistake in a template or an access rule.
var wrapping = strings.NewReplacer(
	"failed to extract shortcode: ", "",
	"failed to load translations: ", "i18n: ",
	"failed to render pages: ", "",
)

// siteNoise matches the site dimensions in front of a rendering error, and the
// whole security policy behind a refusal.
var siteNoise = regexp.MustCompile(`render: \[[^\]]*\] |; the current security configuration is:[\s\S]*`)

// yamlExcerpt matches the position and the source lines that the YAML decoder
// adds to its message: the position is known better already.
var yamlExcerpt = regexp.MustCompile(`^\[\d+:\d+\] (.*)[\s\S]*`)

// themePath matches the folder that the theme was laid out in.
var themePath = regexp.MustCompile(`/[^\s":]*/` + themeFolder + `/`)

// plain takes absolute paths and repeated wrapping out of a message, and keeps
// it on one line.
func plain(text, root string) string {
	text = siteNoise.ReplaceAllString(text, "")
	text = templateNoise.ReplaceAllString(text, "")
	text = wrapping.Replace(yamlExcerpt.ReplaceAllString(text, "$1"))
	text = themePath.ReplaceAllString(text, "")
	text = strings.ReplaceAll(text, root+string(filepath.Separator), "")
	return strings.Join(strings.Fields(text), " ")
}

// lineInFile finds a front matter key; 0 when the file cannot be read.
func lineInFile(root, name, key string) int {
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		return 0
	}
	return lineOf(text, key)
}

// relative names a file from the site's root, or from the theme's: where the
// theme was laid out means nothing to a reader.
func relative(name, root string) string {
	if _, inTheme, ok := strings.Cut(filepath.ToSlash(name), "/"+themeFolder+"/"); ok {
		return inTheme
	}
	if rel, err := filepath.Rel(root, name); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(name)
}
