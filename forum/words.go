package forum

import (
	"html/template"
	"strings"

	"golang.org/x/net/html"
)

// Words is the text of a post's HTML on one line, its blocks kept apart.
func Words(text template.HTML) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(string(text)))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(strings.Fields(b.String()), " ")
		case html.TextToken:
			b.Write(z.Text())
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			if name, _ := z.TagName(); !inline(string(name)) {
				b.WriteByte(' ')
			}
		}
	}
}

func inline(tag string) bool {
	switch tag {
	case "a", "b", "code", "del", "em", "i", "s", "strong", "sub", "sup":
		return true
	}
	return false
}
