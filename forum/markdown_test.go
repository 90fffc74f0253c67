package forum

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

func TestRender(t *testing.T) {
	const rel = ` rel="nofollow ugc noopener"`
	for _, test := range []struct{ name, in, want string }{
		{"a paragraph", "Hello *you*", "<p>Hello <em>you</em></p>\n"},
		{"a line end is kept, as in a mail", "one\ntwo", "<p>one<br>\ntwo</p>\n"},
		{"headings go below those of the page", "# A\n\n### B", "<h4>A</h4>\n<h6>B</h6>\n"},
		{"a link is marked", "[a](https://example.org/)", `<p><a href="https://example.org/"` + rel + `>a</a></p>` + "\n"},
		{"a bare address becomes a link", "https://example.org/x", `<p><a href="https://example.org/x"` + rel + `>https://example.org/x</a></p>` + "\n"},
		{"a link within the site", "[a](/practices/rrtm/#par-1)", `<p><a href="/practices/rrtm/#par-1"` + rel + `>a</a></p>` + "\n"},
		{"an image is not loaded", "![a map](https://example.org/m.png)", `<p><a href="https://example.org/m.png"` + rel + `>a map</a></p>` + "\n"},
		{"an image without a description", "![](https://example.org/m.png)", `<p><a href="https://example.org/m.png"` + rel + `>https://example.org/m.png</a></p>` + "\n"},
		{"an image in a link leaves its description", "[![a map](m.png)](https://example.org/)", `<p><a href="https://example.org/"` + rel + `>a map</a></p>` + "\n"},
		{"a table", "|a|b|\n|:-:|-|\n|1|2|", "<table>\n<thead>\n<tr>\n<th class=\"align-center\">a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td class=\"align-center\">1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n"},
		{"a list that starts at seven", "7. a\n8. b", "<ol start=\"7\">\n<li>a</li>\n<li>b</li>\n</ol>\n"},
		{"raw HTML is shown as it was typed", "a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n"},
		{"a script is shown as it was typed", "<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"},
		{"an id cannot be given", "# A {#main}", "<h4>A {#main}</h4>\n"},
		{"code is shown as it is", "`<script>`", "<p><code>&lt;script&gt;</code></p>\n"},
		{"words are kept in every script", "Grüße, 你好, مرحبا", "<p>Grüße, 你好, مرحبا</p>\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := string(Render(test.in)); got != test.want {
				t.Errorf("Render(%q) =\n%q, want\n%q", test.in, got, test.want)
			}
		})
	}
}

// TestRenderDefusesWhatStrangersWrite lists ways in which a text became a
// program elsewhere. What must not be left is checked on the parsed result.
func TestRenderDefusesWhatStrangersWrite(t *testing.T) {
	for _, in := range []string{
		`[a](javascript:alert(1))`, `[a](JaVaScRiPt:alert(1))`, `[a](java&#115;cript:alert(1))`,
		"[a](java\tscript:alert(1))", "[a](\x01javascript:alert(1))", `[a](  javascript:alert(1))`,
		`[a](&#x6A;avascript:alert(1))`, `[a](data:text/html;base64,PHNjcmlwdD4=)`, `[a](vbscript:x)`,
		`[a](https://example.org "x\" onclick=\"alert(1)")`, `[a](<javascript:alert(1)>)`,
		`<javascript:alert(1)>`, `![x](javascript:alert(1))`, `![x" onerror="alert(1)](x)`,
		"[a]\n\n[a]: javascript:alert(1)", `<img src=x onerror=alert(1)>`, `<svg/onload=alert(1)>`,
		`<a href="javascript:alert(1)">x</a>`, `<iframe srcdoc="<script>alert(1)</script>">`,
		`<style>@import url(//x)</style>`, `<math><mtext></p><style><img src onerror=alert(1)>`,
		"<!--><img src=x onerror=alert(1)>-->", "```\"><img src=x onerror=alert(1)>\nx\n```",
		"~~~ ><script>alert(1)</script>\nx\n~~~", `<form action=//x><input name=id></form>`,
		`<p id=main class=site-header style=position:fixed>x`, `<base href=//x>`, `<meta http-equiv=refresh content=0>`,
		"| a |\n|-|\n| <img src=x onerror=alert(1)> |", `[a](//x\@y "<script>")`, "<x/\x00onclick=alert(1)>",
		`&lt;script&gt;alert(1)&lt;/script&gt;`, `\<script\>alert(1)\</script\>`, `<<script>script>alert(1)<</script>/script>`,
		`[a](tel:1)`, `[a](file:///etc/passwd)`, `[a](blob:x)`, `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	} {
		if fault := dangerous(string(Render(in))); fault != "" {
			t.Errorf("Render(%q) = %q: %s", in, Render(in), fault)
		}
	}
	for _, bad := range []string{`<a href="javascript:x">`, `<p onclick=x>`, `<script>`, `<p id=x>`} {
		if dangerous(bad) == "" {
			t.Errorf("the check finds nothing in %q, so it proves nothing", bad)
		}
	}
}

// dangerous parses HTML as a browser does and names the first thing in it that
// no post may hold.
func dangerous(fragment string) string {
	doc, err := html.Parse(strings.NewReader("<!doctype html><body>" + fragment))
	if err != nil {
		return err.Error()
	}
	const elements = " html head body p br hr em strong del blockquote pre code ul ol li h4 h5 h6 table thead tbody tr th td a "
	for n := range doc.Descendants() {
		if n.Type == html.CommentNode {
			return "a comment"
		}
		if n.Type != html.ElementNode {
			continue
		}
		if !strings.Contains(elements, " "+n.Data+" ") {
			return "the element " + n.Data
		}
		for _, a := range n.Attr {
			switch a.Key {
			case "class", "start", "rel":
			case "href":
				scheme, _, found := strings.Cut(a.Val, ":")
				before := strings.ContainsAny(scheme, "/?#")
				if found && !before && scheme != "http" && scheme != "https" && scheme != "mailto" {
					return "the address " + a.Val
				}
			default:
				return "the attribute " + a.Key
			}
		}
	}
	return ""
}

func TestStoredHTMLOfAnOlderRendererIsMadeAgain(t *testing.T) {
	if got := Stored("a", "<p>old</p>", RenderVersion); got != "<p>old</p>" {
		t.Errorf("Stored of this version = %q, want it as it was", got)
	}
	if got := Stored("a", "<script>", RenderVersion-1); got != "<p>a</p>\n" {
		t.Errorf("Stored of an older version = %q, want it rendered again", got)
	}
}

// TestRenderIsBounded holds texts that made Markdown renderers think for
// minutes or answer with megabytes. The time is generous, for slow machines.
func TestRenderIsBounded(t *testing.T) {
	for _, piece := range []string{
		">", "> ", "1. ", "- > ", "* 1) ", "[", "![", "*", "_", "`", "<", "[a](", "* a\n", "- ", "|", "a\n> ", "~~", "&", "](", "**a ", "\\", "<!--", "[]: ",
	} {
		text := strings.Repeat(piece, MaxBody/len(piece))
		begun := time.Now()
		size := len(Render(text))
		if took := time.Since(begun); took > 30*time.Second {
			t.Errorf("Render of %q %d times took %s", piece, MaxBody/len(piece), took)
		} else if took > 200*time.Millisecond {
			t.Logf("%q: %s", piece, took)
		}
		if size > 12*MaxBody {
			t.Errorf("Render of %q %d times made %d bytes", piece, MaxBody/len(piece), size)
		}
	}
}

func TestOnlySoManyQuotationsNest(t *testing.T) {
	html := string(Render(strings.Repeat(">", 40) + " deep"))
	if n := strings.Count(html, "<blockquote>"); n != maxNesting || !strings.Contains(html, strings.Repeat("&gt;", 40-maxNesting)+" deep") {
		t.Errorf("40 signs made %d quotations: %s", n, html)
	}
	if html := string(Render(strings.Repeat("- ", 40))); html != "<hr>\n" {
		t.Errorf("a rule became %q", html)
	}
}

func FuzzRender(f *testing.F) {
	for _, seed := range []string{"# a\n[b](javascript:x)", "![a](b)\n|a|\n|-|", "<a onclick=x>", "`\x00`", "[a]: <b\n> 1. c", `*@"<b>" _@AB* @secretariat `} {
		f.Add(seed)
	}
	everybody := func(Mention) (string, bool) { return "/forum/delegations/AB/", true }
	f.Fuzz(func(t *testing.T, in string) {
		if fault := dangerous(string(RenderWith(in, everybody))); fault != "" {
			t.Errorf("RenderWith(%q) = %q: %s", in, RenderWith(in, everybody), fault)
		}
		if fault := dangerous(string(Render(Quote(in, 1, in)))); fault != "" {
			t.Errorf("Render of a quotation of %q: %s", in, fault)
		}
		if fault := dangerous(string(Render(in))); fault != "" {
			t.Errorf("Render(%q) = %q: %s", in, Render(in), fault)
		}
	})
}
