package site

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// opened is an element that a walk through a page is in.
type opened struct {
	tag  string
	lang string
	mode int
	link bool
}

// cutPieces cuts a part of a page into its tokens. Every byte is in one piece.
func cutPieces(part []byte, lang string) []piece {
	z := html.NewTokenizer(bytes.NewReader(part))
	stack := []opened{{lang: lang}}
	var pieces []piece
	for {
		kind := z.Next()
		raw := bytes.Clone(z.Raw())
		if kind == html.ErrorToken {
			return pieces // the end, since a reader of bytes has no other error
		}
		top := stack[len(stack)-1]
		p := piece{raw: raw, lang: top.lang, site: lang, mode: top.mode, link: top.link}
		switch kind {
		case html.TextToken:
			p.text = true
		case html.StartTagToken:
			token := z.Token()
			p.block = isBlock(&html.Node{Type: html.ElementNode, DataAtom: token.DataAtom})
			if !isVoid(token.DataAtom) {
				stack = append(stack, top.enter(token))
			}
		case html.EndTagToken:
			token := z.Token()
			p.block = isBlock(&html.Node{Type: html.ElementNode, DataAtom: token.DataAtom})
			stack = leave(stack, token.Data)
		}
		pieces = append(pieces, p)
	}
}

// enter returns what holds inside an element.
func (o opened) enter(token html.Token) opened {
	next := opened{tag: token.Data, lang: o.lang, mode: o.mode, link: o.link || token.DataAtom == atom.A}
	mode := termsAdd
	switch {
	case slices.Contains(termsSkipped, token.Data):
		mode = termsOff
	case token.DataAtom == atom.Blockquote, token.DataAtom == atom.Q:
		mode = termsQuote
	}
	for _, a := range token.Attr {
		switch {
		case a.Key == "lang":
			next.lang = a.Val
		case a.Key == termsAttribute && a.Val == "off", a.Key == "hidden":
			mode = termsOff
		case a.Key == termsAttribute && a.Val == "quote", a.Key == "class" && slices.Contains(strings.Fields(a.Val), "footnotes"):
			mode = max(mode, termsQuote)
		case a.Key == "class" && slices.Contains(strings.Fields(a.Val), "footnote-ref"):
			mode = termsOff
		}
	}
	next.mode = max(o.mode, mode)
	return next
}

// leave closes the innermost open element of that name, and all inside it.
func leave(stack []opened, tag string) []opened {
	for i := len(stack) - 1; i > 0; i-- {
		if stack[i].tag == tag {
			return stack[:i]
		}
	}
	return stack
}

// isVoid tells whether an element has no end.
func isVoid(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}
