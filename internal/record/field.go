package record

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// checkFields holds a mapping against the fields it may have.
func (c *checker) checkFields(p *Page, what string, m *ast.MappingNode, fields []Field) {
	for _, v := range m.Values {
		name := key(v)
		i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
		if i < 0 {
			c.unknownField(p, v, what, fields)
			continue
		}
		c.checkValue(p, fields[i], v.Value, p.line(v.Key))
	}
	for _, f := range fields {
		if f.Required && missing(valueIn(m, f.Name), f.Type) {
			line := p.line(m)
			if len(m.Values) > 0 {
				line = p.line(m.Values[0].Key)
			}
			c.add(p.File, line, "the field %s is missing; every %s needs it: add %s: %s to the fields", f.Name, what, f.Name, example(f))
		}
	}
}

func missing(n ast.Node, t Type) bool {
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return true
	case *ast.StringNode:
		return t == Words && strings.TrimSpace(n.Value) == ""
	}
	return false
}

func (c *checker) unknownField(p *Page, v *ast.MappingValueNode, what string, fields []Field) {
	name, near := key(v), ""
	for _, f := range fields {
		if near == "" && similar(name, f.Name) {
			near = f.Name
		}
	}
	if p.Name == "text" && name == "draft" {
		c.add(p.File, p.line(v.Key), "draft has no effect on a text inside a record's folder: it would be published; rename the file to .draft.%s", base(p.File))
		return
	}
	if near != "" {
		c.add(p.File, p.line(v.Key), "%s is no field of %s; did you mean %s?", name, one(what), near)
		return
	}
	c.add(p.File, p.line(v.Key), "%s is no field of %s; remove the line, or say it in the text below the second line ---", name, one(what))
}

// one puts the article before the name of a kind.
func one(what string) string {
	if strings.HasSuffix(what, "s") {
		return what
	}
	if strings.ContainsRune("aeiou", rune(what[0])) {
		return "an " + what
	}
	return "a " + what
}

func base(file string) string { return file[strings.LastIndexByte(file, '/')+1:] }

// similar tells whether two names differ by one letter more, less or other, or
// by two letters changed round.
func similar(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || len(a) < 2 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch {
	case len(a) < len(b):
		return a[i:] == b[i+1:]
	case i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i]:
		return a[i+2:] == b[i+2:]
	}
	return i < len(a) && a[i+1:] == b[i+1:]
}

func example(f Field) string {
	if len(f.Values) > 0 {
		return f.Values[0]
	}
	switch f.Type {
	case Day, Moment:
		return `"2020-12-31"`
	case Whole:
		return "1"
	case ByLang:
		return `{en: "…"}`
	case Entries:
		return "[{" + f.Fields[0].Name + ": …}]"
	case Anchors, Countries, Themes, List:
		return "[…]"
	}
	return `"…"`
}

var (
	dayForm    = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	visibility = regexp.MustCompile(`^(public|members|group:[a-z0-9]+(-[a-z0-9]+)*)$`)
)

// checkValue holds one value against its field.
func (c *checker) checkValue(p *Page, f Field, n ast.Node, line int) {
	if _, null := n.(*ast.NullNode); null {
		if !f.Required {
			c.add(p.File, line, "%s is empty; give it a value or remove the line", f.Name)
		}
		return
	}
	s, isText := text(n)
	switch f.Type {
	case Words:
		c.checkWords(p, f, s, isText, line)
	case Whole:
		if _, ok := n.(*ast.IntegerNode); !ok {
			c.wrongType(p, f, line, "without quotes, such as 3")
		}
	case Flag:
		if _, ok := n.(*ast.BoolNode); !ok {
			c.wrongType(p, f, line, "without quotes")
		}
	case Day, Moment:
		c.checkDate(p, f, n, s, isText, line)
	case Link:
		u, err := url.Parse(s)
		if !isText || err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			c.add(p.File, line, "%s is not a web address; write it whole, beginning with https://", f.Name)
		}
	case Told:
		if !isText {
			c.checkEntry(p, f, n, line)
		}
	case Entry, ByLang:
		c.checkEntry(p, f, n, line)
	default:
		c.checkList(p, f, n, line)
	}
}

func (c *checker) wrongType(p *Page, f Field, line int, hint string) {
	article := "a "
	if f.Type == Flag {
		article = ""
	}
	c.add(p.File, line, "%s must be %s%s; write it %s", f.Name, article, f.Type, hint)
}

func (c *checker) checkWords(p *Page, f Field, s string, isText bool, line int) {
	switch {
	case !isText:
		c.wrongType(p, f, line, `in quotes: "…"`)
	case len(f.Values) > 0 && !slices.Contains(f.Values, s):
		c.add(p.File, line, "%s: %q is not known; use one of: %s", f.Name, s, strings.Join(f.Values, ", "))
	case f.Name == "visibility" && !visibility.MatchString(s):
		c.add(p.File, line, "visibility: %q is not known; use public, members or group:NAME", s)
	case f.Name == "visibility" && s != "public" && !p.Draft:
		c.add(p.File, line, "visibility: a page for %s cannot be kept from others once it is published; add draft: true, or move it out of content", s)
	case f.Name == "label" && p.Section == "practices" && p.Lang == c.known.base && !sourceLabel(s):
		c.add(p.File, line, "label: %q is not a word that sources use; use good practice, initiative, progress, advances, step, development, announcement or lesson learned, as the source says", s)
	}
}

// sourceLabel accepts a source's own word for a practice, alone or joined, with
// an adjective before it and a remark in brackets after it.
func sourceLabel(s string) bool {
	words := []string{
		"good practice", "initiative", "progress", "advances", "step", "development", "announcement",
		"lesson learned", "pilot project", "positive note",
	}
	if i := strings.LastIndex(s, " ("); i > 0 && strings.HasSuffix(s, ")") {
		s = s[:i]
	}
	for part := range strings.SplitSeq(strings.ReplaceAll(strings.ToLower(s), " and ", "/"), "/") {
		part = strings.TrimSpace(part)
		if !slices.ContainsFunc(words, func(w string) bool { return part == w || strings.HasSuffix(part, " "+w) }) {
			return false
		}
	}
	return true
}

func (c *checker) checkDate(p *Page, f Field, n ast.Node, s string, isText bool, line int) {
	if !isText {
		if i, ok := n.(*ast.IntegerNode); ok {
			s = i.GetToken().Value
		}
	}
	_, err := time.Parse(time.DateOnly, s)
	ok := err == nil && dayForm.MatchString(s)
	if f.Type == Moment && !ok {
		for _, form := range []string{"2006-01", "2006"} {
			if _, err := time.Parse(form, s); err == nil {
				ok = true
			}
		}
	}
	if ok && !sane.MatchString(s) {
		c.add(p.File, line, "%s: %q cannot be meant; correct the year", f.Name, s)
	}
	if !ok {
		c.add(p.File, line, "%s: %q is not a date; write it as %s", f.Name, s, strings.Trim(strings.TrimPrefix(string(f.Type), "date"), " ()"))
	}
}

func (c *checker) checkEntry(p *Page, f Field, n ast.Node, line int) {
	m := mapping(n)
	if m == nil {
		c.wrongType(p, f, line, "as fields, one on each line below, indented")
		return
	}
	if f.Type == Entry {
		if f.Fields == nil {
			return // the site's own
		}
		c.checkFields(p, f.Name, m, f.Fields)
		return
	}
	for _, v := range m.Values {
		if lang := key(v); len(c.known.languages) > 0 && !c.known.languages[lang] {
			c.add(p.File, p.line(v.Key), "%s: %q is no language of this site (content/_index.%s.md is not there); correct the code%s", f.Name, lang, lang, near(c.known.languages, lang))
		}
		if s, ok := text(v.Value); !ok || s == "" {
			c.add(p.File, p.line(v.Key), "%s has no words for %s; write them, or take %[2]s: out of the line", f.Name, key(v))
		}
	}
}

func (c *checker) checkList(p *Page, f Field, n ast.Node, line int) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		c.wrongType(p, f, line, "in brackets: [a, b], or one below the other, each after a dash")
		return
	}
	for _, v := range list.Values {
		if f.Type == Entries {
			if m := mapping(v); m != nil {
				c.checkFields(p, f.Name, m, f.Fields)
			} else {
				c.add(p.File, p.line(v), "an entry of %s must have fields; write it as {%s: …}", f.Name, f.Fields[0].Name)
			}
			continue
		}
		s, isText := text(v)
		if !isText {
			c.add(p.File, p.line(v), "%s holds something that is not a text; put it in quotes", f.Name)
			continue
		}
		c.checkItem(p, f, s, p.line(v))
	}
}

// checkItem holds one item of a list against what the site knows.
func (c *checker) checkItem(p *Page, f Field, s string, line int) {
	switch {
	case f.Type == Countries && !c.known.countries[s]:
		c.add(p.File, line, "%s: %q is no country code that data/countries.yaml or content/countries knows; use the three letters of ISO 3166-1, or add the country there", f.Name, s)
	case f.Type == Themes && !c.known.themes[s]:
		c.add(p.File, line, "themes: there is no content/themes/%s; correct the name%s or add the theme", s, near(c.known.themes, s))
	case f.Type == Anchors && !c.known.anchor(p.Slug, s):
		c.add(p.File, line, "%s: the report has no paragraph %q; correct it", f.Name, s)
	case f.Type == Instruments && !c.known.instruments[s]:
		c.add(p.File, line, "instruments: there is no instrument content/legislation/%s; correct the name%s or add the instrument", s, near(c.known.instruments, s))
	case f.Type == Recommendations && !c.known.recommendations[s]:
		c.add(p.File, line, "%s: there is no content/recommendations/%s; correct the name%s or add the recommendation", f.Name, s, near(c.known.recommendations, s))
	case f.Name == "files" && !c.exists(p, s):
		c.add(p.File, line, "files: there is no file %s in the record's folder; put it there, or correct the name", s)
	case f.Name == "documents" && c.known.reports[s] == nil:
		c.add(p.File, line, "documents: there is no content/reports/%s; correct the name or add the report", s)
	}
}
