package record

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// index is what the rules know about the site as a whole.
type index struct {
	base      string          // the language the others are translated from
	languages map[string]bool // that have a home page
	ids       map[string]bool
	dates     map[string]string // slug of a report → its date
	countries map[string]bool
	themes    map[string]bool
	groups    map[string]bool              // codes; nil without the data file
	reports   map[string]map[string]places // slug → anchor → where it stands
	anchors   map[string]map[string]bool   // URL → ids on that page
	drafts    map[string]bool              // URLs of drafts

	practices       map[string]bool // slugs
	instruments     map[string]bool
	treaties        map[string]bool // columns of the table of accessions
	recommendations map[string]bool // slugs
}

// places are the pages on which a paragraph stands.
type places struct{ first, last int }

var (
	blockID   = regexp.MustCompile(`\{[^{}]*\bid="([^"]+)"[^{}]*\}`)
	headingID = regexp.MustCompile(`^#{1,6} .*\{#([^\s}]+)`)
	plainHead = regexp.MustCompile(`^#{1,6} +(.+?)(?:\s*\{[^{}]*\})?\s*$`)
	dataPage  = regexp.MustCompile(`data-page="(\d+)"`)
	dataEnd   = regexp.MustCompile(`data-page-end="(\d+)"`)
)

// gather builds the index from the pages and the data files.
func (c *checker) gather() error {
	c.known = index{
		base: "en", languages: map[string]bool{}, ids: map[string]bool{}, dates: map[string]string{}, practices: map[string]bool{},
		countries: map[string]bool{}, themes: map[string]bool{}, reports: map[string]map[string]places{},
		anchors: map[string]map[string]bool{}, drafts: map[string]bool{},
		instruments: map[string]bool{}, treaties: map[string]bool{}, recommendations: map[string]bool{},
	}
	for _, p := range c.pages {
		c.known.learn(p, c.today)
	}
	countries, err := c.codes("data/countries.yaml")
	if err != nil {
		return err
	}
	maps.Copy(c.known.countries, countries)
	c.known.groups, err = c.codes("data/recommendation_groups.yaml")
	return err
}

func (k *index) learn(p *Page, today string) {
	url := p.URL()
	if k.anchors[url] == nil {
		k.anchors[url] = map[string]bool{}
	}
	if id := p.Text("id"); id != "" {
		k.ids[id] = true
	}
	if p.Name == "index" && (p.Draft || p.Text("embargo_until") > today) {
		k.drafts[url] = true
	}
	switch {
	case p.Section == "" && p.Name == "_index" && p.Lang != "":
		k.languages[p.Lang] = true
	case p.Section == "practices" && p.Slug != "":
		k.practices[p.Slug] = true
	case p.Section == "themes" && p.Slug != "":
		k.themes[p.Slug] = true
	case p.Section == "countries" && p.Slug != "":
		k.countries[strings.ToUpper(p.Slug)] = true
	case p.Section == "legislation" && strings.HasPrefix(p.Text("id"), "instrument-"):
		k.instruments[p.Slug] = true
		k.treaties[p.Text("treaty")] = true
	case p.Section == "recommendations" && p.Slug != "":
		k.recommendations[p.Slug] = true
	case p.Section == "reports" && p.Slug != "":
		if k.reports[p.Slug] == nil {
			k.reports[p.Slug] = map[string]places{}
		}
		if p.Name == "index" && p.Lang == k.base {
			k.dates[p.Slug] = p.Text("date")
		}
	}
	for _, l := range bodyLines(p) {
		for _, id := range idsIn(l.text) {
			// A text that waits is a source already, but no reader finds it.
			if !strings.HasPrefix(p.Name, ".draft.") {
				k.anchors[url][id] = true
			}
			if p.Section == "reports" && p.Slug != "" {
				k.reports[p.Slug][id] = placesIn(l.text)
			}
		}
	}
}

// ownIDs lists the ids that a line gives, as {id="a"} or {#a}.
func ownIDs(line string) []string {
	var ids []string
	for _, m := range blockID.FindAllStringSubmatch(line, -1) {
		ids = append(ids, m[1])
	}
	if m := headingID.FindStringSubmatch(line); m != nil {
		ids = append(ids, m[1])
	}
	return ids
}

func idsIn(line string) []string {
	ids := ownIDs(line)
	if m := plainHead.FindStringSubmatch(line); m != nil && len(ids) == 0 {
		ids = append(ids, autoID(m[1]))
	}
	return ids
}

// autoID is the id that a heading gets when it names none.
func autoID(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case r == ' ' || r == '-':
			b.WriteByte('-')
		case r == '_', r >= '0' && r <= '9', r >= 'a' && r <= 'z', r > 0x7f:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func placesIn(line string) places {
	var at places
	if m := dataPage.FindStringSubmatch(line); m != nil {
		at.first, _ = strconv.Atoi(m[1])
	}
	at.last = at.first
	if m := dataEnd.FindStringSubmatch(line); m != nil {
		at.last, _ = strconv.Atoi(m[1])
	}
	return at
}

// URL is the page's address in the site's first language.
func (p *Page) URL() string {
	switch {
	case p.Section == "":
		return "/"
	case p.Slug == "":
		return "/" + p.Section + "/"
	}
	return "/" + p.Section + "/" + p.Slug + "/"
}

func (k *index) anchor(report, id string) bool {
	_, ok := k.reports[report][id]
	return ok
}

// near offers the name that may be meant, in brackets.
func near(known map[string]bool, s string) string {
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if similar(s, name) {
			return fmt.Sprintf(" (%s?)", name)
		}
	}
	return ""
}

// codes lists the codes of a table's rows; nil when the site lacks it.
func (c *checker) codes(rel string) (map[string]bool, error) {
	var rows []struct {
		Code string `yaml:"code"`
	}
	if err := c.readData(rel, &rows); err != nil || rows == nil {
		return nil, err
	}
	codes := map[string]bool{}
	for _, r := range rows {
		codes[r.Code] = true
	}
	return codes, nil
}

// readData reads a YAML table; one that is absent stays empty.
func (c *checker) readData(rel string, into any) error {
	data, err := os.ReadFile(filepath.Join(c.root, filepath.FromSlash(rel)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read a table: %w", err)
	}
	// What cannot be read is reported where the rows are looked at.
	_ = yaml.Unmarshal(data, into)
	return nil
}
