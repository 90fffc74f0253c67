package site

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// summaryPrefix keeps the anchors of a summary apart from those of the full
// text: #par-… always leads to the most authoritative text there is.
const summaryPrefix = "summary-"

// paragraphPrefix begins the anchors that a full text takes over.
const paragraphPrefix = "par-"

// Passages cuts a page's HTML at every block that has an id. Text before the
// first such block has the anchor ""; text without an id of its own belongs to
// the block before it. No word of the page is lost but the marks of footnotes.
// The prefix is put before the ids of paragraphs.
func Passages(content, prefix string) []Passage {
	nodes, err := html.ParseFragment(strings.NewReader(content),
		&html.Node{Type: html.ElementNode, DataAtom: atom.Body, Data: "body"})
	if err != nil {
		return nil // only a reader's error, and a string has none
	}
	c := cutter{prefix: prefix, cited: map[string]int{}}
	for _, n := range nodes {
		c.node(n)
	}
	c.flush()
	return c.out
}

// cutter walks a page in reading order.
type cutter struct {
	prefix  string
	out     []Passage
	current Passage
	text    strings.Builder
	title   bool           // the current passage was opened by a heading
	cited   map[string]int // footnote id → page on which it is first cited
}

func (c *cutter) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		c.text.WriteString(n.Data)
		return
	case html.ElementNode:
	default:
		return
	}
	if c.skips(n) {
		return
	}
	block := isBlock(n)
	if block {
		c.text.WriteByte(' ')
	}
	if id := attribute(n, "id"); block && id != "" {
		c.open(n, id)
	}
	if isHeading(n) && attribute(n, "id") != "" {
		c.current.Heading = squeeze(textOf(n))
		c.title = true
	} else {
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			c.node(child)
		}
	}
	if block || n.DataAtom == atom.Br {
		c.text.WriteByte(' ')
	}
}

// skips tells what is not text of the page, and notes where footnotes are cited.
func (c *cutter) skips(n *html.Node) bool {
	switch {
	case n.DataAtom == atom.Script, n.DataAtom == atom.Style, n.DataAtom == atom.Template:
		return true
	case hasClass(n, "footnote-backref"), attribute(n, "aria-hidden") == "true":
		return true
	case hasClass(n, "footnote-ref"):
		id := strings.TrimPrefix(attribute(n, "href"), "#")
		if _, known := c.cited[id]; !known {
			c.cited[id] = c.current.Page
		}
		return true
	}
	return false
}

// open ends the current passage and begins the one of block n.
func (c *cutter) open(n *html.Node, id string) {
	c.flush()
	next := Passage{Anchor: id, Heading: c.current.Heading, Page: c.current.Page}
	if c.prefix != "" && strings.HasPrefix(id, paragraphPrefix) {
		next.Anchor = c.prefix + id
	}
	if page, ok := c.cited[id]; ok && page > 0 {
		next.Page = page
	}
	if page, err := strconv.Atoi(attribute(n, "data-page")); err == nil && page > 0 {
		next.Page = page
	}
	c.current, c.title = next, false
}

// flush keeps the current passage. A heading that nothing follows is kept with
// its own words, so that it can be found.
func (c *cutter) flush() {
	c.current.Text = squeeze(c.text.String())
	c.text.Reset()
	if c.current.Text == "" && c.title {
		c.current.Text = c.current.Heading
	}
	if c.current.Text != "" {
		c.out = append(c.out, c.current)
	}
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	if hasClass(n, "footnote-ref") || attribute(n, "aria-hidden") == "true" {
		return ""
	}
	var text strings.Builder
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		text.WriteString(textOf(child))
	}
	return text.String()
}

func isHeading(n *html.Node) bool {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

func isBlock(n *html.Node) bool {
	if isHeading(n) {
		return true
	}
	switch n.DataAtom {
	case atom.P, atom.Li, atom.Ul, atom.Ol, atom.Dl, atom.Dt, atom.Dd, atom.Table, atom.Caption,
		atom.Tr, atom.Td, atom.Th, atom.Blockquote, atom.Pre, atom.Div, atom.Section, atom.Article,
		atom.Aside, atom.Figure, atom.Figcaption, atom.Details, atom.Summary, atom.Hr:
		return true
	}
	return false
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasClass(n *html.Node, class string) bool {
	return slices.Contains(strings.Fields(attribute(n, "class")), class)
}

// squeeze makes one space of all white space, the no-break space included.
func squeeze(text string) string { return strings.Join(strings.Fields(text), " ") }
