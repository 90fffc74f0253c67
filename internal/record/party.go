package record

import (
	"path"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// checkEntryOf holds a row of a register against the rest of the site. names
// holds what the rows above are called, with their lines.
func (c *checker) checkEntryOf(t Table, p *Page, names map[string]int) {
	switch path.Base(t.File) {
	case "accessions.yaml":
		c.once(p, names, "instrument", p.Text("iso3")+" "+p.Text("instrument"))
		c.checkAccession(p)
	case "acronyms.yaml":
		c.once(p, names, "id", "id "+p.Text("id"))
		c.once(p, names, "acronym", strings.ToUpper(p.Text("acronym")))
		if at := p.Text("first_in"); at != "" && !c.inAnyReport(at) {
			c.at(p, "first_in", "first_in: no report has a paragraph %q; correct it", at)
		}
	case "countries.yaml":
		c.once(p, names, "code", p.Text("code"))
		c.once(p, names, "iso2", p.Text("iso2"))
		c.checkCode(p, "part_of")
	case "delegations.yaml":
		c.once(p, names, "code", p.Text("code"))
	case "recommendation_groups.yaml":
		c.once(p, names, "code", p.Text("report")+" "+p.Text("code"))
		if s := p.Text("report"); s != "" && c.known.reports[s] == nil {
			c.at(p, "report", "report: there is no content/reports/%s; correct the name or add the report", s)
		}
	case "search_words.yaml":
		c.checkSought(p, names)
	}
	if p.Has("name") {
		c.checkFirstLanguage(p, t)
	}
}

// checkSought holds a row of words that readers type against what they mean.
func (c *checker) checkSought(p *Page, names map[string]int) {
	country, id := p.Text("country"), p.Text("record")
	c.checkCode(p, "country")
	switch {
	case country != "" && id != "":
		c.at(p, "record", "the row names a country and a record; keep one of them")
	case country != "":
		c.once(p, names, "country", country)
	case id != "" && !c.known.ids[id]:
		c.at(p, "record", "record: no record has the id %q; correct it%s", id, near(c.known.ids, id))
	case id != "":
		c.once(p, names, "record", id)
	}
	if list, _ := p.value("see").(*ast.SequenceNode); list != nil {
		for _, n := range list.Values {
			if seen, ok := text(n); ok && !c.known.ids[seen] {
				c.at(p, "see", "see: no record has the id %q; correct it%s", seen, near(c.known.ids, seen))
			}
		}
	}
	if !p.Has("words") && !p.Has("any") {
		c.add(p.File, p.line(p.fields), "the row has no words; write them under words, by language, or under any")
	}
}

// checkFirstLanguage: a name that a language lacks is shown in the first one.
func (c *checker) checkFirstLanguage(p *Page, t Table) {
	if _, ok := text(valueIn(mappingOr(p.value("name")), c.known.base)); !ok && path.Base(t.File) != "acronyms.yaml" {
		c.at(p, "name", "name has no words in %s, the first language; write them, the other languages can follow", c.known.base)
	}
}

// once reports a name that an earlier row of the same file has.
func (c *checker) once(p *Page, names map[string]int, field, name string) {
	if strings.TrimSpace(name) == "" {
		return
	}
	if first, twice := names[name]; twice {
		c.at(p, field, "%s is listed on line %d already; keep one of the two rows", strings.TrimPrefix(name, "id "), first)
		return
	}
	names[name] = p.line(p.fields)
	for _, v := range p.fields.Values {
		if key(v) == field {
			names[name] = p.line(v.Key)
		}
	}
}

// checkAccession holds one cell of the table of treaties against what it says
// of itself: a party has a source and a date on which the source was read.
func (c *checker) checkAccession(p *Page) {
	c.checkCode(p, "iso3")
	if t := p.Text("instrument"); t != "" && !c.known.treaties[t] {
		c.at(p, "instrument", "instrument: no page of content/legislation has treaty: %q; correct it or add the page", t)
	}
	date, read := p.Text("date"), p.Text("as_of")
	switch {
	case date > c.today:
		c.at(p, "date", "date: %s lies in the future; correct it", date)
	case read > c.today:
		c.at(p, "as_of", "as_of: %s lies in the future; give the day on which the source was read", read)
	case read != "" && date > read:
		c.at(p, "date", "date: %s is later than as_of: %s, when the source was read; correct one of them", date, read)
	case read == "" && p.Text("status") != "" && p.Text("status") != "unknown":
		c.at(p, "status", "as_of is missing; say when the source was read or published, since later changes are not known")
	}
	if p.Has("action") && p.Text("status") == "unknown" {
		c.at(p, "action", "the status is unknown, but an action is given; correct one of them")
	}
}
