// Package record knows the records of the knowledge base: which kinds there
// are, what their front matter holds, and whether a tree of content keeps to
// it.
//
// Check promises to name file and line of every fault, what is wrong and what
// to do, and to stay silent on content that is right. It never changes a file.
package record

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Page is one Markdown file of the content.
type Page struct {
	File     string // relative to the site's root, with slashes
	Section  string // first folder below content; empty for the home page
	Slug     string // folder of the record; empty for a section's own page
	Name     string // "index", "_index", "text" …
	Lang     string
	Draft    bool
	Body     string
	BodyLine int // line of the file on which Body begins

	fields *ast.MappingNode
	offset int  // lines of the file above the front matter
	broken bool // the front matter could not be read
}

var definedTwice = regexp.MustCompile(`^mapping key "(.*)" already defined`)

// SyntaxError is a fault in the front matter.
type SyntaxError struct {
	Line    int
	Message string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

// Parse reads one file; file is its path below the site's root.
func Parse(file string, data []byte) (*Page, error) {
	p := &Page{File: file, fields: &ast.MappingNode{}, offset: 1}
	p.place()
	if !bytes.HasPrefix(data, []byte("---\n")) && !bytes.HasPrefix(data, []byte("---\r\n")) {
		return p, &SyntaxError{1, "the file must begin with its fields (title, summary and so on), between two lines of three hyphens: ---; copy them from a record of the same kind, or start one with cmc new"}
	}
	lines := strings.SplitAfter(string(data), "\n")
	end := 1
	for end < len(lines) && strings.TrimRight(lines[end], "\r\n") != "---" {
		end++
	}
	if end == len(lines) {
		return p, &SyntaxError{1, "the list of fields has no end; put a line of three hyphens, ---, after the last field"}
	}
	p.Body, p.BodyLine = strings.Join(lines[end+1:], ""), end+2
	front := strings.Join(lines[1:end], "")
	tree, err := parser.ParseBytes([]byte(front), 0)
	if err != nil {
		return p, syntaxError(err)
	}
	if len(tree.Docs) == 0 || tree.Docs[0].Body == nil {
		return p, nil
	}
	switch body := tree.Docs[0].Body.(type) {
	case *ast.MappingNode:
		p.fields = body
	case *ast.MappingValueNode:
		p.fields = &ast.MappingNode{Values: []*ast.MappingValueNode{body}}
	case *ast.CommentGroupNode, *ast.NullNode:
	default:
		return p, &SyntaxError{2, "what stands between the two lines --- is not a list of fields; write each on a line of its own, such as title: \"A title\""}
	}
	draft, _ := p.value("draft").(*ast.BoolNode)
	p.Draft = draft != nil && draft.Value
	return p, nil
}

// syntaxError turns the parser's error into one line with its place.
func syntaxError(err error) error {
	line := 2
	message := err.Error()
	if e, ok := errors.AsType[yaml.Error](err); ok {
		message = e.GetMessage()
		if t := e.GetToken(); t != nil && t.Position != nil {
			line = 1 + t.Position.Line
		}
	}
	if m := definedTwice.FindStringSubmatch(message); m != nil {
		return &SyntaxError{line, m[1] + " stands twice; keep one of the two lines"}
	}
	return &SyntaxError{line, "the fields cannot be read from here on; look on this line and the one above for a missing quotation mark or bracket, a text with a colon and no quotation marks around it, or wrong indentation (" + message + ")"}
}

// place reads from the path what the file is.
func (p *Page) place() {
	rest, _ := strings.CutPrefix(p.File, "content/")
	parts := strings.Split(rest, "/")
	p.Name, p.Lang = splitName(parts[len(parts)-1])
	if len(parts) > 1 {
		p.Section = parts[0]
	}
	if len(parts) > 2 {
		p.Slug = parts[len(parts)-2]
	}
	if len(parts) == 2 && p.Name != "_index" {
		p.Slug, p.Name = p.Name, "index"
	}
}

// languageForm is a language's code in the name of a file: "nl", "pap", "pt-br".
var languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[a-z]+)?$`)

// splitName takes "index.en.md" apart; the language is empty when not given.
func splitName(base string) (name, lang string) {
	base = strings.TrimSuffix(base, path.Ext(base))
	if i := strings.LastIndexByte(base, '.'); i > 0 && languageForm.MatchString(base[i+1:]) {
		return base[:i], base[i+1:]
	}
	return base, ""
}

// value returns the node of a field, or nil.
func (p *Page) value(name string) ast.Node { return valueIn(p.fields, name) }

func valueIn(m *ast.MappingNode, name string) ast.Node {
	for _, v := range m.Values {
		if key(v) == name {
			return v.Value
		}
	}
	return nil
}

func key(v *ast.MappingValueNode) string {
	if v.Key == nil || v.Key.GetToken() == nil {
		return ""
	}
	return v.Key.GetToken().Value
}

// Text returns a field that is a text, or "".
func (p *Page) Text(name string) string {
	s, _ := text(p.value(name))
	return s
}

// Has tells whether a field is there.
func (p *Page) Has(name string) bool { return p.value(name) != nil }

// Reports lists the reports that the page's sources name.
func (p *Page) Reports() []string {
	list, _ := p.value("sources").(*ast.SequenceNode)
	if list == nil {
		return nil
	}
	var all []string
	for _, v := range list.Values {
		if m := mapping(v); m != nil {
			if s, ok := text(valueIn(m, "report")); ok {
				all = append(all, s)
			}
		}
	}
	return all
}

// mapping returns a node as a mapping, or nil; the parser has two forms.
func mapping(n ast.Node) *ast.MappingNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n
	case *ast.MappingValueNode:
		return &ast.MappingNode{Values: []*ast.MappingValueNode{n}}
	}
	return nil
}

func text(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		if n.Value == nil {
			return "", false
		}
		return n.Value.Value, true
	}
	return "", false
}

// line is the line of the file on which a node stands.
func (p *Page) line(n ast.Node) int {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 1
	}
	return n.GetToken().Position.Line + p.offset
}
