package forum

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMentionsLinkThoseWhoAreThere(t *testing.T) {
	there := func(m Mention) (string, bool) {
		switch {
		case m.Delegation == "BHS":
			return "/forum/delegations/BHS/", true
		case m.Secretariat:
			return "/forum/delegations/SEC/", true
		case m.Person == "Ana O'Brien":
			return "/forum/delegations/LCA/", true
		}
		return "", false
	}
	const bhs = `<a href="/forum/delegations/BHS/" rel="nofollow ugc noopener">@BHS</a>`
	for _, test := range []struct{ name, source, want string }{
		{"a delegation", "@BHS, please", "<p>" + bhs + ", please</p>\n"},
		{"one that is not there", "@XYZ", "<p>@XYZ</p>\n"},
		{"in a list, at the end", "- ask @BHS", "<ul>\n<li>ask " + bhs + "</li>\n</ul>\n"},
		{"the secretariat", "@Secretaría", `<p><a href="/forum/delegations/SEC/" rel="nofollow ugc noopener">@Secretaría</a></p>` + "\n"},
		{"a person", `@"Ana  O'Brien" knows`, `<p><a href="/forum/delegations/LCA/" rel="nofollow ugc noopener">@Ana O&#39;Brien</a> knows</p>` + "\n"},
		{"a person who is not there", `@"Ana Roe" knows`, "<p>@&#34;Ana Roe&#34; knows</p>\n"},
		{"within a word or an address", "a@BHS @BHSX @@BHS", "<p>a@BHS @BHSX @@BHS</p>\n"},
		{"in a quotation", "> @BHS", "<blockquote>\n<p>@BHS</p>\n</blockquote>\n"},
		{"as code", "`@BHS`", "<p><code>@BHS</code></p>\n"},
		{"in a link", "[@BHS](https://example.org)", `<p><a href="https://example.org" rel="nofollow ugc noopener">@BHS</a></p>` + "\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var list []Mention
			if diff := cmp.Diff(test.want, string(RenderWith(test.source, Once(there, &list)))); diff != "" {
				t.Errorf("RenderWith(%q) (-want +got):\n%s", test.source, diff)
			}
			if linked := strings.Contains(test.want, "delegations/"); linked != (len(list) == 1) {
				t.Errorf("RenderWith(%q) calls upon %v", test.source, list)
			}
			if strings.Contains(string(Render(test.source)), "delegations/") {
				t.Errorf("Render(%q) links somebody without being told whom", test.source)
			}
		})
	}
}

func TestAPostCallsUponABoundedNumber(t *testing.T) {
	asked := 0
	var list []Mention
	find := Once(func(Mention) (string, bool) { asked++; return "/x", true }, &list)
	var source strings.Builder
	for _, a := range "ABCDEFGHIJ" {
		for _, b := range "ABCDEFGHIJ" {
			source.WriteString("@" + string(a) + string(b) + " @" + string(a) + string(b) + "\n")
		}
	}
	RenderWith(source.String(), find)
	if asked != MaxMentions || len(list) != MaxMentions {
		t.Errorf("%d were looked for and %d found, want %d", asked, len(list), MaxMentions)
	}
}

func TestQuote(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"two paragraphs", "One.\n\nTwo.", "> [Ana \\[LCA\\]](/forum/posts/77):\n>\n> One.\n>\n> Two.\n\n"},
		{"without what it quotes", "> old\n\nNew.", "> [Ana \\[LCA\\]](/forum/posts/77):\n>\n> New.\n\n"},
		{"not all of a long text", strings.Repeat("word ", 400), "> [Ana \\[LCA\\]](/forum/posts/77):\n>\n> " + strings.Repeat("word ", 140) + "…\n\n"},
	} {
		if diff := cmp.Diff(test.want, Quote("Ana [LCA]", 77, test.body)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
