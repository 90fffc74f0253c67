package forum

import (
	"bytes"
	"html/template"
	"regexp"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// RenderVersion changes whenever Render would make other HTML of the same
// text, so that what was stored by an older one is rendered again.
const RenderVersion = 2

// firstHeading is the level a writer's "#" gets: the page's title is 1, its
// parts 2, the post's own heading 3.
const firstHeading = 4

// linkRel tells search engines and browsers that the forum does not vouch
// for what a member links to.
const linkRel = "nofollow ugc noopener"

// Render turns a member's Markdown into HTML that is safe in a page. It is,
// with Stored, the only producer of template.HTML: raw HTML is shown as the
// words that were typed, and all passes a sanitiser that knows nothing of the
// renderer. Images become links, so that a reader's browser tells no third
// party that a page was read.
func Render(source string) template.HTML { return RenderWith(source, nil) }

// RenderWith does the same and links those whom the text calls upon, as far as
// find knows them.
func RenderWith(source string, find Mentioned) template.HTML {
	var b bytes.Buffer
	pc := parser.NewContext()
	if find != nil {
		pc.Set(mentionedKey, find)
	}
	if err := markdown().Convert([]byte(shallow(source)), &b, parser.WithContext(pc)); err != nil {
		// A bytes.Buffer cannot fail; should it ever, the words are kept.
		return template.HTML("<p>" + template.HTMLEscapeString(source) + "</p>")
	}
	return template.HTML(policy().SanitizeBytes(b.Bytes()))
}

// Stored returns HTML that Render made earlier, or renders again when an
// older version made it.
func Stored(source, made string, version int) template.HTML {
	if version != RenderVersion {
		return Render(source)
	}
	return template.HTML(made)
}

var markdown = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(
			extension.Strikethrough,
			extension.Linkify,
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)),
		),
		goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(tamer{}, 100), util.Prioritized(caller{}, 110))),
		goldmark.WithRendererOptions(html.WithHardWraps(), renderer.WithNodeRenderers(util.Prioritized(rawAsText{}, 100))),
	)
})

var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "em", "strong", "del", "blockquote", "pre", "code",
		"ul", "ol", "li", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^align-(left|right|center)$`)).OnElements("th", "td")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^` + linkRel + `$`)).OnElements("a")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto")
	return p
})

// tamer rewrites what a member may write but a page should not show as it is.
type tamer struct{}

// Transform lowers headings, turns images into links, marks every link, and
// leaves it to the style sheet how a column is aligned.
func (tamer) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	var images []*ast.Image
	// The walker never returns an error, so neither does Walk.
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			n.Level = min(n.Level+firstHeading-1, 6)
		case *ast.Link:
			n.SetAttributeString("rel", []byte(linkRel))
		case *ast.AutoLink:
			n.SetAttributeString("rel", []byte(linkRel))
		case *ast.Image:
			images = append(images, n)
		case *tables.TableCell:
			if n.Alignment != tables.AlignNone {
				n.SetAttributeString("class", []byte("align-"+n.Alignment.String()))
			}
		}
		return ast.WalkContinue, nil
	})
	for _, image := range images {
		linkInstead(image, reader.Source())
	}
}

// linkInstead replaces an image by a link with its description; inside a link
// only the description is left, since links do not nest.
func linkInstead(image *ast.Image, source []byte) {
	parent := image.Parent()
	if parent == nil {
		return
	}
	label := ast.NewString(plain(image, source))
	if len(label.Value) == 0 {
		label.Value = image.Destination
	}
	for up := parent; up != nil; up = up.Parent() {
		if _, inside := up.(*ast.Link); inside {
			parent.ReplaceChild(parent, image, label)
			return
		}
	}
	link := ast.NewLink()
	link.Destination = image.Destination
	link.SetAttributeString("rel", []byte(linkRel))
	link.AppendChild(link, label)
	parent.ReplaceChild(parent, image, link)
}

// plain gathers the text below a node.
func plain(n ast.Node, source []byte) []byte {
	var b bytes.Buffer
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.Write(n.Segment.Value(source))
		case *ast.String:
			b.Write(n.Value)
		}
		return ast.WalkContinue, nil
	})
	return b.Bytes()
}
