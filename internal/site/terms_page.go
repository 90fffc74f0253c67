package site

import (
	"bytes"
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	nethtml "golang.org/x/net/html"
)

// How the words of an element may be changed.
const (
	termsAdd   = iota // our own text: the expansion is added behind the acronym
	termsQuote        // somebody's words: they are kept, the acronym becomes a link
	termsOff          // left alone
)

// termsAttribute lets a template say that an element's words are quoted
// ("quote") or to be left alone ("off").
const termsAttribute = "data-terms"

// termsSkipped are the elements whose acronyms are names, code or controls.
var termsSkipped = []string{
	"a", "h1", "h2", "h3", "h4", "h5", "h6", "code", "pre", "script", "style", "template", "abbr", "cite", "nav", "form",
	"button", "label", "select", "textarea", "output", "svg", "dt", "table", "summary", "caption",
}

// piece is a token of a page's main part, as it was written.
type piece struct {
	raw        []byte
	text       bool
	block      bool // begins or ends a block of text
	link       bool // stands inside a link
	mode       int
	lang, site string // the language of the text, and of the site's page
}

// explain returns the page with each acronym spelled out at its first use in
// the main part, once in our own text and once in what is quoted there.
func (g *glossary) explain(page []byte) []byte {
	start := bytes.Index(page, []byte("<main"))
	end := bytes.LastIndex(page, []byte("</main>"))
	if start < 0 || end < start {
		return page
	}
	if found, _ := g.any.next(string(page[start:end]), 0); found < 0 {
		return page // most pages of a large site
	}
	pieces := cutPieces(page[start:end], pageLanguage(page))
	used := g.usedIn(pieces)
	if len(used) == 0 {
		return page
	}
	done := g.spelledOut(pieces, used)
	out := bytes.NewBuffer(make([]byte, 0, len(page)+4096))
	out.Write(page[:start])
	depth := 0 // open brackets of the block
	for _, p := range pieces {
		if p.block {
			depth = 0
		}
		if !g.explains(p) {
			out.Write(p.raw)
		} else {
			g.explainText(out, p, done, depth)
		}
		if p.text {
			depth += bytes.Count(p.raw, []byte("(")) - bytes.Count(p.raw, []byte(")"))
		}
	}
	out.Write(page[end:])
	return out.Bytes()
}

// explains tells whether acronyms are looked for in a piece.
func (g *glossary) explains(p piece) bool {
	return p.text && p.mode != termsOff && g.find[p.lang] != nil
}

// usedIn lists the ids of the terms that stand where they would be explained.
func (g *glossary) usedIn(pieces []piece) map[string]bool {
	used := map[string]bool{}
	for _, p := range pieces {
		if !g.explains(p) {
			continue
		}
		text, find := string(p.raw), g.find[p.lang]
		for begin, end := find.next(text, 0); begin >= 0; begin, end = find.next(text, end) {
			used[g.termOf(p.lang, text[begin:end]).id] = true
		}
	}
	return used
}

// explainText writes one run of text, with what is added to it.
func (g *glossary) explainText(out *bytes.Buffer, p piece, done map[string]bool, depth int) {
	text, last := string(p.raw), 0
	find := g.find[p.lang]
	for begin, end := find.next(text, 0); begin >= 0; begin, end = find.next(text, end) {
		t := g.termOf(p.lang, text[begin:end])
		key := t.key(p.mode)
		if done[key] {
			continue
		}
		done[key] = true
		rest := end
		for _, genitive := range []string{"’s", "'s", "&rsquo;s", "&#39;s"} {
			if strings.HasPrefix(text[rest:], genitive) {
				rest += len(genitive)
			}
		}
		before := text[:begin]
		inside := depth+strings.Count(before, "(")-strings.Count(before, ")") > 0
		out.WriteString(text[last:begin])
		g.writeTerm(out, p, t, text[begin:end], text[end:rest], inside)
		last = rest
	}
	out.WriteString(text[last:])
}

func (g *glossary) writeTerm(out *bytes.Buffer, p piece, t term, form, genitive string, inside bool) {
	name := html.EscapeString(t.name)
	word := form
	if p.mode == termsQuote {
		word = `<abbr title="` + name + `">` + form + `</abbr>`
	}
	if link := g.links[p.site+" "+t.id]; link != "" {
		word = `<a class="term" href="` + html.EscapeString(link) + `">` + word + `</a>`
	}
	out.WriteString(word + genitive)
	if p.mode == termsQuote {
		return
	}
	lang := ""
	if t.lang != p.lang {
		lang = ` lang="` + t.lang + `"`
	}
	open, shut := "(", ")"
	if inside {
		open, shut = "[", "]"
	}
	out.WriteString(` <span class="term-name"` + lang + `>` + open + name + shut + `</span>`)
}

// termOf returns the term of a form that was found.
func (g *glossary) termOf(lang, form string) term {
	for _, t := range g.terms[lang] {
		if slices.Contains(t.forms, form) {
			return t
		}
	}
	return term{}
}

func (t term) key(mode int) string {
	if mode == termsQuote {
		return "quoted " + t.id
	}
	return t.id
}

// spelledOut lists those of the used terms that the page's own words already
// explain, as in "refugee status determination (RSD)" or the other way round.
func (g *glossary) spelledOut(pieces []piece, used map[string]bool) map[string]bool {
	words := map[int]*strings.Builder{termsAdd: {}, termsQuote: {}}
	for _, p := range pieces {
		if p.text && !p.link && words[p.mode] != nil {
			words[p.mode].WriteString(html.UnescapeString(string(p.raw)))
		} else if p.text && !p.link {
			words[termsAdd].WriteString(html.UnescapeString(string(p.raw))) // headings say it too
		}
	}
	done := map[string]bool{}
	for mode, text := range words {
		page := strings.ToLower(squeeze(text.String()))
		for _, terms := range g.terms {
			for _, t := range terms {
				if used[t.id] && slices.ContainsFunc(t.said, func(said string) bool { return strings.Contains(page, said) }) {
					done[t.key(mode)] = true
				}
			}
		}
	}
	return done
}

// spellings are the ways in which a text says an acronym and its name together.
func (t term) spellings() []string {
	var said []string
	name := strings.ToLower(t.name)
	for _, form := range t.forms {
		form = strings.ToLower(form)
		said = append(said, name+" ("+form, form+" ("+name, name+", "+form)
	}
	return said
}

// wholeWord tells whether text[from:to] is a word: not a part of one, of a
// symbol such as CMC/2017/NS/3, of an address or of an amount.
func wholeWord(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	after, _ := utf8.DecodeRuneInString(text[to:])
	joins := func(r rune, marks string) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(marks, r)
	}
	return (from == 0 || !joins(before, "/-_.#@&")) && (to == len(text) || !joins(after, "/-_$@"))
}

// pageLanguage returns the language of the html element.
func pageLanguage(page []byte) string {
	z := nethtml.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case nethtml.ErrorToken:
			return ""
		case nethtml.StartTagToken:
			if t := z.Token(); t.Data == "html" {
				for _, a := range t.Attr {
					if a.Key == "lang" {
						return a.Val
					}
				}
				return ""
			}
		}
	}
}
