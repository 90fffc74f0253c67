package record

import (
	"errors"
	"path"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Table is one file of the folder data that holds statements too small for a
// page of their own. Each row has an id, words of ours and a source.
type Table struct {
	File   string // relative to the site's root
	Fields []Field
}

// Tables lists the files of statements, each with all its fields.
func Tables() []Table {
	addressed := []Field{
		{Name: "addressees", Type: List},
		{Name: "addressees_in", Type: ByLang, Doc: "the same in other languages than the first"},
		{Name: "addressee_basis", Type: Words, Values: []string{"stated", "stated in part", "inferred"}},
	}
	tables := []Table{
		{"data/discussion_points.yaml", append([]Field{
			{Name: "kind", Type: Words, Required: true, Doc: "how the report puts it: agreement, suggestion, need"},
			{Name: "inside", Type: Words, Doc: "the recommendation that holds it"},
		}, addressed...)},
		{"data/areas_of_concern.yaml", nil},
		{"data/challenges.yaml", nil},
		{"data/conclusions.yaml", []Field{
			{Name: "symbol", Type: Words},
			{Name: "meeting", Type: Words, Required: true},
			{Name: "kind", Type: Words, Required: true, Values: []string{"conclusion", "objective"}},
		}},
		{"data/figures.yaml", []Field{
			{Name: "value", Type: Words, Required: true},
			{Name: "value_in", Type: ByLang, Doc: "the same in other languages, where it has words"},
			{Name: "basis", Type: Words, Required: true, Values: []string{"stated", "counted by the editors"}},
		}},
		{"data/law_in_region.yaml", []Field{
			{Name: "guide", Type: Words, Required: true, Doc: "folder of content/legislation"},
			{Name: "topic", Type: Words, Required: true, Doc: "id of a heading of that guide"},
			{Name: "country", Type: Words, Doc: "left out where the report names none"},
			{Name: "stage", Type: Words, Required: true, Values: []string{"in place", "under way", "intended", "absent", "described"}},
		}},
		{"data/legal_actions.yaml", []Field{
			{Name: "country", Type: Words, Required: true},
			{Name: "date", Type: Moment, Doc: "as the report gives it"},
			{Name: "conflict", Type: ByLang, Doc: "what another source says"},
			{Name: "erratum", Type: Words},
		}},
		{"data/organisations.yaml", []Field{
			{Name: "name", Type: ByLang, Required: true},
			{Name: "acronym", Type: Words},
			{Name: "country", Type: Words, Doc: "of a national body"},
		}},
		{"data/plan_areas.yaml", []Field{{Name: "section", Type: Words, Doc: "of the report, where it is treated"}}},
		{"data/speakers.yaml", []Field{
			{Name: "office", Type: ByLang, Required: true, Doc: "never a person's name"},
			{Name: "country", Type: Words},
			{Name: "organisation", Type: Words, Doc: "id in data/organisations.yaml"},
			{Name: "meeting", Type: Words, Required: true},
		}},
	}
	for i := range tables {
		tables[i].Fields = append(row(), tables[i].Fields...)
	}
	return tables
}

// row are the fields that every statement has.
func row() []Field {
	return []Field{
		{Name: "id", Type: Words, Required: true, Doc: "permanent; never changes"},
		{Name: "text", Type: ByLang, Required: true, Doc: "in our own words"},
		{Name: "countries", Type: Countries},
		{Name: "themes", Type: Themes},
		{Name: "instruments", Type: Instruments},
		{Name: "practices", Type: List},
		{Name: "sources", Type: Entries, Required: true, Fields: source()},
		{Name: "note", Type: ByLang},
	}
}

// checkTable looks at every row of a file, and hands it on to a rule.
func (c *checker) checkTable(t Table, data []byte, rule func(*Page)) {
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		if fault, ok := errors.AsType[*SyntaxError](syntaxError(err)); ok {
			c.add(t.File, fault.Line-1, "%s", fault.Message)
		}
		return
	}
	if len(tree.Docs) == 0 || tree.Docs[0].Body == nil {
		return
	}
	list, ok := tree.Docs[0].Body.(*ast.SequenceNode)
	if !ok {
		c.add(t.File, 1, "the file must be a list; begin each row with a dash")
		return
	}
	what := "row of " + path.Base(t.File)
	for _, v := range list.Values {
		p := &Page{File: t.File, Lang: c.known.base, fields: mapping(v)}
		if p.fields == nil {
			c.add(t.File, p.line(v), "a row must have fields, one on each line; see the rows above it")
			continue
		}
		c.checkFields(p, what, p.fields, t.Fields)
		rule(p)
	}
}

// checkRow holds one row against the rest of the site.
func (c *checker) checkRow(p *Page, seen map[string]string) {
	c.checkSources(p)
	c.checkCode(p, "country")
	for _, name := range []string{"text", "note", "conflict", "office"} {
		c.checkFigures(p, name)
	}
	id := p.Text("id")
	if first, twice := seen[id]; twice && id != "" {
		c.at(p, "id", "id: %q belongs to a row of %s already; give each row its own", id, first)
	}
	seen[id] = p.File
	if _, ok := text(valueIn(mappingOr(p.value("text")), c.known.base)); !ok && p.Has("text") {
		c.at(p, "text", "text has no words in %s, the first language; write them, the other languages can follow", c.known.base)
	}
	if m := p.Text("meeting"); m != "" && !c.known.ids[m] {
		c.at(p, "meeting", "meeting: no record has the id %q; correct it or add the meeting", m)
	}
	if s := p.Text("inside"); s != "" && !c.known.recommendations[s] {
		c.at(p, "inside", "inside: there is no content/recommendations/%s; correct the name", s)
	}
	if guide := p.Text("guide"); guide != "" && !c.known.anchors["/legislation/"+guide+"/"][p.Text("topic")] {
		c.at(p, "topic", "topic: content/legislation/%s has no heading %q; correct the guide or the topic", guide, p.Text("topic"))
	}
	list, _ := p.value("practices").(*ast.SequenceNode)
	if list == nil {
		return
	}
	for _, v := range list.Values {
		if s, _ := text(v); !c.known.practices[s] {
			c.add(p.File, p.line(v), "practices: there is no content/practices/%s; correct the name%s or add the practice", s, near(c.known.practices, s))
		}
	}
}

func mappingOr(n ast.Node) *ast.MappingNode {
	if m := mapping(n); m != nil {
		return m
	}
	return &ast.MappingNode{}
}
