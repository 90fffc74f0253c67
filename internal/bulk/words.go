package bulk

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A report has the length of a real one.
const (
	sectionsOf   = 8
	paragraphsOf = 48
	pages        = 12
)

func pageOf(paragraph int) int { return 1 + paragraph*pages/paragraphsOf }

func paragraphID(n int) string {
	per := paragraphsOf / sectionsOf
	return fmt.Sprintf("par-%d-%02d", n/per+1, n%per+1)
}

// body is a record's text: of the length that its kind has in a real site.
func (p plan) body(k kind, facts, said *rand.Rand) string {
	switch k.folder {
	case "reports":
		return report(said)
	case "practices", "legislation":
		var b strings.Builder
		for _, part := range []string{"what", "how", "unknown"} {
			fmt.Fprintf(&b, "## %s {id=%q}\n\n%s\n\n%s\n\n", title(said), part, paragraph(said), paragraph(said))
		}
		return b.String() + p.link(facts, said)
	}
	return paragraph(said) + "\n\n" + p.link(facts, said)
}

// link is a sentence that leads to a theme.
func (p plan) link(facts, said *rand.Rand) string {
	return fmt.Sprintf("See [%s](/themes/%s/).\n", title(said), themes.slug(facts.IntN(p.count[themes.folder])))
}

func report(said *rand.Rand) string {
	var b strings.Builder
	for n := range paragraphsOf {
		if per := paragraphsOf / sectionsOf; n%per == 0 {
			fmt.Fprintf(&b, "## %d. %s {id=\"sec-%d\"}\n\n", n/per+1, title(said), n/per+1)
		}
		fmt.Fprintf(&b, "%s\n{id=%q data-page=\"%d\"}\n\n", paragraph(said), paragraphID(n), pageOf(n))
	}
	return b.String()
}

func paragraph(said *rand.Rand) string {
	sentences := make([]string, 2+said.IntN(4))
	for i := range sentences {
		sentences[i] = sentence(said)
	}
	return strings.Join(sentences, " ")
}

func sentence(said *rand.Rand) string { return row(said, 8+said.IntN(12)) + "." }

func title(said *rand.Rand) string { return row(said, 3+said.IntN(4)) }

// row is that many words, the first with a capital.
func row(said *rand.Rand, length int) string {
	picked := make([]string, length)
	for i := range picked {
		picked[i] = words[said.IntN(len(words))]
	}
	text := strings.Join(picked, " ")
	return strings.ToUpper(text[:1]) + text[1:]
}

// words are said with one another in no order.
var words = strings.Fields(`
	account action advice agency agree airport answer arrange arrival article assess
	before begin between border budget build capacity card carry certificate change
	child clear coast collect committee common complete concern consult copy country
	course court cover customs date day decide delegation demand department deposit
	describe discuss document draft duty early education employ entry equal evidence
	exchange explain family field figure file final find first focus follow form
	friendly general govern group guard guide harbour health hear help host house
	hurricane identity include inform institution integrate interview invite island
	issue join journey judge keep kind labour language large law lawyer learn legal
	letter level licence list local manual many measure meeting member method
	minister month move name nation need network next note notice number offer office
	officer open order page paper part partner passport people permit person place
	plan police port practice prepare present procedure process proof protect public
	question quick ready reason receive record refer region register regular report
	request residence review right rule school sea season second secretariat section
	send service share ship shore short sign small society sound source speak staff
	stage standard state station status step story study submit support survey system
	table teach team term text theme time together town trade train translate travel
	trust unit update use village visit vote wait water weather week window witness
	word work write year young`)
