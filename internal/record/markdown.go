package record

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	gmtext "github.com/yuin/goldmark/text"
)

var (
	shortcode = regexp.MustCompile(`\{\{[<%]\s*/?\s*([^\s>%]+)`)
	openCode  = regexp.MustCompile(`\{\{[<%].*?[%>]\}\}`)
	attached  = regexp.MustCompile(`^\{[^{}]*\}$`)
)

// helpful are the shortcodes of Hugo that fetch nothing from another host.
var helpful = []string{"details", "figure", "highlight", "param", "ref", "relref"}

// newMarkdown reads texts as the site's builder does.
func newMarkdown() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList),
		goldmark.WithParserOptions(parser.WithAttribute()),
	)
}

// checkMarkdown looks for what the builder would drop or readers could not use.
func (c *checker) checkMarkdown(p *Page) {
	for _, l := range bodyLines(p) {
		for _, m := range shortcode.FindAllStringSubmatch(l.text, -1) {
			if !strings.HasPrefix(m[1], "/*") && !c.isShortcode(m[1]) {
				c.add(p.File, l.no, "the site has no command (shortcode) {{< %s >}} and could not be built; correct the name, or write what it should show in plain Markdown", m[1])
			}
		}
	}
	if c.markdown == nil {
		c.markdown = newMarkdown()
	}
	body := openCode.ReplaceAllStringFunc(p.Body, func(s string) string { return strings.Repeat(" ", len(s)) })
	source := []byte(body)
	level := 1
	// The walker never fails: it returns no error.
	_ = ast.Walk(c.markdown.Parser().Parse(gmtext.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			c.checkNode(p, n, source, &level)
		}
		return ast.WalkContinue, nil
	})
}

func (c *checker) checkNode(p *Page, n ast.Node, source []byte, level *int) {
	line := p.BodyLine + strings.Count(string(source[:min(max(n.Pos(), 0), len(source))]), "\n")
	switch n := n.(type) {
	case *ast.RawHTML:
		c.checkHTML(p, line, string(n.Segments.Value(source)))
	case *ast.HTMLBlock:
		c.checkHTML(p, line, string(n.Lines().Value(source)))
	case *ast.Image:
		if strings.TrimSpace(plain(n, source)) == "" {
			c.add(p.File, line, "the picture has no words for those who cannot see it; write ![what it shows](%s)", n.Destination)
		}
	case *ast.Link:
		if strings.TrimSpace(plain(n, source)) == "" && n.FirstChild() == nil {
			c.add(p.File, line, "the link to %s has no words to click on; write [where it leads](%s)", n.Destination, n.Destination)
		}
	case *ast.Heading:
		c.checkHeading(p, n, line, plain(n, source), level)
	}
}

// checkHTML reports what a text's author sees in the file and no reader sees. A
// comment is meant so.
func (c *checker) checkHTML(p *Page, line int, html string) {
	if html = strings.TrimSpace(html); !strings.HasPrefix(html, "<!--") && !strings.HasPrefix(html, "</") {
		tag, _, _ := strings.Cut(html, "\n")
		c.add(p.File, line, "HTML such as %s is left out of the page, and readers would miss it; write it in Markdown, or put \\ before the sign <", tag)
	}
}

func (c *checker) checkHeading(p *Page, h *ast.Heading, line int, title string, level *int) {
	switch {
	case title == "" || attached.MatchString(title):
		c.add(p.File, line, "the heading has no words; write them, or delete the signs #")
	case h.Level == 1:
		c.add(p.File, line, "a heading with one # competes with the page's title; begin with ##")
	case h.Level > *level+1:
		c.add(p.File, line, "the heading jumps from level %d to %d, and readers of the outline would look for what is missing; write it with %s", *level, h.Level, strings.Repeat("#", *level+1))
	}
	*level = max(h.Level, 1)
}

// plain is the text below a node, without its marks.
func plain(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Text:
			if entering {
				b.Write(n.Segment.Value(source))
			}
		case *ast.String:
			if entering {
				b.Write(n.Value)
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// isShortcode tells whether the site or its builder has a shortcode.
func (c *checker) isShortcode(name string) bool {
	if slices.Contains(helpful, name) {
		return true
	}
	_, err := os.Stat(filepath.Join(c.root, "layouts", "_shortcodes", filepath.FromSlash(name)+".html"))
	return err == nil
}
