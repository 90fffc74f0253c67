package importer

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	bulletMark = regexp.MustCompile(`^[-–—•▪◦●○■□◆➢*·‣⁃]\s+(\S.*)$`)
	// endOfText matches what a finished paragraph ends in; a note's number may follow.
	endOfText = regexp.MustCompile(`[.!?:;…]["”’»)\]]*\s?[\d¹²³⁴-⁹⁰]{0,3}$`)
)

// readText is the reader for plain text as it comes out of a PDF.
func readText(doc *Document, data []byte, report *Report) error {
	text, err := decode(doc.Name, data, report)
	if err != nil {
		return err
	}
	body, notes := paginate(doc, text, report)
	body = dropContents(doc, body)
	lang, _, _ := vote(text)
	a := &assembler{
		doc: doc, report: report, lang: lang,
		join:  newJoiner(body, notes, report),
		width: usualWidth(body),
	}
	a.assemble(body)
	for _, n := range notes {
		doc.Notes = append(doc.Notes, Note{Number: n.number, Text: a.join.text(n.lines), Page: n.page, Line: n.lines[0].no})
	}
	return nil
}

// usualWidth is the length of a full line: nine lines of ten are shorter.
func usualWidth(body []line) int {
	widths := make([]int, 0, len(body))
	for _, l := range body {
		widths = append(widths, utf8.RuneCountInString(l.text))
	}
	if len(widths) == 0 {
		return 1
	}
	slices.Sort(widths)
	return max(1, widths[len(widths)*9/10])
}

// assembler makes blocks of lines.
type assembler struct {
	doc    *Document
	report *Report
	join   *joiner
	lang   string
	width  int

	kind    Kind
	current []line
	heading heading
	last    heading // the last numbered heading
}

func (a *assembler) assemble(body []line) {
	for i := a.front(body); i < len(body); i++ {
		a.take(body[i:])
	}
	a.flush()
	a.demoteLists()
}

// take puts the first of the lines where it belongs.
func (a *assembler) take(lines []line) {
	l := lines[0]
	if m := bulletMark.FindStringSubmatch(l.text); m != nil && !a.dashGoesOn(l, m[1]) {
		a.flush()
		l.text = m[1]
		a.start(Bullet, l)
		return
	}
	if h, ok := a.numberedHeading(lines); ok {
		a.flush()
		a.start(Heading, l)
		a.heading, a.last = h, h
		return
	}
	switch {
	case len(a.current) == 0:
		a.open(lines)
	case l.blank && !a.goesOn(lines), !l.blank && a.breaksHere(lines):
		a.flush()
		a.open(lines)
	default:
		a.current = append(a.current, l)
	}
}

func (a *assembler) start(kind Kind, l line) {
	a.kind, a.current = kind, []line{l}
}

// open starts a paragraph, or a heading that has no number.
func (a *assembler) open(lines []line) {
	if a.bareHeading(lines) {
		a.report.add(Guessed, lines[0].no, "%q is a heading: one short line between empty ones", lines[0].text)
		a.start(Heading, lines[0])
		a.heading = heading{}
		return
	}
	a.start(Paragraph, lines[0])
}

func (a *assembler) flush() {
	if len(a.current) == 0 {
		return
	}
	first, last := a.current[0], a.current[len(a.current)-1]
	b := Block{Kind: a.kind, Text: a.join.text(a.current), Page: first.page, PageEnd: last.page, Line: first.no}
	if a.kind == Heading {
		b.heading = a.heading
	}
	a.doc.Blocks = append(a.doc.Blocks, b)
	a.current = nil
}

// dashGoesOn tells whether a line that begins with a dash goes on with a
// sentence in which a dash is open: "in floods - also sudden ones\n- as well".
func (a *assembler) dashGoesOn(l line, rest string) bool {
	if len(a.current) == 0 || a.kind == Heading || l.blank || !startsLower(rest) {
		return false
	}
	open := 0
	for _, c := range a.current {
		open += strings.Count(" "+c.text+" ", " - ") + strings.Count(" "+c.text+" ", " – ")
	}
	if a.finished() || open%2 == 0 {
		return false
	}
	a.report.add(Guessed, l.no, "the dash at the start of the line closes the one before it; it is not a bullet")
	return true
}

func (a *assembler) lastLine() string { return a.current[len(a.current)-1].text }

func (a *assembler) finished() bool { return endOfText.MatchString(a.lastLine()) }

// full tells whether the next line's first word would not have fitted on this
// one: the line was broken for want of room, not because the text ended.
func (a *assembler) full(following string) bool {
	word, _, _ := strings.Cut(following, " ")
	return (utf8.RuneCountInString(a.lastLine())+1+utf8.RuneCountInString(word))*100 > a.width*92
}

// goesOn tells whether the current block goes on after an empty line.
func (a *assembler) goesOn(lines []line) bool {
	l, last := lines[0], a.lastLine()
	var why string
	switch word := last[strings.LastIndexByte(last, ' ')+1:]; {
	case a.kind == Heading || a.kind == TitleLine:
		return false
	case hyphenated(last), strings.HasSuffix(last, "\u00ad"):
		return true
	case a.finished():
		return false
	case startsLower(l.text):
		why = "it begins with a small letter"
	case strings.HasSuffix(last, ","), isStopWord(a.lang, word):
		why = "the line before it is not finished"
	case a.bareHeading(lines):
		return false
	case a.full(l.text):
		why = "the line before it is full and has no full stop"
	default:
		return false
	}
	if !l.brk {
		a.report.add(Guessed, l.no, "the %s goes on over an empty line: %s", a.name(), why)
	}
	return true
}

func (a *assembler) name() string {
	if a.kind == Bullet {
		return "bullet"
	}
	return "paragraph"
}

// breaksHere tells whether a new paragraph begins though no empty line says so.
func (a *assembler) breaksHere(lines []line) bool {
	l, length := lines[0], utf8.RuneCountInString(a.lastLine())
	switch {
	case a.kind == Heading:
		return length*100 < a.width*60 && !startsLower(l.text)
	case !a.finished() || startsLower(l.text):
		return false
	case l.brk:
		full := a.full(l.text)
		if full {
			a.report.add(Guessed, l.no, "the %s goes on over the page break: its last line is full", a.name())
		} else {
			a.report.add(Guessed, l.no, "a new paragraph begins with the page: the last line before it is short")
		}
		return !full
	case length*100 < a.width*60:
		a.report.add(Guessed, l.no, "a new paragraph begins here: the line before it is short and ends in a full stop")
		return true
	}
	return false
}

func startsLower(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}
