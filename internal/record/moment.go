package record

import (
	"regexp"
	"strings"
)

var (
	leadingYear = regexp.MustCompile(`^\d{4}(-\d{2}(-\d{2})?)?\b`)
	sane        = regexp.MustCompile(`^(1[89]|2[01])\d\d`)
)

// checkMoments holds the dates of a record against each other and against today.
func (c *checker) checkMoments(p *Page) {
	if d := p.Text("date"); d > c.today && dayForm.MatchString(d) {
		c.at(p, "date", "date: %s lies in the future, and the page would be kept back until then; give the date of the source, and use embargo_until to keep a page back", d)
	}
	if d := p.Text("reviewed_on"); d > c.today {
		c.at(p, "reviewed_on", "reviewed_on: %s lies in the future; give the day on which it was read", d)
	}
	if p.Has("reviewed_on") != p.Has("reviewed_by") {
		have, lack := "reviewed_on", "reviewed_by"
		if p.Has(lack) {
			have, lack = lack, have
		}
		c.at(p, have, "%s stands without %s; a review needs both, who and when", have, lack)
	}
	if next, on := p.Text("next_review"), p.Text("reviewed_on"); next != "" && next < on {
		c.at(p, "next_review", "next_review: %s is before reviewed_on: %s; correct one of them", next, on)
	}
	if p.Section == "practices" {
		c.checkSince(p)
	}
}

// checkSince: a practice cannot have begun after the report that tells of it.
// Other sources may be younger than the report.
func (c *checker) checkSince(p *Page) {
	since, told := leadingYear.FindString(p.Text("since")), ""
	if since == "" || strings.Contains(strings.Join(facts(p.value("sources")), " "), "://") {
		return
	}
	for _, slug := range p.Reports() {
		told = max(told, c.known.dates[slug])
	}
	if told != "" && since > told[:min(len(since), len(told))] {
		c.at(p, "since", "since: %s is after %s, the date of the report that tells of it; correct it, or add the source that says so", since, told)
	}
}
