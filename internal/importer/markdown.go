package importer

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	orderedMark = regexp.MustCompile(`^\d{1,9}[.)]`)
	emojiMark   = regexp.MustCompile(`^:[a-zA-Z0-9_+-]+:`)
)

// reportText is the whole report in Markdown. Every block carries its id and
// page; it shows exactly the words of the document, whatever typographic
// extensions the site has switched on.
func reportText(doc *Document) string {
	var b strings.Builder
	for i, block := range doc.Blocks {
		if i > 0 {
			b.WriteByte('\n')
		}
		lone := block.Kind == Bullet && !isBullet(doc, i-1) && !isBullet(doc, i+1)
		writeBlock(&b, doc, block, lone)
	}
	for i := range doc.Notes {
		writeNote(&b, doc, i)
	}
	return b.String()
}

func isBullet(doc *Document, i int) bool {
	return i >= 0 && i < len(doc.Blocks) && doc.Blocks[i].Kind == Bullet
}

// recommendationText is the adopted text of one recommendation, with its notes.
func recommendationText(doc *Document, r Recommendation) string {
	block := *doc.block(r.Block)
	block.Kind = Paragraph
	var b strings.Builder
	writeBlock(&b, doc, block, false)
	for _, ref := range block.Refs {
		writeNote(&b, doc, ref.Note)
	}
	return b.String()
}

// writeBlock writes a block and its attributes. Bullets are one list, with the
// attributes on the paragraph in each item. The only bullet of a list becomes a
// tight item, which has no paragraph: then the list carries them.
func writeBlock(b *strings.Builder, doc *Document, block Block, lone bool) {
	text, attributes := markdown(doc, block), attributes(block)
	switch {
	case block.Kind == Heading:
		fmt.Fprintf(b, "%s %s %s\n", strings.Repeat("#", min(block.heading.level+1, 6)), text, attributes)
	case block.Kind == Bullet && !lone:
		fmt.Fprintf(b, "- %s\n  %s\n", text, attributes)
	case block.Kind == Bullet:
		fmt.Fprintf(b, "- %s\n%s\n", text, attributes)
	default:
		fmt.Fprintf(b, "%s\n%s\n", text, attributes)
	}
}

func attributes(block Block) string {
	s := fmt.Sprintf(`id="%s" data-page="%d"`, block.ID, block.Page)
	if block.PageEnd > block.Page {
		s += fmt.Sprintf(` data-page-end="%d"`, block.PageEnd)
	}
	if block.Kind == TitleLine {
		s += ` class="title-line"`
	}
	return "{" + s + "}"
}

func writeNote(b *strings.Builder, doc *Document, i int) {
	fmt.Fprintf(b, "\n[^%s]: %s\n", label(doc, i), escape(doc.Notes[i].Text))
}

// label names a note by its printed number, or by its place in the document
// when the numbers begin anew.
func label(doc *Document, i int) string {
	for j, n := range doc.Notes {
		if j != i && n.Number == doc.Notes[i].Number {
			return fmt.Sprintf("%d-%d", doc.Notes[i].Number, i+1)
		}
	}
	return fmt.Sprint(doc.Notes[i].Number)
}

// markdown escapes a block's text and puts in the references to its notes.
func markdown(doc *Document, block Block) string {
	var b strings.Builder
	from := 0
	for _, ref := range block.Refs {
		b.WriteString(escapeFrom(block.Text[from:ref.At], from == 0))
		fmt.Fprintf(&b, "[^%s]", label(doc, ref.Note))
		from = ref.At
	}
	rest := escapeFrom(block.Text[from:], from == 0 && len(block.Refs) == 0)
	if len(block.Refs) > 0 && strings.HasPrefix(rest, ":") {
		rest = `\` + rest // "[^1]:" would define a note
	}
	b.WriteString(rest)
	return b.String()
}

func escape(text string) string { return escapeFrom(text, true) }

// escapeFrom escapes what Markdown, Hugo and their usual extensions would
// change. Addresses become links that show themselves. start tells whether the
// text opens a block, where more marks have a meaning.
func escapeFrom(text string, start bool) string {
	var b strings.Builder
	for text != "" {
		at := anyURL.FindStringIndex(text)
		if at == nil {
			break
		}
		url := trimURL(text[at[0]:at[1]])
		b.WriteString(escapeWords(text[:at[0]], start))
		if strings.ContainsAny(url, "<>{}`\\\"") {
			b.WriteString(escapeWords(url, false))
		} else {
			b.WriteString("<" + url + ">")
		}
		text, start = text[at[0]+len(url):], false
	}
	b.WriteString(escapeWords(text, start))
	return b.String()
}

// trimURL leaves the punctuation of the sentence outside the address.
func trimURL(url string) string {
	url = strings.TrimRight(url, ".,;:!?”’\"'»]>")
	if strings.HasSuffix(url, ")") && !strings.Contains(url, "(") {
		url = strings.TrimRight(url, ").,;:")
	}
	return url
}

func escapeWords(s string, start bool) string {
	const always = "\\`*_{}[]<>&~$^|\"'"
	const doubled = ".-=+:!"
	var b strings.Builder
	if start {
		if mark := orderedMark.FindString(s); mark != "" {
			b.WriteString(mark[:len(mark)-1] + `\` + mark[len(mark)-1:])
			s, start = s[len(mark):], false
		}
	}
	for i := range len(s) {
		c := s[i]
		twin := i+1 < len(s) && s[i+1] == c || i > 0 && s[i-1] == c
		switch {
		case strings.IndexByte(always, c) >= 0,
			i == 0 && start && strings.IndexByte("#+-=:%", c) >= 0,
			twin && strings.IndexByte(doubled, c) >= 0,
			c == '#' && (i == len(s)-1 || s[i+1] == ' ' || twin),
			c == ':' && emojiMark.MatchString(s[i:]):
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}
