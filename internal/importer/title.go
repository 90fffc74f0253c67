package importer

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	months = `(january|february|march|april|may|june|july|august|september|october|november|december|` +
		`enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|` +
		`janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|` +
		`januari|februari|maart|mei|juni|juli|augustus|oktober)`
	to       = `(?:\s*[-–—]\s*|\s+(?:to|and|al?|y|au|et|tot(?: en met)?|t/m|en)\s+)`
	day      = `(\d{1,2})(?:st|nd|rd|th|er|º|°)?`
	of       = `(?:\s+(?:de|of))?\s+`
	dayFirst = regexp.MustCompile(`(?i)(?:(?:du|del|from|van|les|los)\s+)?` + day + `(?:(?:` + of + months + `)?(?:` + of + `(\d{4}))?` + to + day + `)?` + of + months + `(?:,?` + of + `|,\s*)(\d{4})`)
	monFirst = regexp.MustCompile(`(?i)` + months + `\s+` + day + `(?:` + to + `(?:` + months + `\s+)?` + day + `)?,?\s+(\d{4})`)
	initials = regexp.MustCompile(`\(([A-Z][A-Z0-9]{1,7})\)`)
)

// findDates finds a date or a range of dates in a line, in any of the four
// languages, and where it begins.
func findDates(s string) (start, end time.Time, at int, ok bool) {
	if m := dayFirst.FindStringSubmatchIndex(s); m != nil {
		g := groups(s, m)
		start, ok = date(or(g[1], g[4]), or(g[2], g[5]), or(g[3], g[6]))
		end, _ = date(or(g[4], g[1]), g[5], g[6])
		return start, end, m[0], ok
	}
	if m := monFirst.FindStringSubmatchIndex(s); m != nil {
		g := groups(s, m)
		start, ok = date(g[2], g[1], g[5])
		end, _ = date(or(g[4], g[2]), or(g[3], g[1]), g[5])
		return start, end, m[0], ok
	}
	return start, end, 0, false
}

func groups(s string, m []int) []string {
	g := make([]string, len(m)/2)
	for i := range g {
		if m[2*i] >= 0 {
			g[i] = s[m[2*i]:m[2*i+1]]
		}
	}
	return g
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func date(day, month, year string) (time.Time, bool) {
	d, _ := strconv.Atoi(day)
	y, _ := strconv.Atoi(year)
	names := map[string]time.Month{
		"jan": 1, "ene": 1, "fev": 2, "feb": 2, "fév": 2, "mar": 3, "maa": 3, "apr": 4, "abr": 4, "avr": 4, "may": 5, "mai": 5, "mei": 5,
		"aug": 8, "ago": 8, "aoû": 8, "sep": 9, "set": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dic": 12, "déc": 12,
	}
	runes := []rune(strings.ToLower(month))
	if len(runes) < 3 {
		return time.Time{}, false
	}
	m := names[string(runes[:3])]
	switch name := string(runes); {
	case strings.HasPrefix(name, "jun"), name == "juin":
		m = 6
	case strings.HasPrefix(name, "jul"), strings.HasPrefix(name, "juil"):
		m = 7
	}
	t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return t, m > 0 && t.Day() == d
}

// readTitle reads from the title lines what they say of the meeting, and makes
// the report's id, slug and symbol.
func readTitle(doc *Document, opts Options, report *Report) {
	var lines []Block
	for _, b := range doc.Blocks {
		if b.Kind == TitleLine {
			lines = append(lines, b)
		}
	}
	readTitleLines(doc, lines, report)
	if doc.Title == "" {
		doc.Title = strings.TrimSuffix(doc.Name, ".txt")
		report.add(Person, 0, "no title line was recognised; the file's name stands in its place")
	}
	if doc.Acronym == "" {
		doc.Acronym = opts.Acronym
		report.add(Guessed, 0, "the title names no body in brackets; the acronym %q of the configuration was taken", opts.Acronym)
	}
	if doc.Start.IsZero() {
		report.add(Person, 0, "the title lines give no date: put date, start and end into the record by hand")
	} else {
		doc.Year = doc.Start.Year()
	}
	identify(doc, opts)
	report.add(Guessed, 0, "the report is %s, symbol %s, folder %s", doc.ID, doc.Symbol, doc.Slug)
}

func readTitleLines(doc *Document, lines []Block, report *Report) {
	open := true // the title may run on over lines that end in "of"
	for _, b := range lines {
		if m := initials.FindStringSubmatch(b.Text); m != nil && doc.Acronym == "" {
			doc.Acronym = m[1]
			report.add(Guessed, b.Line, "the body is %s", m[1])
		}
		if start, end, at, ok := findDates(b.Text); ok && doc.Start.IsZero() {
			doc.Start, doc.End = start, end
			doc.Place = strings.TrimRight(strings.TrimSpace(b.Text[:at]), ",;-– (")
			report.add(Recognised, b.Line, "dates %s to %s, place %q", start.Format(time.DateOnly), end.Format(time.DateOnly), doc.Place)
			continue
		}
		if open {
			doc.Title = strings.TrimSpace(doc.Title + " " + b.Text)
			open = isStopWord(doc.Lang, b.Text[strings.LastIndexByte(b.Text, ' ')+1:])
		}
	}
}

func identify(doc *Document, opts Options) {
	year := year(doc)
	place, _, _ := strings.Cut(doc.Place, ",")
	where := slugify(place)
	if place == "" {
		where = slugify(doc.Title)
	}
	doc.Slug = or(opts.Slug, where+"-"+year)
	stem := or(doc.Acronym, "REPORT")
	doc.ID = fmt.Sprintf("report-%s-%s-%s", strings.ToLower(stem), year, where)
	doc.Symbol = fmt.Sprintf("%s/%s/REP", stem, year)
}

// year stands in ids and symbols.
func year(doc *Document) string {
	if doc.Year == 0 {
		return "undated"
	}
	return strconv.Itoa(doc.Year)
}
