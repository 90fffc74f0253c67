package site

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gohugoio/hugo/parser/pageparser"
	"github.com/spf13/cast"
)

// withheld returns patterns for Hugo's ignoreFiles that keep unpublished texts of
// published bundles away from it. Hugo leaves out a page that is a draft, but
//   - a text.en.md beside a published index.en.md reaches templates whatever its
//     front matter says, and
//   - a draft of a translation takes the place of the page in the site's own
//     language, which then has neither.
//
// It also returns the first moment after now at which time alone makes another
// site of these files: an embargo ends, or a page expires. Zero is never.
func withheld(opts Options, settings map[string]any) ([]string, time.Time, error) {
	var next time.Time
	patterns := cast.ToStringSlice(setting(settings, "ignoreFiles"))
	found := []Problem{}
	bundles := map[string]*bundle{} // by folder
	now := time.Now()
	err := filepath.WalkDir(filepath.Join(opts.Dir, folder(settings, "content")), func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return fs.SkipAll // Hugo can do without content
		}
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".md") {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if !utf8.Valid(text) {
			found = append(found, Problem{File: relative(name, opts.Dir), Line: badLine(text), What: "is not valid UTF-8: save the file as UTF-8"})
		}
		dir := filepath.Dir(name)
		if bundles[dir] == nil {
			bundles[dir] = &bundle{}
		}
		publish, changes := forPublication(text, now)
		bundles[dir].add(name, opts.Drafts || publish)
		next = sooner(next, changes)
		return nil
	})
	if err != nil {
		return nil, next, fmt.Errorf("read content: %w", err)
	}
	if len(found) > 0 {
		return nil, next, &Error{Problems: found}
	}
	for _, dir := range slices.Sorted(maps.Keys(bundles)) {
		for _, name := range bundles[dir].withheld() {
			patterns = append(patterns, "^"+regexp.QuoteMeta(name)+"$")
		}
	}
	return patterns, next, nil
}

// bundle is what stands in one folder of content.
type bundle struct {
	published bool     // some index.*.md is for publication
	pages     []string // index files that are not
	texts     []string // other texts that are not
}

func (b *bundle) add(name string, publish bool) {
	stem, _, _ := strings.Cut(filepath.Base(name), ".")
	page := stem == "index" || stem == "_index"
	switch {
	case page && publish:
		b.published = true
	case page:
		b.pages = append(b.pages, name)
	case !publish:
		b.texts = append(b.texts, name)
	}
}

// withheld leaves the pages to Hugo when none of them is published: without its
// index the folder's files would belong to the section above.
func (b *bundle) withheld() []string {
	if !b.published {
		return b.texts
	}
	return append(b.texts, b.pages...)
}

// forPublication reads the front matter's own word, and when time alone will
// change it; zero is never. What it cannot read Hugo reports with its line.
func forPublication(text []byte, now time.Time) (publish bool, changes time.Time) {
	parsed, err := pageparser.ParseFrontMatterAndContent(bytes.NewReader(text))
	if err != nil {
		return true, changes
	}
	publish = true
	for key, value := range parsed.FrontMatter {
		switch strings.ToLower(key) {
		case "draft":
			if cast.ToBool(value) {
				return false, time.Time{}
			}
		case embargoKey, "publishdate":
			day, err := cast.ToTimeE(value)
			if err != nil {
				return false, time.Time{}
			}
			if day.After(now) {
				publish = false
				changes = sooner(changes, day)
			}
		case "expirydate":
			day, err := cast.ToTimeE(value)
			if err != nil || day.Before(now) {
				return false, time.Time{}
			}
			changes = sooner(changes, day)
		}
	}
	return publish, changes
}

// sooner returns the earlier of two moments, of which a zero one never comes.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// badLine returns the line of the first byte that is not UTF-8.
func badLine(text []byte) int {
	line := 1
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size == 1 {
			return line
		}
		if r == '\n' {
			line++
		}
		text = text[size:]
	}
	return line
}
