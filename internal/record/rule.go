package record

import (
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

var idForm = regexp.MustCompile(`^[a-z0-9]+([-.][a-z0-9]+)*$`)

// checkRules holds a page against what fields mean together.
func (c *checker) checkRules(p *Page, kind Kind) {
	if p.Slug != "" && kind.Folder != "" {
		c.checkID(p, kind)
		if p.value("date") == nil && kind.Folder != "about" && kind.Folder != "glossary" && kind.Folder != "themes" {
			c.add(p.File, 1, "the field date is missing; add date: YYYY-MM-DD")
		}
	}
	c.checkSources(p)
	c.checkMoments(p)
	switch kind.Folder {
	case "recommendations":
		c.checkRecommendation(p)
	case "meetings":
		c.checkMeeting(p)
	case "legislation":
		c.checkCode(p, "country")
	case "countries":
		c.checkCode(p, "part_of")
		if code := p.Text("code"); code != "" && !strings.EqualFold(code, p.Slug) {
			c.at(p, "code", "code: %q does not agree with the folder %s; a country's folder is its code in small letters", code, p.Slug)
		}
	case "reports":
		if m := p.Text("meeting"); m != "" && !c.known.ids[m] {
			c.at(p, "meeting", "meeting: no record has the id %q; correct it or add the meeting", m)
		}
	case "themes":
		if s := p.Text("section"); s != "" && !c.inAnyReport(s) {
			c.at(p, "section", "section: no report has a section %q; correct it", s)
		}
	}
}

// at adds a finding on the line of a field.
func (c *checker) at(p *Page, field, format string, args ...any) {
	line := 1
	for _, v := range p.fields.Values {
		if key(v) == field {
			line = p.line(v.Key)
		}
	}
	c.add(p.File, line, format, args...)
}

func (c *checker) checkID(p *Page, kind Kind) {
	id := p.Text("id")
	switch want := kind.Prefix + p.Slug; {
	case id == "":
	case !idForm.MatchString(id):
		c.at(p, "id", "id: %q may hold small letters, digits, hyphens and full stops only; correct it", id)
	case kind.Prefix != "" && id != want:
		c.at(p, "id", "id: %q does not agree with the folder %s; write %s, or rename the folder", id, p.Slug, want)
	}
}

func (c *checker) inAnyReport(id string) bool {
	for slug := range c.known.reports {
		if c.known.anchor(slug, id) {
			return true
		}
	}
	return false
}

// checkSources proves that each source leads to a paragraph, and to its page.
func (c *checker) checkSources(p *Page) {
	list, _ := p.value("sources").(*ast.SequenceNode)
	if list == nil || len(list.Values) == 0 {
		if p.Name == "index" && p.Slug != "" && (slices.Contains([]string{"practices", "recommendations", "countries"}, p.Section) || len(facts(p.value("countries"))) > 0) {
			c.at(p, "sources", "the record names no source; add sources: with a paragraph of a report, or an address and the day it was read")
		}
		return
	}
	for _, v := range list.Values {
		m := mapping(v)
		if m == nil {
			continue
		}
		line := p.line(v)
		report, _ := text(valueIn(m, "report"))
		paragraph, _ := text(valueIn(m, "paragraph"))
		url, _ := text(valueIn(m, "url"))
		switch {
		case report == "" && url == "":
			c.add(p.File, line, "a source names neither report nor url; add one of them")
		case report != "" && c.known.reports[report] == nil:
			c.add(p.File, line, "sources: there is no content/reports/%s; correct the name or add the report", report)
		case report != "" && paragraph != "" && !c.known.anchor(report, paragraph):
			c.add(p.File, line, "sources: the report %s has no paragraph %q; correct it", report, paragraph)
		case report != "" && paragraph != "":
			c.checkSourcePage(p, line, valueIn(m, "page"), c.known.reports[report][paragraph], paragraph)
		}
	}
}

func (c *checker) checkSourcePage(p *Page, line int, page ast.Node, at places, paragraph string) {
	n, ok := page.(*ast.IntegerNode)
	if !ok || at.first == 0 {
		return
	}
	var said int
	switch v := n.Value.(type) {
	case int64:
		said = int(v)
	case uint64:
		said = int(v)
	}
	// A paragraph may run on to the next page without saying so.
	if said < at.first || said > max(at.last, at.first+1) {
		c.add(p.File, line, "sources: page %d is given, but %s stands on page %d; correct the page", said, paragraph, at.first)
	}
}

func (c *checker) checkRecommendation(p *Page) {
	c.checkSymbol(p)
	c.checkProgress(p)
	symbol := p.Text("symbol")
	if slug := strings.ToLower(strings.ReplaceAll(symbol, "/", "-")); symbol != "" && slug != p.Slug {
		c.at(p, "symbol", "symbol: %q does not agree with the folder %s; the folder is the symbol in small letters with hyphens", symbol, p.Slug)
	}
	if group := p.Text("group"); c.known.groups != nil && group != "" && !c.known.groups[group] {
		c.at(p, "group", "group: data/recommendation_groups.yaml has no code %q; correct it or add the group", group)
	}
	if list, _ := p.value("addressees").(*ast.SequenceNode); list != nil && len(list.Values) > 0 && !p.Has("addressee_basis") {
		c.at(p, "addressees", "addressee_basis is missing; say whether the addressees are stated, stated in part or inferred")
	}
}

// checkCode holds a field of one country against the codes that are known.
func (c *checker) checkCode(p *Page, field string) {
	if code := p.Text(field); code != "" && !c.known.countries[code] {
		c.at(p, field, "%s: %q is no country code that data/countries.yaml or content/countries knows; use the three letters of ISO 3166-1, or add the country there", field, code)
	}
}

func (c *checker) checkMeeting(p *Page) {
	start, end := p.Text("start"), p.Text("end")
	if status := p.Text("status"); !p.Has("start") && status != "planned" && status != "recurring" {
		c.add(p.File, 1, "the field start is missing; add start: YYYY-MM-DD, or say with status: planned or status: recurring why there is none")
	}
	if start != "" && end != "" && end < start {
		c.at(p, "end", "end: %s is before start: %s; correct one of them", end, start)
	}
	list, _ := p.value("observers").(*ast.SequenceNode)
	if list == nil {
		return
	}
	for _, v := range list.Values {
		if m := mapping(v); m != nil {
			if code, ok := text(valueIn(m, "country")); ok && !c.known.countries[code] {
				c.add(p.File, p.line(v), "observers: %q is no country code that data/countries.yaml or content/countries knows; correct it or add the country there", code)
			}
		}
	}
}

// checkIDs finds ids and symbols that two records share.
func (c *checker) checkIDs() {
	for _, field := range []string{"id", "symbol"} {
		first := map[string]*Page{}
		for _, p := range c.pages {
			id := p.Text(field)
			if id == "" || p.broken {
				continue
			}
			q := first[id]
			switch {
			case q == nil:
				first[id] = p
			case q.URL() != p.URL() || q.Lang == p.Lang:
				c.at(p, field, "%s: %q belongs to %s already; give each record its own", field, id, q.File)
			}
		}
	}
}

// checkProgress: what is told of a country's steps stands or falls with its
// evidence.
func (c *checker) checkProgress(p *Page) {
	list, _ := p.value("progress").(*ast.SequenceNode)
	if list == nil {
		return
	}
	for _, v := range list.Values {
		if m := mapping(v); m != nil {
			if date, _ := text(valueIn(m, "date")); date > c.today {
				c.add(p.File, p.line(v), "progress: %s lies in the future; a note tells what has happened", date)
			}
		}
	}
}
