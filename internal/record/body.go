package record

import (
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

type bodyLine struct {
	no   int
	text string
}

var (
	inlineLink = regexp.MustCompile(`(?:^|[^\\])\]\(\s*<?([^)>\s]+)`)
	linkTarget = regexp.MustCompile(`^ {0,3}\[[^\]^][^\]]*\]:\s*<?([^>\s]+)`)
	noteUse    = regexp.MustCompile(`(?:^|[^\\])\[\^([^\]]+)\](:?)`)
	codeSpan   = regexp.MustCompile("`[^`]*`")
)

// bodyLines returns the lines of a body without code, which is shown as it is.
func bodyLines(p *Page) []bodyLine {
	var lines []bodyLine
	fence := ""
	no := p.BodyLine
	for l := range strings.SplitSeq(p.Body, "\n") {
		trimmed := strings.TrimSpace(l)
		switch {
		case fence != "" && strings.HasPrefix(trimmed, fence):
			fence = ""
		case fence != "":
		case strings.HasPrefix(trimmed, "```"), strings.HasPrefix(trimmed, "~~~"):
			fence = trimmed[:3]
		default:
			lines = append(lines, bodyLine{no, codeSpan.ReplaceAllString(strings.TrimSuffix(l, "\r"), "")})
		}
		no++
	}
	return lines
}

// checkBody looks at the ids, links and notes of a text.
func (c *checker) checkBody(p *Page) {
	ids := map[string]int{}
	used, defined := map[string]int{}, map[string]int{}
	for _, l := range bodyLines(p) {
		for _, id := range ownIDs(l.text) {
			if first, twice := ids[id]; twice {
				c.add(p.File, l.no, "the id %q stands on line %d already; ids are permanent addresses: give this one another", id, first)
			} else {
				ids[id] = l.no
			}
		}
		for _, form := range []*regexp.Regexp{inlineLink, linkTarget} {
			for _, m := range form.FindAllStringSubmatch(l.text, -1) {
				c.checkLink(p, l.no, m[1])
			}
		}
		for _, m := range noteUse.FindAllStringSubmatch(l.text, -1) {
			if m[2] == ":" && strings.HasPrefix(l.text, "[^") {
				defined[m[1]] = l.no
			} else if used[m[1]] == 0 {
				used[m[1]] = l.no
			}
		}
	}
	for name, line := range used {
		if defined[name] == 0 {
			c.add(p.File, line, "footnote [^%s] is used but not written; add a line [^%s]: … at the end", name, name)
		}
	}
	for name, line := range defined {
		if used[name] == 0 {
			c.add(p.File, line, "footnote [^%s] is written but not used, and the site would leave it out; put [^%s] where it belongs in the text", name, name)
		}
	}
}

// checkLink proves that a link of our own leads somewhere.
func (c *checker) checkLink(p *Page, line int, target string) {
	u, err := url.Parse(target)
	if err != nil {
		c.add(p.File, line, "the link %q is not a valid address; correct it", target)
		return
	}
	switch {
	case u.Scheme == "http" || u.Scheme == "https":
		if u.Host == "" {
			c.add(p.File, line, "the link %q has no name of a site after https://; write the whole address", target)
		}
		return
	case u.Scheme == "mailto" || u.Scheme == "tel":
		return
	case u.Scheme != "":
		c.add(p.File, line, "the link %q begins with %s:, which is not allowed; use https:// or a path of this site", target, u.Scheme)
		return
	case strings.Contains(target, "{{"):
		return // a shortcode: the build checks it
	}
	where := p.URL()
	if u.Path != "" {
		where = c.resolve(p, u.Path)
	}
	ids, page := c.known.anchors[where]
	switch {
	case dynamic(where):
	case !page && !c.exists(p, u.Path):
		c.add(p.File, line, "the link %q leads nowhere: no page and no file has this address; correct it, or add what is missing", target)
	case page && c.known.drafts[where] && !p.Draft:
		c.add(p.File, line, "the link %q leads to a page that readers will not find, since it is a draft or under embargo; publish it first, or take the link out", target)
	case page && u.Fragment != "" && !ids[u.Fragment] && !strings.HasPrefix(u.Fragment, "fn"):
		c.add(p.File, line, "the link %q: the page has no place #%s; correct it", target, u.Fragment)
	}
}

// resolve makes a link's path absolute and takes the language from its front.
func (c *checker) resolve(p *Page, link string) string {
	if !strings.HasPrefix(link, "/") {
		link = p.URL() + link
	}
	slash := strings.HasSuffix(link, "/")
	link = path.Clean(link)
	if lang, rest, _ := strings.Cut(strings.TrimPrefix(link, "/"), "/"); c.known.languages[lang] {
		link = "/" + rest
	}
	if link != "/" && (slash || path.Ext(path.Base(link)) == "") {
		link += "/"
	}
	return link
}

// dynamic tells which addresses the program answers, not a page.
func dynamic(where string) bool {
	for _, prefix := range []string{"/search/", "/api/", "/forum/", "/account/", "/desk/", "/data/"} {
		if strings.HasPrefix(where, prefix) {
			return true
		}
	}
	switch where {
	case "/sitemap.xml", "/index.xml", "/oai.xml", "/opensearch.xml", "/feed.json", "/meetings/index.ics", "/healthz/", "/readyz/":
		return true
	}
	return false
}

// exists finds a file that the site publishes as it is.
func (c *checker) exists(p *Page, link string) bool {
	for _, name := range []string{
		filepath.Join(c.root, "static", filepath.FromSlash(link)),
		filepath.Join(c.root, filepath.FromSlash(path.Dir(p.File)), filepath.FromSlash(link)),
	} {
		if info, err := os.Stat(name); err == nil && !info.IsDir() {
			return true
		}
	}
	return false
}
