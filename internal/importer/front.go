package importer

import (
	"strings"
	"unicode/utf8"
)

// front takes the title lines at the head of the text and returns the index of
// the line after them.
func (a *assembler) front(body []line) int {
	const longest, most = 120, 12
	at := 0
	for at < len(body) {
		c := chunk(body[at:])
		if _, ok := a.numberedHeading(body[at:]); ok || !a.isTitle(c, longest) || at+len(c) > most || at+len(c) == len(body) {
			break
		}
		at += len(c)
	}
	end := at
	if n := a.headingBeforeText(body, at); n > 0 {
		end = n
	}
	for i, l := range body[:end] {
		if i > 0 && !l.blank && a.unfinishedTitle() {
			a.current = append(a.current, l)
			continue
		}
		a.flush()
		a.start(TitleLine, l)
	}
	a.flush()
	return end
}

func (a *assembler) isTitle(c []line, longest int) bool {
	full := 0
	for _, l := range c {
		n := utf8.RuneCountInString(l.text)
		if n > longest || bulletMark.MatchString(l.text) {
			return false
		}
		if n*100 > a.width*85 {
			full++
		}
	}
	end := c[len(c)-1].text
	return len(c) <= 4 && full < 3 && !endOfText.MatchString(end)
}

func (a *assembler) unfinishedTitle() bool {
	last := a.lastLine()
	return strings.HasSuffix(last, ",") || hyphenated(last) || isStopWord(a.lang, last[strings.LastIndexByte(last, ' ')+1:])
}

// headingBeforeText finds a heading without a number among the title lines: the
// last of several, short, without a date, right before a paragraph. It returns
// its index, or 0.
func (a *assembler) headingBeforeText(body []line, end int) int {
	if end < 2 || end == len(body) || !body[end-1].blank || !a.bareHeading(body[end-1:]) {
		return 0
	}
	if _, ok := a.numberedHeading(body[end:]); ok {
		return 0
	}
	if _, _, _, ok := findDates(body[end-1].text); ok {
		return 0
	}
	return end - 1
}
