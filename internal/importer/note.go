package importer

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tieNotes finds for each note the place in the text that refers to it, takes
// the number out of the words and remembers the place.
func tieNotes(doc *Document, report *Report) {
	from := 0 // references come in the order of the notes
	for i := range doc.Notes {
		n := &doc.Notes[i]
		at, pos, size := findRef(doc, n, from)
		if at < 0 {
			at = lastOnPage(doc, n.Page)
			if at < 0 {
				report.add(Person, n.Line, "footnote %d stands alone: there is no text to refer to it", n.Number)
				continue
			}
			report.add(Person, n.Line, "footnote %d has no reference in the text; it was tied to the end of %s", n.Number, doc.Blocks[at].ID)
			pos, size = len(doc.Blocks[at].Text), 0
		}
		b := &doc.Blocks[at]
		b.Text = b.Text[:pos] + b.Text[pos+size:]
		b.Refs = append(b.Refs, Ref{At: pos, Note: i})
		n.Block = b.ID
		from = at
	}
}

// findRef looks on the note's own page first.
func findRef(doc *Document, n *Note, from int) (at, pos, size int) {
	for _, near := range []int{0, 1} {
		for i := from; i < len(doc.Blocks); i++ {
			b := &doc.Blocks[i]
			if b.Kind == TitleLine && near == 0 && n.Page > 1 || b.Page > n.Page+near || b.PageEnd < n.Page-near {
				continue
			}
			start := 0
			if len(b.Refs) > 0 {
				start = b.Refs[len(b.Refs)-1].At
			}
			if pos, size := refIn(b.Text, start, n.Number); size > 0 {
				return i, pos, size
			}
		}
	}
	return -1, 0, 0
}

// refIn finds a note's number in a text: raised, in square brackets, glued to a
// word in small letters or to the punctuation after one, or apart after the
// last full stop.
func refIn(text string, start, number int) (pos, size int) {
	plain := strconv.Itoa(number)
	for _, form := range []string{raised(plain), "[" + plain + "]"} {
		if i := strings.Index(text[start:], form); i >= 0 {
			return start + i, len(form)
		}
	}
	for i := start; i < len(text); i++ {
		if strings.HasPrefix(text[i:], plain) && glued(text[:i]) && ends(text[i+len(plain):]) {
			return i, len(plain)
		}
	}
	end := strings.TrimSuffix(text, " "+plain)
	if end != text && len(end) >= start && endOfText.MatchString(end) && !strings.HasSuffix(end, ":") {
		return len(end), len(plain) + 1
	}
	return 0, 0
}

func glued(before string) bool {
	r, size := utf8.DecodeLastRuneInString(before)
	if unicode.IsLower(r) {
		// "covid19" and "par-2" are words: the letters before must be a word of two or more
		p, _ := utf8.DecodeLastRuneInString(before[:len(before)-size])
		return unicode.IsLetter(p)
	}
	if !strings.ContainsRune(`.,;:!?”’"»)`, r) {
		return false
	}
	p, _ := utf8.DecodeLastRuneInString(before[:len(before)-size])
	return unicode.IsLetter(p) || strings.ContainsRune(`.”’"»)%`, p)
}

func ends(after string) bool {
	r, _ := utf8.DecodeRuneInString(after)
	return after == "" || unicode.IsSpace(r) || strings.ContainsRune(".,;:!?)”’»", r)
}

func raised(number string) string {
	const marks = "⁰¹²³⁴⁵⁶⁷⁸⁹"
	all := []rune(marks)
	var b strings.Builder
	for _, d := range number {
		b.WriteRune(all[d-'0'])
	}
	return b.String()
}

func lastOnPage(doc *Document, page int) int {
	last := -1
	for i, b := range doc.Blocks {
		if b.Page <= page && b.Kind != Heading {
			last = i
		}
	}
	return last
}
