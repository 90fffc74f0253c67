package main

import (
	"bytes"
	"errors"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"cmc/internal/i18n"
)

// publicAddress splits a site's address into what stands before a link that the
// copy does not hold, and the path that the site's own links begin with.
func publicAddress(base string) (address, root string) {
	u, err := url.Parse(base)
	if err != nil {
		return "", ""
	}
	root = strings.TrimSuffix(u.Path, "/")
	if u.Host == "" {
		return "", root
	}
	return u.Scheme + "://" + u.Host + root, root
}

// link gives an address on a page of the copy a form that works from a folder.
// ok is false where nothing in the copy, nor a known address, answers it.
func (c *copyTree) link(page, address string) (relative string, ok bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" {
		return address, true // of another site, or a place on the same page
	}
	target := u.Path
	if strings.HasPrefix(target, "/") {
		target = "/" + strings.TrimPrefix(strings.TrimPrefix(target, c.root), "/")
	} else {
		here := &url.URL{Path: "/" + page}
		target = here.ResolveReference(&url.URL{Path: target}).Path
	}
	name := copyName(target)
	if !c.files[name] {
		if c.files[name+"/index.html"] {
			name += "/index.html"
		} else if c.base == "" {
			return "", false
		} else {
			return c.base + (&url.URL{Path: target, RawQuery: u.RawQuery, Fragment: u.Fragment}).String(), true
		}
	}
	up := strings.Repeat("../", strings.Count(page, "/"))
	return (&url.URL{Path: up + name, RawQuery: u.RawQuery, Fragment: u.Fragment}).String(), true
}

// linkAttributes hold one address each; data-root is where offline-search.js
// starts from.
var linkAttributes = []string{"href", "src", "action", "formaction", "poster", "data-root"}

// rewritePage makes a page's links relative and says on it of what day the
// copy is.
func (c *copyTree) rewritePage(name string, text []byte) ([]byte, error) {
	var out bytes.Buffer
	p := pageCopy{copyTree: c, name: name, lang: c.texts.Default()}
	in := html.NewTokenizer(bytes.NewReader(text))
	for {
		kind := in.Next()
		if kind == html.ErrorToken {
			if err := in.Err(); !errors.Is(err, io.EOF) {
				return nil, err
			}
			return out.Bytes(), nil
		}
		raw := bytes.Clone(in.Raw())
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			token := in.Token()
			if p.begin(&token) {
				out.WriteString(token.String())
			}
		case html.EndTagToken:
			out.WriteString(p.end(in.Token().Data, raw))
		default:
			if p.leaveOut == "" {
				out.Write(raw)
			}
		}
	}
}

// pageCopy is one page on its way into the copy.
type pageCopy struct {
	*copyTree
	name     string
	lang     *i18n.Language
	inText   bool   // inside a paragraph, where a word without its link still counts
	leaveOut string // the element that is being left out, "" for none; such elements do not nest
}

// begin takes a start tag; false leaves it out.
func (p *pageCopy) begin(token *html.Token) bool {
	switch {
	case p.leaveOut != "":
		return false
	case token.Data == "html":
		p.lang = p.texts.Language(attribute(*token, "lang"))
		// Tells scripts that no server answers them.
		token.Attr = append(token.Attr, html.Attribute{Key: "data-copy"})
	case token.Data == "p":
		p.inText = true
	case p.base == "" && hasClass(*token, "discuss"), hasClass(*token, "pack"):
		p.leaveOut = token.Data // only leads to the forum, or keeps what is in the folder already
		return false
	}
	return p.adapt(token)
}

// end takes an end tag and returns what stands for it.
func (p *pageCopy) end(name string, raw []byte) string {
	switch {
	case p.leaveOut == name:
		p.leaveOut = ""
		return ""
	case p.leaveOut != "":
		return ""
	case name == "p":
		p.inText = false
	case name == "main":
		note := p.lang.T("export_copy", "Date", p.lang.Date(p.day))
		return `<p class="wrap meta">` + html.EscapeString(note) + "</p></main>"
	}
	return string(raw)
}

// adapt changes one element for the copy; false leaves it out.
func (p *pageCopy) adapt(token *html.Token) bool {
	if token.Data == "link" && attribute(*token, "rel") == "manifest" {
		return false // browsers refuse one from a folder
	}
	if token.Data == "meta" && attribute(*token, "name") == "kept-copy" {
		return false // starts a worker, which has no place in a folder
	}
	if token.Data == "meta" && strings.HasPrefix(attribute(*token, "property"), "og:image") {
		return false // nobody shares a link to a file
	}
	isModule := token.Data == "script" && attribute(*token, "type") == "module"
	lost := false
	kept := make([]html.Attribute, 0, len(token.Attr)+1)
	for _, a := range token.Attr {
		switch {
		case slices.Contains(linkAttributes, a.Key):
			address, ok := p.link(p.name, a.Val)
			if !ok {
				lost = true
				continue
			}
			a.Val = address
		case a.Key == "content" && strings.EqualFold(attribute(*token, "http-equiv"), "refresh"):
			if wait, address, ok := strings.Cut(a.Val, "url="); ok {
				address, _ = p.link(p.name, address)
				a.Val = wait + "url=" + address
			}
		case a.Key == "integrity":
			continue // browsers refuse to check a file's sum
		case isModule && a.Key == "type":
			a = html.Attribute{Key: "defer"} // nor do they load a module from a folder
		}
		kept = append(kept, a)
	}
	token.Attr = kept
	if lost && token.Data != "a" {
		return token.Data != "link"
	}
	if lost && (!p.inText || hasClass(*token, "button")) {
		token.Attr = append(token.Attr, html.Attribute{Key: "hidden"})
	}
	return true
}

func attribute(token html.Token, name string) string {
	for _, a := range token.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasClass(token html.Token, class string) bool {
	return slices.Contains(strings.Fields(attribute(token, "class")), class)
}

var stylesURL = regexp.MustCompile(`url\(\s*["']?(/[^"')\s]+)["']?\s*\)`)

// rewriteStyles makes the addresses in a style sheet relative to it.
func (c *copyTree) rewriteStyles(name string, text []byte) []byte {
	return stylesURL.ReplaceAllFunc(text, func(match []byte) []byte {
		address := string(stylesURL.FindSubmatch(match)[1])
		if relative, ok := c.link(name, address); ok {
			return []byte("url(" + relative + ")")
		}
		return match
	})
}
