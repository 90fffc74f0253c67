package importer

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// heading is what the printed line of a heading says.
type heading struct {
	number string // "2.3"; empty for a heading without a number
	level  int    // 1 for a top heading; given when the sections are numbered
}

func (h heading) depth() int { return 1 + strings.Count(h.number, ".") }

var (
	numbered = regexp.MustCompile(`^(\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5})(\.|\))?\s+(\S.*)$`)
	leaders  = regexp.MustCompile(`(?:\.{4,}|(?:\s\.){4,}|…{2,})\s*\d{1,4}$`)
	contents = regexp.MustCompile(`^(?i)(table of )?contents|índice|contenido|sommaire|table des matières|inhoud(sopgave)?$`)
)

// maxHeading is the longest heading, in lines: longer ones are list items.
const maxHeading = 3

// dropContents takes out a table of contents: the site makes its own.
func dropContents(doc *Document, body []line) []line {
	kept := make([]line, 0, len(body))
	for i, l := range body {
		entry := leaders.MatchString(l.text)
		title := contents.MatchString(l.text) && i+1 < len(body) && leaders.MatchString(body[i+1].text)
		if entry || title {
			doc.Dropped = append(doc.Dropped, Dropped{l.no, l.text, "table of contents"})
			continue
		}
		kept = append(kept, l)
	}
	return kept
}

// chunk returns the lines up to the next empty one.
func chunk(lines []line) []line {
	for i := 1; i < len(lines); i++ {
		if lines[i].blank {
			return lines[:i]
		}
	}
	return lines
}

// numberedHeading recognises "2.3. Title" when it stands free, is no sentence
// and its number follows on the headings before it.
func (a *assembler) numberedHeading(lines []line) (heading, bool) {
	l := lines[0]
	m := numbered.FindStringSubmatch(l.text)
	if m == nil || !l.blank || startsLower(m[3]) || m[2] == ")" {
		return heading{}, false
	}
	whole := chunk(lines)
	if utf8.RuneCountInString(l.text)*100 < a.width*60 {
		whole = whole[:1] // a short line was not broken: text may follow without a gap
	}
	end := whole[len(whole)-1].text
	if len(whole) > maxHeading || len(whole) == len(lines) || strings.HasSuffix(end, ".") || strings.HasSuffix(end, ";") || strings.HasSuffix(end, ",") {
		return heading{}, false
	}
	h := heading{number: m[1]}
	step := follows(a.last, h)
	switch {
	case step == 0 || m[2] == "" && step != 1 && h.depth() == 1:
		a.report.add(Guessed, l.no, "%q begins with a number, but not the next heading's; it was kept as text", l.text)
		return heading{}, false
	case step > 1 && a.last.number == "":
		a.report.add(Guessed, l.no, "the headings begin with number %s", h.number)
	case step > 1:
		a.report.add(Guessed, l.no, "heading %s follows %s: a number is missing in the source, or a heading was not recognised", h.number, a.last.number)
	}
	return h, true
}

// follows tells by how many steps a heading's number follows the last one's: 1
// for the next, more for a gap, 0 when it does not follow.
func follows(last, this heading) int {
	const furthest = 4
	was, is := components(last.number), components(this.number)
	depth := len(is) - 1
	same := 0
	for same < len(was) && same < depth && was[same] == is[same] {
		same++
	}
	if same < min(depth, len(was)) || depth > len(was) && len(was) > 0 || depth > 1 && len(was) == 0 {
		return 0
	}
	before := 0
	if depth < len(was) {
		before = was[depth]
	}
	step := is[depth] - before
	if step < 1 || step > furthest {
		return 0
	}
	return step
}

func components(number string) []int {
	if number == "" {
		return nil
	}
	if n := roman(number); n > 0 {
		return []int{n}
	}
	var all []int
	for part := range strings.SplitSeq(number, ".") {
		n, _ := strconv.Atoi(part)
		all = append(all, n)
	}
	return all
}

// roman reads a Roman number made of I, V and X; 0 for anything else.
func roman(s string) int {
	value := map[byte]int{'I': 1, 'V': 5, 'X': 10}
	sum := 0
	for i := range len(s) {
		v, ok := value[s[i]]
		if !ok {
			return 0
		}
		if i+1 < len(s) && v < value[s[i+1]] {
			v = -v
		}
		sum += v
	}
	return sum
}

// bareHeading recognises a heading without a number: one short line between
// empty ones, no sentence, with text after it.
func (a *assembler) bareHeading(lines []line) bool {
	const longest, words = 80, 10
	if len(lines) < 2 || !lines[0].blank || !lines[1].blank {
		return false
	}
	l := lines[0].text
	r, _ := utf8.DecodeRuneInString(l)
	return unicode.IsUpper(r) && utf8.RuneCountInString(l) <= longest && len(strings.Fields(l)) <= words &&
		!endOfText.MatchString(l) && !strings.HasSuffix(l, ",") && !strings.HasSuffix(l, "-") &&
		!isStopWord(a.lang, l[strings.LastIndexByte(l, ' ')+1:]) &&
		!bulletMark.MatchString(l) && len(strings.Trim(l, "0123456789 -–/.,")) > 2
}

// demoteLists turns numbered headings that follow each other without any text
// between them into paragraphs: they are the items of a list.
func (a *assembler) demoteLists() {
	blocks := a.doc.Blocks
	isItem := func(i int) bool {
		return i >= 0 && i < len(blocks) && blocks[i].Kind == Heading && blocks[i].heading.number != ""
	}
	for i := 1; i+1 < len(blocks); i++ {
		if !isItem(i-1) || !isItem(i) || !isItem(i+1) {
			continue
		}
		d := blocks[i].heading.depth()
		if blocks[i-1].heading.depth() != d || blocks[i+1].heading.depth() != d {
			continue
		}
		first, last := i-1, i+1
		for isItem(last+1) && blocks[last+1].heading.depth() == d {
			last++
		}
		for j := first; j <= last; j++ {
			blocks[j].Kind, blocks[j].heading = Paragraph, heading{}
		}
		a.report.add(Guessed, blocks[first].Line, "%d numbered lines without text between them are a list, not headings", last-first+1)
	}
}
