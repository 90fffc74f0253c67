package site

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/gohugoio/hugo/hugolib"
	"github.com/gohugoio/hugo/resources/page"
	"github.com/spf13/cast"
)

const (
	visibilityKey = "visibility"
	embargoKey    = "embargo_until"
	public        = "public"
)

// checkAudience fails the build when Hugo would publish a page that is not for
// everybody. A static site cannot keep a page from a reader, so leaving such a
// page out silently is as wrong as showing it: the author is told.
func checkAudience(sites *hugolib.HugoSites, opts Options) error {
	now := time.Now()
	var found []Problem
	seen := map[string]bool{}
	check := func(p page.Page, bundled bool) {
		// Hugo keeps a section that is a draft as an empty shell without an address.
		if p.File() == nil || !bundled && p.RelPermalink() == "" {
			return
		}
		file := p.File().Filename()
		if seen[file] {
			return
		}
		seen[file] = true
		if what := whyNotPublic(p, opts.Drafts, now); what != "" {
			found = append(found, Problem{File: relative(file, opts.Dir), What: what})
		}
	}
	for _, s := range sites.Sites {
		for _, p := range s.Pages() {
			check(p, false)
			for _, r := range p.Resources().ByType("page") {
				if text, ok := r.(page.Page); ok {
					check(text, true)
				}
			}
		}
	}
	// A page that is kept out of all lists may be rendered all the same.
	err := eachContentFile(sites, func(file string) {
		if !seen[file] {
			if p := sites.GetContentPage(file); p != nil {
				check(p, false)
			}
		}
	})
	if err != nil {
		return fmt.Errorf("look for unlisted pages: %w", err)
	}
	if len(found) > 0 {
		return &Error{Problems: found}
	}
	return nil
}

// whyNotPublic returns what forbids publishing the page, "" when nothing does.
func whyNotPublic(p page.Page, drafts bool, now time.Time) string {
	visibility := cast.ToString(p.Params()[visibilityKey])
	if p.Params()[visibilityKey] != nil && visibility != public {
		return fmt.Sprintf("visibility is %q: a published site can only hold pages with visibility %q; "+
			"set draft: true, or move the page out of content", visibility, public)
	}
	if drafts {
		return ""
	}
	if p.Draft() {
		return "a draft would be published"
	}
	if value := p.Params()[embargoKey]; value != nil {
		until, err := cast.ToTimeE(value)
		if err != nil {
			return fmt.Sprintf("%s %q is not a date; write it as 2027-01-31", embargoKey, value)
		}
		if until.After(now) {
			return "a page under embargo would be published"
		}
	}
	if p.PublishDate().After(now) {
		return "a page of the future would be published"
	}
	if expiry := p.ExpiryDate(); !expiry.IsZero() && expiry.Before(now) {
		return "an expired page would be published"
	}
	return ""
}

// eachContentFile calls do with the real name of every text below content.
func eachContentFile(sites *hugolib.HugoSites, do func(file string)) error {
	for _, dir := range sites.BaseFs.Content.RealDirs("") {
		err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && strings.HasSuffix(name, ".md") {
				do(name)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
