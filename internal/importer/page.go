package importer

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// line is a line of the source with what its surroundings tell about it.
type line struct {
	no    int
	text  string // cleaned, without spaces around it
	page  int
	blank bool // an empty line, or the end of a page's notes, stands before it
	brk   bool // first line of a page
	alone bool // an empty line follows
}

var (
	loneNumber = regexp.MustCompile(`^(?i)[-–—\[(|\s]*(?:page|página|pagina|pág\.?|p\.)?\s*(\d{1,4})(?:\s*(?:/|of|de|sur|van)\s*\d{1,4})?[-–—\])|\s]*$`)
	noteStart  = regexp.MustCompile(`^\[?(\d{1,3})[\].)]?\s+(\S.*)$`)
	drawnRule  = regexp.MustCompile(`^\s*(?:_{5,}|-{5,}|—{3,}|─{3,})\s*$`)
	anyURL     = regexp.MustCompile(`https?://\S+`)
)

// spaceRule is how many spaces alone on a line stand for the rule that a page
// draws above its notes.
const spaceRule = 20

// pager walks the lines of a file and sorts them into body, notes and what
// belongs to the page alone.
type pager struct {
	doc    *Document
	report *Report
	spaces bool // one leading space marks a page break in this file

	page     int
	fresh    bool // nothing has been seen on this page yet
	ended    bool // a page number at the foot was seen: the next text opens a page
	inNotes  bool
	afterGap bool
	body     []line
	notes    []noteLines
}

type noteLines struct {
	number, page int
	lines        []line
}

// paginate splits a text into the lines of the body and those of the notes.
func paginate(doc *Document, text string, report *Report) ([]line, []noteLines) {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\v", "\n").Replace(text)
	raw := strings.Split(text, "\n")
	p := &pager{doc: doc, report: report, page: 1, fresh: true, spaces: marksPages(text, raw)}
	following := followers(raw)
	for i, s := range raw {
		for j, part := range strings.Split(s, "\f") {
			if j > 0 {
				p.turn()
			}
			p.take(i+1, part, following[i])
		}
	}
	doc.Pages = p.page
	return dropRunningHeads(doc, p.body), p.notes
}

// marksPages tells whether single leading spaces are the marks of page breaks:
// there are no form feeds, and such lines are rare among flush ones.
func marksPages(text string, raw []string) bool {
	if strings.Contains(text, "\f") {
		return false
	}
	var marked, filled, deeper int
	for _, s := range raw {
		if strings.TrimSpace(s) == "" {
			continue
		}
		filled++
		switch indent := len(s) - len(strings.TrimLeft(s, " ")); {
		case indent == 1:
			marked++
		case indent > 1:
			deeper++
		}
	}
	return marked*4 <= filled && deeper*5 <= filled || marked == 1
}

// followers gives for each line the next one that is not empty, cleaned.
func followers(raw []string) []string {
	all := make([]string, len(raw))
	for i := len(raw) - 2; i >= 0; i-- {
		if all[i] = clean(raw[i+1]); all[i] == "" {
			all[i] = all[i+1]
		}
	}
	return all
}

// turn opens a new page, unless the one that is open is still empty.
func (p *pager) turn() {
	if p.fresh && p.page == 1 && len(p.body) == 0 && len(p.notes) == 0 {
		return
	}
	p.page++
	p.fresh, p.ended, p.inNotes = true, false, false
}

func (p *pager) take(no int, raw, following string) {
	text := clean(raw)
	if text == "" || drawnRule.MatchString(raw) {
		p.gap(raw, following)
		return
	}
	marked := p.spaces && strings.HasPrefix(raw, " ") && !strings.HasPrefix(raw, "  ")
	if marked && !p.fresh {
		p.turn()
	}
	if p.pageNumber(no, text, following) {
		return
	}
	if p.ended {
		p.turn()
	}
	if p.inNotes && p.note(no, text) {
		return
	}
	if len(p.body) > 0 && p.afterGap {
		p.body[len(p.body)-1].alone = true
	}
	p.body = append(p.body, line{no: no, text: text, page: p.page, blank: p.afterGap || len(p.body) == 0, brk: p.fresh && p.page > 1})
	p.fresh, p.afterGap = false, false
}

// gap takes an empty line; a wide one above a numbered line opens the notes.
func (p *pager) gap(raw, following string) {
	p.afterGap = true
	m := noteStart.FindStringSubmatch(following)
	if m == nil || p.inNotes {
		return
	}
	if n, _ := strconv.Atoi(m[1]); n != p.lastNote()+1 && n != 1 {
		return
	}
	if drawnRule.MatchString(raw) || len(raw) >= spaceRule {
		p.inNotes = true
	}
}

func (p *pager) lastNote() int {
	if len(p.notes) == 0 {
		return 0
	}
	return p.notes[len(p.notes)-1].number
}

// pageNumber takes a line that holds nothing but the number of this page or of
// the next.
func (p *pager) pageNumber(no int, text, following string) bool {
	m := loneNumber.FindStringSubmatch(text)
	if m == nil || !p.fresh && !p.afterGap && following != "" {
		return false
	}
	n, _ := strconv.Atoi(m[1])
	switch {
	case n == p.page && p.fresh: // at the head
	case n == p.page && !p.ended: // at the foot
		p.ended, p.inNotes = true, false
	case n == p.page+1:
		p.turn()
	default:
		p.report.add(Person, no, "%q stands alone like a page number, but the page is the %dth by count; it was kept as text", text, p.page)
		return false
	}
	p.doc.Dropped = append(p.doc.Dropped, Dropped{no, text, "page number"})
	p.afterGap = true
	return true
}

// note takes a line of a footnote; it returns false when the line is body text
// of the next page.
func (p *pager) note(no int, text string) bool {
	if m := noteStart.FindStringSubmatch(text); m != nil {
		if n, _ := strconv.Atoi(m[1]); n == p.lastNote()+1 || n == 1 && len(p.notes) == 0 {
			p.notes = append(p.notes, noteLines{n, p.page, []line{{no: no, text: m[2]}}})
			p.afterGap, p.fresh = false, false
			return true
		}
	}
	if len(p.notes) == 0 {
		p.inNotes = false
		return false
	}
	last := &p.notes[len(p.notes)-1]
	if p.afterGap && p.repeatsURL(text) {
		p.doc.Dropped = append(p.doc.Dropped, Dropped{no, text, "address repeated after a footnote"})
		return true
	}
	if p.afterGap && !startsLower(text) {
		p.report.add(Guessed, no, "a new page begins here: text follows the footnotes")
		p.turn()
		return false
	}
	last.lines = append(last.lines, line{no: no, text: text})
	p.afterGap = false
	return true
}

func (p *pager) repeatsURL(text string) bool {
	if anyURL.FindString(text) != text {
		return false
	}
	for _, n := range p.notes {
		for _, l := range n.lines {
			if strings.Contains(l.text, text) {
				return true
			}
		}
	}
	return false
}

// printed undoes the ligatures and special spaces of print.
var printed = strings.NewReplacer(
	"ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl", "ﬅ", "st", "ﬆ", "st",
	"\u200b", "", "\u2060", "", "\ufeff", "", "\t", " ", "\u2002", " ", "\u2003", " ", "\u2007", " ", "\u2009", " ",
)

// clean takes out of a line what a PDF puts into text: ligatures, soft
// hyphens, zero-width marks, decomposed accents and runs of spaces. A no-break
// space stays where French writes one, beside its punctuation.
func clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	s = printed.Replace(s)
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	s = norm.NFC.String(s)
	s = strings.TrimRight(s, " \u00a0\u202f")
	return spaces(s)
}

// spaces makes one space of each run of them.
func spaces(s string) string {
	var b strings.Builder
	runes := []rune(s)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		// The soft hyphen at the line's end still tells how to join.
		if r == 0xad && i < len(runes)-1 {
			continue
		}
		if r != ' ' && r != 0xa0 && r != 0x202f {
			b.WriteRune(r)
			continue
		}
		run := i
		for run+1 < len(runes) && (runes[run+1] == ' ' || runes[run+1] == 0xa0 || runes[run+1] == 0x202f) {
			run++
		}
		switch {
		case b.Len() == 0 || run == len(runes)-1:
		case run == i && r != ' ' && frenchSpace(runes, i):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
		i = run
	}
	return b.String()
}

func frenchSpace(runes []rune, i int) bool {
	return runes[i-1] == '«' || strings.ContainsRune(":;!?»%", runes[i+1])
}
