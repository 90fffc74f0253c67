package site

import (
	"bytes"
	"image/png"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// checkPictures reads every page as a program does that shows a preview of a link
// to it.
func checkPictures(t *testing.T, out fs.FS) {
	named, first := map[string]bool{}, map[string]string{}
	total := 0
	for _, name := range glob(t, out, "index.html") {
		page, err := goquery.NewDocumentFromReader(bytes.NewReader(read(t, out, name)))
		if err != nil {
			t.Fatal(err)
		}
		if page.Find("head meta[http-equiv=refresh]").Length() > 0 {
			continue // an old address of a page
		}
		property := func(key string) string {
			return page.Find(`head meta[property="og:`+key+`"]`).AttrOr("content", "")
		}
		address := property("image")
		file, ok := strings.CutPrefix(address, "/")
		if !ok || property("image:alt") == "" || property("image:width") != "1200" || property("image:height") != "630" {
			t.Errorf("%s names the picture %q (%q), %s × %s", name, address, property("image:alt"), property("image:width"), property("image:height"))
			continue
		}
		if named[file] {
			continue
		}
		named[file] = true
		made := read(t, out, file)
		total += len(made)
		if config, err := png.DecodeConfig(bytes.NewReader(made)); err != nil || config.Width != 1200 || config.Height != 630 {
			t.Errorf("%s is %d × %d, %v", file, config.Width, config.Height, err)
		}
		words := property("site_name") + property("image:alt")
		if other, taken := first[string(made)]; taken && other != words {
			t.Errorf("%s has the picture of another page, %q", file, other)
		}
		first[string(made)] = words
	}
	for _, file := range glob(t, out, "card.png") {
		if !named[file] {
			t.Errorf("no page names %s", file)
		}
	}
	if mean := total / len(named); len(named) < 500 || mean > 22_000 {
		t.Errorf("%d pictures have %d bytes on average", len(named), mean)
	}
}

// sharing is a layout that names a picture, as the house's layouts do.
const sharing = `
-- layouts/page.html --
{{ define "main" }}{{ .Store.Set "picture" (dict "name" "card.png" "title" .Title) }}{{ .Content }}{{ end }}
`

func TestAPageThatIsNotPublishedHasNoPicture(t *testing.T) {
	dir := writeSite(t, smallSite, sharing, `
-- content/practices/secret/index.en.md --
---
id: practice-secret
title: Secret
draft: true
---
Kept.
-- content/practices/later/index.en.md --
---
id: practice-later
title: Later
embargo_until: 2999-01-01
---
Kept.
`)
	opts := testOptions(t, dir)
	opts.BaseURL = "https://lake.example/kb/" // no folder of the site
	mustBuild(t, opts)
	var found []string
	for _, name := range glob(t, os.DirFS(opts.Out), "card.png") {
		found = append(found, path.Dir(name))
	}
	if got, want := strings.Join(found, " "), "es/practices/boats es/reports/harbour-2020 practices/boats reports/harbour-2020"; got != want {
		t.Errorf("pictures of %s, want %s", got, want)
	}
}

func TestPicturesAreKeptFromBuildToBuild(t *testing.T) {
	dir := writeSite(t, smallSite, sharing)
	opts := testOptions(t, dir)
	mustBuild(t, opts)
	kept := os.DirFS(filepath.Join(opts.Cache, "pictures"))
	before := ages(t, kept)
	change(t, dir, "-- content/practices/boats/index.en.md --\n---\nid: practice-boats\ntitle: Ships\n---\nText.\n")
	mustBuild(t, opts)
	after := ages(t, kept)
	same := 0
	for name, made := range after {
		if before[name].Equal(made) {
			same++
		}
	}
	if len(before) != 3 || len(after) != 3 || same != 2 {
		t.Errorf("%d pictures became %d, of which %d were not drawn again; want 3, 3 and 2", len(before), len(after), same)
	}
}

func ages(t *testing.T, dir fs.FS) map[string]time.Time {
	t.Helper()
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		t.Fatal(err)
	}
	ages := map[string]time.Time{}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		ages[entry.Name()] = info.ModTime()
	}
	return ages
}
