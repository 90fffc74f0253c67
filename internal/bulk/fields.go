package bulk

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// record is the text of one file. Facts are drawn apart from words: they are the
// same in every language.
func (p plan) record(k kind, n int, lang string) string {
	facts, said := p.draw(k.folder, n), p.draw(k.folder, n, lang)
	var b strings.Builder
	id := map[string]string{"countries": "country-", "themes": "theme-", "reports": "report-", "meetings": "meeting-", "legislation": "instrument-", "practices": "practice-"}[k.folder]
	fmt.Fprintf(&b, "---\nid: %s%s\ntitle: %q\nsummary: %q\ndate: %q\nvisibility: public\n", id, k.slug(n), title(said), sentence(said), p.day(facts))
	switch k.folder {
	case "countries":
		fmt.Fprintf(&b, "code: %s\niso2: X%c\nrole: participant\nnames: {%s}\ncountries: [%s]\n", code(n), 'A'+n%26, named(lang, "Country %s", code(n)), code(n))
	case "reports":
		fmt.Fprintf(&b, "meeting: meeting-%s\nsymbol: BLK/%d/REP\npages: %d\n%s", meetings.slug(n), n+1, pages, sections(said))
		fmt.Fprintf(&b, "countries: [%s]\n", codes(p.some(facts, countries, 20)))
	case "meetings":
		day := p.day(facts)
		fmt.Fprintf(&b, "start: %q\nend: %q\ndate_precision: day\ndelegations: [%s]\n", day, day, codes(p.some(facts, countries, 20)))
		if n < p.count[reports.folder] {
			fmt.Fprintf(&b, "documents: [%s]\n", reports.slug(n))
		}
	case "legislation":
		fmt.Fprintf(&b, "instrument_kind: national legislation\nyear: %d\n%s", 1950+facts.IntN(75), p.relations(facts, "countries", countries, 1))
		b.WriteString(p.relations(facts, "recommendations", recommendations, 2))
	case "practices":
		// No report tells of what came after it: all are younger than this.
		status := []string{"idea", "pilot", "running", "ended", "scaled"}[facts.IntN(5)]
		fmt.Fprintf(&b, "label: good practice\nstatus: %s\nsince: %q\nbody: %q\nserved: %q\n", status, fmt.Sprint(1980+facts.IntN(20)), title(said), title(said))
		for _, list := range []string{"results", "challenges", "lessons", "replicate"} {
			fmt.Fprintf(&b, "%s: [%q, %q]\n", list, title(said), title(said))
		}
		b.WriteString(p.relations(facts, "countries", countries, 3) + p.relations(facts, "instruments", instruments, 2) + p.relations(facts, "recommendations", recommendations, 2))
	case "recommendations":
		fmt.Fprintf(&b, "symbol: %s\ngroup: G%d\nnumber: %d\naddressees: [national governments]\naddressee_basis: stated\n", symbol(n), 1+n/perGroup%groups, 1+n%perGroup)
		b.WriteString(p.relations(facts, "countries", countries, 2) + p.relations(facts, "instruments", instruments, 1))
	}
	if k.folder != "themes" && k.folder != "countries" {
		b.WriteString(p.relations(facts, "themes", themes, 3))
	}
	b.WriteString(p.sources(k, n, facts))
	b.WriteString("---\n\n" + p.body(k, facts, said))
	return b.String()
}

func (p plan) day(draw *rand.Rand) string {
	return fmt.Sprintf("%d-%02d-%02d", 2000+draw.IntN(25), 1+draw.IntN(12), 1+draw.IntN(28))
}

// relations are the names of records of another kind.
func (p plan) relations(draw *rand.Rand, field string, k kind, most int) string {
	names := p.some(draw, k, most)
	if field == "countries" {
		return fmt.Sprintf("%s: [%s]\n", field, codes(names))
	}
	return fmt.Sprintf("%s: [%s]\n", field, strings.Join(names, ", "))
}

func codes(names []string) string { return strings.ToUpper(strings.Join(names, ", ")) }

// sources name one or two paragraphs of reports; a report names one of its own.
func (p plan) sources(k kind, n int, draw *rand.Rand) string {
	var b strings.Builder
	b.WriteString("sources:\n")
	for range 1 + draw.IntN(2) {
		report := draw.IntN(p.count[reports.folder])
		if k.folder == reports.folder {
			report = n
		}
		at := draw.IntN(paragraphsOf)
		fmt.Fprintf(&b, "  - {report: %s, paragraph: %s, page: %d}\n", reports.slug(report), paragraphID(at), pageOf(at))
	}
	return b.String()
}

func sections(said *rand.Rand) string {
	var b strings.Builder
	b.WriteString("sections:\n")
	for s := range sectionsOf {
		fmt.Fprintf(&b, "  - {id: sec-%d, number: %q, title: %q, page: %d}\n", s+1, fmt.Sprint(s+1), title(said), pageOf(s*paragraphsOf/sectionsOf))
	}
	return b.String()
}

// named is a name for each language.
func named(lang, form string, args ...any) string {
	return fmt.Sprintf("%s: %q", lang, fmt.Sprintf(form, args...))
}

func (p plan) countryTable(languages []string) string {
	var b strings.Builder
	for n := range p.count[countries.folder] {
		fmt.Fprintf(&b, "- code: %s\n  name:\n", code(n))
		for _, lang := range languages {
			fmt.Fprintf(&b, "    %s\n", named(lang, "Country %s", code(n)))
		}
	}
	return b.String()
}

func groupTable(languages []string) string {
	var b strings.Builder
	for g := range groups {
		fmt.Fprintf(&b, "- code: G%d\n  report: %s\n  heading: \"On group %d:\"\n  title:\n", g+1, reports.slug(0), g+1)
		for _, lang := range languages {
			fmt.Fprintf(&b, "    %s\n", named(lang, "Group %d", g+1))
		}
	}
	return b.String()
}
