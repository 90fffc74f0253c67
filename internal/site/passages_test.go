package site

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

func TestPassages(t *testing.T) {
	for _, test := range []struct {
		name, content, prefix string
		want                  []Passage
	}{
		{
			name:    "text before the first id is the head of the page",
			content: `<p>Before.</p><p id="par-1">First.</p>`,
			want:    []Passage{{Text: "Before."}, {Anchor: "par-1", Text: "First."}},
		},
		{
			name:    "text without an id belongs to the block before it",
			content: `<p id="a">One.</p><p>Two.</p><p id="b">Three.</p>`,
			want:    []Passage{{Anchor: "a", Text: "One. Two."}, {Anchor: "b", Text: "Three."}},
		},
		{
			name:    "a heading names what follows, and is kept by itself only when nothing does",
			content: `<h2 id="s1">One</h2><h3 id="s2">Two <em>and</em> more</h3><p>Text.</p><p id="p">Next.</p>`,
			want: []Passage{
				{Anchor: "s1", Heading: "One", Text: "One"},
				{Anchor: "s2", Heading: "Two and more", Text: "Text."},
				{Anchor: "p", Heading: "Two and more", Text: "Next."},
			},
		},
		{
			name:    "the page of the source holds until the next",
			content: `<p id="a" data-page="3">A.</p><p id="b">B.</p><p id="c" data-page="4">C.</p>`,
			want: []Passage{
				{Anchor: "a", Text: "A.", Page: 3}, {Anchor: "b", Text: "B.", Page: 3}, {Anchor: "c", Text: "C.", Page: 4},
			},
		},
		{
			name: "a footnote is on the page that cites it, and its marks are no text",
			content: `<p id="a" data-page="3">A<sup id="fnref:1"><a href="#fn:1" class="footnote-ref" role="doc-noteref">1</a></sup>.</p>` +
				`<p id="b" data-page="9">B.</p><div class="footnotes" role="doc-endnotes"><hr><ol><li id="fn:1">` +
				`<p>The note.&#160;<a href="#fnref:1" class="footnote-backref" role="doc-backlink">&#x21a9;&#xfe0e;</a></p></li></ol></div>`,
			want: []Passage{
				{Anchor: "a", Text: "A.", Page: 3}, {Anchor: "b", Text: "B.", Page: 9}, {Anchor: "fn:1", Text: "The note.", Page: 3},
			},
		},
		{
			name:    "items and tables have addresses too, and cells do not run together",
			content: `<ul id="l"><li id="i1">One</li><li id="i2">Two</li></ul><table id="t"><tr><td>a</td><td>b</td></tr></table>`,
			want:    []Passage{{Anchor: "i1", Text: "One"}, {Anchor: "i2", Text: "Two"}, {Anchor: "t", Text: "a b"}},
		},
		{
			name:    "paragraph ids of a summary give way to those of the full text",
			content: `<h2 id="sec-1">S</h2><p id="par-1">A.</p>`, prefix: summaryPrefix,
			want: []Passage{{Anchor: "sec-1", Heading: "S", Text: "S"}, {Anchor: "summary-par-1", Heading: "S", Text: "A."}},
		},
		{
			name:    "inline ids, scripts and hidden marks start and add nothing",
			content: `<p id="a">A <span id="x">b</span><script>c</script><a aria-hidden="true" href="#a">#</a></p>`,
			want:    []Passage{{Anchor: "a", Text: "A b"}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Passages(test.content, test.prefix)); diff != "" {
				t.Errorf("Passages(%q) (-want +got):\n%s", test.content, diff)
			}
		})
	}
}

func FuzzPassages(f *testing.F) {
	f.Add(`<p id="a" data-page="3">A</p>`, "")
	f.Add(`<h2 id="s">x<a class="footnote-ref" href="#fn:1">1</a></h2><li id="fn:1">n</li>`, "summary-")
	f.Fuzz(func(t *testing.T, content, prefix string) {
		for _, p := range Passages(content, prefix) {
			if strings.TrimSpace(p.Text) == "" {
				t.Errorf("Passages(%q): a passage without text: %+v", content, p)
			}
			if p.Page < 0 {
				t.Errorf("Passages(%q): page %d", content, p.Page)
			}
		}
	})
}

// TestNoWordOfThePageIsLost compares the passages of a page that uses every
// block with the plain text of the same page.
func TestNoWordOfThePageIsLost(t *testing.T) {
	const content = `<p>Start</p><h2 id="a">Head</h2><blockquote id="q"><p>Quoted <em>words</em></p></blockquote>` +
		`<dl><dt id="t">Term</dt><dd>Meaning</dd></dl><h3>No id</h3><figure id="f"><figcaption>Caption</figcaption></figure>tail`
	root, err := html.Parse(strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, p := range Passages(content, "") {
		all.WriteString(" " + p.Heading + " " + p.Text)
	}
	for n := range root.Descendants() {
		if n.Type != html.TextNode {
			continue
		}
		for word := range strings.FieldsSeq(n.Data) {
			if !strings.Contains(all.String(), word) {
				t.Errorf("the word %q is in no passage of %q", word, all.String())
			}
		}
	}
}
