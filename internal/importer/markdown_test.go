package importer

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
)

// blockAttributes matches the lines that Hugo's own extension takes for the
// attributes of the block before them.
var blockAttributes = regexp.MustCompile(`(?m)^ *\{id="[^"]*"[^}]*\}\n`)

// render shows Markdown with everything switched on that could change words.
func render(t testing.TB, markdown string) *goquery.Document {
	t.Helper()
	md := goldmark.New(
		goldmark.WithExtensions(extension.GFM, extension.Typographer, extension.DefinitionList, extension.Footnote),
		goldmark.WithParserOptions(parser.WithAttribute(), parser.WithAutoHeadingID()),
	)
	var out bytes.Buffer
	if err := md.Convert([]byte(blockAttributes.ReplaceAllString(markdown, "")), &out); err != nil {
		t.Fatal(err)
	}
	page, err := goquery.NewDocumentFromReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestEscapeShowsExactlyTheWords(t *testing.T) {
	for _, text := range []string{
		`1. Not a list`, `2) nor this`, `- no bullet`, `+ no bullet`, `# no heading`, `> no quote`, `=== no rule`, `--- no rule`,
		`a *star* and _under_ and __both__ and ~~gone~~`, "`code` and ``more``", `[text](http://example.org/x_y)`, `![x](y)`,
		`<b>bold</b> & &amp; &copy; <script>`, `{{< shortcode >}} {{% x %}} {id="x"}`, `"straight" 'quotes' don't`, `three... dots -- and --- dashes << >>`,
		`see http://example.org/a_b*c?d=e&f=g, or (https://example.org/x).`, `www.example.org or name@example.org`, `C:\path\to`, `ends in \`,
		`| a | b |`, `: not a definition`, `:smile: 10:30:45`, `[ ] no task`, `[^1] no note`, `$x^2$ and a^b^ and H~2~O and ==mark==`,
		`trailing # hash #`, `5 % & 6 < 7 > 2`, `<!--more-->`, `“curly” ‘quotes’ – — …`, `l’asile : « oui » ; non`, `#hashtag`, `[x]: http://example.org`,
		`http://example.org/{{<x>}}`, `https://example.org/a(b)`,
	} {
		got := strings.TrimSpace(render(t, escape(text)+"\n").Find("body").Text())
		if got != text {
			t.Errorf("escape(%q) shows %q (from %q)", text, got, escape(text))
		}
	}
}

func TestEscapeMakesAddressesLinks(t *testing.T) {
	page := render(t, escape("Available at: http://example.org/a_b.pdf. More: https://example.org/c"))
	var links []string
	page.Find("a").Each(func(_ int, a *goquery.Selection) { links = append(links, a.AttrOr("href", "")) })
	if got := strings.Join(links, " "); got != "http://example.org/a_b.pdf https://example.org/c" {
		t.Errorf("links = %s", got)
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"1. a", "- b", "*c*", "http://d.org/e", "[^1]: f", "{{< g >}}", "a\\", "x  y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = clean(s) // the text of a block always went through it
		s = strings.TrimSuffix(strings.ReplaceAll(s, "\n", " "), "\u00ad")
		if strings.TrimSpace(s) != s || strings.ContainsAny(s, "\x00\uFFFD") {
			return
		}
		if got := strings.TrimSpace(render(t, escape(s)+"\n").Find("body").Text()); got != strings.TrimSpace(s) {
			t.Errorf("escape(%q) = %q shows %q", s, escape(s), got)
		}
	})
}
