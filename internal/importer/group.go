package importer

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// adopts matches the heading of a section in which recommendations stand.
var adopts = regexp.MustCompile(`(?i)recommend|conclu|observation|next steps|` +
	`recomenda|conclusi|observacion|próximos pasos|acuerdos|recommand|prochaines étapes|` +
	`aanbeveling|slotopmerking|bevinding|volgende stappen`)

// findGroups finds the recommendations: bullets under an introduction that ends
// in a colon, in a section whose heading speaks of recommendations.
func findGroups(doc *Document, opts Options, report *Report) {
	adopting := adoptingSections(doc)
	taken := map[string]int{}
	for i := 0; i < len(doc.Blocks); i++ {
		intro := doc.Blocks[i]
		if !adopting[intro.Section] || intro.Kind != Paragraph || !strings.HasSuffix(intro.Text, ":") {
			continue
		}
		g := Group{Heading: intro.Text, Intro: intro.ID}
		for _, b := range doc.Blocks[i+1:] {
			if b.Kind != Bullet {
				break
			}
			g.Items = append(g.Items, Recommendation{Number: len(g.Items) + 1, Block: b.ID})
		}
		if len(g.Items) == 0 {
			continue
		}
		g.Code = groupCode(doc, opts, intro, taken, report)
		name(doc, &g)
		doc.Groups = append(doc.Groups, g)
	}
	if len(doc.Groups) == 0 {
		report.add(Person, 0, "no recommendations were recognised: they are bullets under a line that ends in a colon, in a section on recommendations or conclusions")
	}
}

// adoptingSections holds the sections on recommendations and all below them.
func adoptingSections(doc *Document) map[string]bool {
	found := map[string]bool{}
	level := 0 // of the adopting heading we are under
	for _, s := range doc.Sections {
		switch {
		case level > 0 && s.Level > level:
			found[s.ID] = true
		case adopts.MatchString(s.Title):
			found[s.ID], level = true, s.Level
		default:
			level = 0
		}
	}
	return found
}

func name(doc *Document, g *Group) {
	stem := fmt.Sprintf("%s/%s/%s", or(doc.Acronym, "REPORT"), year(doc), g.Code)
	for i := range g.Items {
		r := &g.Items[i]
		r.Group = g.Code
		r.Symbol = fmt.Sprintf("%s/%d", stem, r.Number)
		r.Slug = strings.ToLower(strings.ReplaceAll(r.Symbol, "/", "-"))
	}
}

// groupCode takes a group's code from the data, else proposes the initials of
// the first words of its heading that mean something.
func groupCode(doc *Document, opts Options, intro Block, taken map[string]int, report *Report) string {
	for _, c := range opts.Codes {
		if (c.Report == "" || c.Report == doc.Slug) && plain(c.Heading) == plain(intro.Text) && taken[c.Code] == 0 {
			taken[c.Code]++
			return c.Code
		}
	}
	var letters []rune
	for _, w := range strings.FieldsFunc(intro.Text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if !isStopWord(doc.Lang, w) && utf8.RuneCountInString(w) > 1 {
			r, _ := utf8.DecodeRuneInString(slugify(w))
			letters = append(letters, unicode.ToUpper(r))
		}
	}
	code := propose(letters, taken)
	taken[code]++
	report.add(Guessed, intro.Line, "the group %q was given the code %s; add it to data/recommendation_groups.yaml before publishing, symbols never change afterwards", intro.Text, code)
	return code
}

// propose tries the first letter with each of the others, then numbers.
func propose(letters []rune, taken map[string]int) string {
	first := "R"
	if len(letters) > 0 {
		first = string(letters[0])
		for _, second := range letters[1:] {
			if code := first + string(second); taken[code] == 0 {
				return code
			}
		}
	}
	for {
		taken[first]++
		if code := fmt.Sprint(first, taken[first]); taken[code] == 0 {
			return code
		}
	}
}

// plain is a heading without case, punctuation and doubled spaces, to compare.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}
