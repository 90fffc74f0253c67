// Package site turns a folder of text into a published website. It is the only
// importer of Hugo, which it runs as a library: nothing else in the program
// pays for Hugo's packages, and no type of Hugo's leaves this one.
//
// It promises that
//   - a build is always a full one, from fresh memory, because what Hugo makes
//     incrementally is not what a clean build makes;
//   - what is being served never changes under the reader: a site is built
//     beside the old one, verified, and swapped in one step (Publisher, Mirror);
//     a build that fails or is killed leaves the old site byte for byte;
//   - errors say file, line and what is wrong, and warnings are kept apart;
//   - a page that is a draft, expired, under embargo or not public is never
//     published. A page that claims an audience which a static site cannot
//     enforce stops the build and is named.
//
// It refuses to run programs, to use the network, to import modules and to take
// settings from HUGO_ environment variables: what a build makes depends on the
// files of the site alone.
package site

import (
	"io/fs"
	"log/slog"
	"time"
)

// Options say what to build, and where to.
type Options struct {
	Dir   string // the site's root, which holds config.toml
	Out   string // an empty or missing folder; a Publisher chooses it itself
	Cache string // derived files that may be deleted at any time; never inside Out

	// Theme holds layouts, assets, i18n, static and archetypes. It is used when
	// the site's root has no layouts folder of its own.
	Theme fs.FS

	// BaseURL is the public address that absolute links, the sitemap and feeds
	// name; empty leaves what config.toml says.
	BaseURL string

	// Drafts also shows drafts and pages of the future: for previews only.
	Drafts bool

	// Offline makes a copy that is read from a folder: templates see it as
	// site.Params.offline, and their search page carries its own search.
	Offline bool

	Log      *slog.Logger
	Progress func(Progress) // may be nil; called from one goroutine at a time
}

// Progress tells how far a build has come.
type Progress struct {
	Stage string // "read", "render", "walk", "index"; "publish" comes last, also after an error
	Done  int    // percent of the stage, 0 when unknown
}

// Result is what a build made, apart from the files in Options.Out.
type Result struct {
	Records  []Record          // sorted by language, then URL
	Frames   map[string][]byte // language code → forum/frame.html
	Homes    map[string]string // language code → path of its home page, "/" or "/es/"
	Warnings []string
	Pages    int // HTML pages that Hugo rendered, fallback pages included
	Took     time.Duration

	// Next is when the same files make another site: an embargo ends, or a page
	// expires. Zero is never.
	Next time.Time
}

// Record is one page of the knowledge base in the language it was written in.
// An English page that is shown below /es/ for want of a translation is not a
// second record.
type Record struct {
	ID         string // the permanent id, the same in all languages
	Kind       string // "report", "practice", …; the section's name for other sections
	Lang       string
	URL        string // path on the site, with the language's prefix
	File       string // path below content/, for messages to authors
	Title      string
	Summary    string
	Visibility string // always "public" in a published site
	Symbol     string // "CMC/2017/NS/3"
	Acronym    string
	Label      string   // the source's own word for what it is
	Status     string   // idea, pilot, running, ended, scaled
	Aliases    []string // other names that readers may type
	Countries  []string // ISO 3166-1 alpha-3
	Themes     []string
	Year       int // 0 when the record has no date
	Date       time.Time
	Passages   []Passage
}

// Passage is a stretch of a record's text that has an address of its own.
type Passage struct {
	Anchor  string // the id on the page; "" for the head of the page
	Heading string // the nearest heading above
	Text    string
	Page    int    // the page of the printed source, 0 when unknown
	Lang    string // the language of the text, which may differ from the record's
}
