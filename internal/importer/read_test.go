package importer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// page fills a text with lines long enough to show how wide a page is.
const wide = "Delegates of the islands met by the harbour to speak about boats, nets and the price of salted fish in spring,"

// dump writes a document in a form that is easy to compare: kind, id, pages,
// words, with {n} where a note is referred to.
func dump(doc *Document) string {
	var b strings.Builder
	for _, block := range doc.Blocks {
		text, from := "", 0
		for _, r := range block.Refs {
			text += block.Text[from:r.At] + fmt.Sprintf("{%d}", doc.Notes[r.Note].Number)
			from = r.At
		}
		pages := fmt.Sprint(block.Page)
		if block.PageEnd != block.Page {
			pages += fmt.Sprintf("-%d", block.PageEnd)
		}
		text = strings.ReplaceAll(text+block.Text[from:], wide, "WIDE")
		fmt.Fprintf(&b, "%s %s p%s %s\n", block.Kind, block.ID, pages, text)
	}
	for _, n := range doc.Notes {
		fmt.Fprintf(&b, "note %d p%d %s\n", n.Number, n.Page, n.Text)
	}
	for _, d := range doc.Dropped {
		fmt.Fprintf(&b, "dropped %d %s\n", d.Line, d.Text)
	}
	return b.String()
}

func TestReadKnowsTheTrapsOfTextFromAPDF(t *testing.T) {
	rule := strings.Repeat(" ", 40)
	for _, test := range []struct{ name, text, want string }{
		{
			"title lines, numbered headings of two levels, and paragraphs of several lines",
			"Meeting on Boats\n\nPort Green, 3 May 2020\n\n1. Boats\n\n" + wide + "\nand went home.\n\n1.1. Small boats\n\n" + wide + "\nand so on.\n",
			`title par-0-01 p1 Meeting on Boats
title par-0-02 p1 Port Green, 3 May 2020
heading sec-1 p1 1. Boats
para par-1-01 p1 WIDE and went home.
heading sec-1.1 p1 1.1. Small boats
para par-1.1-01 p1 WIDE and so on.
`,
		},
		{
			"a paragraph that goes on over a form feed, and page numbers at the foot",
			"1. Boats\n\n" + wide + "\nand of\n\n1\n\fthe nets they use.\n\nA second one.\n\n2\n",
			`heading sec-1 p1 1. Boats
para par-1-01 p1-2 WIDE and of the nets they use.
para par-1-02 p2 A second one.
dropped 6 1
dropped 11 2
`,
		},
		{
			"a page break marked by one leading space only, with a number at its head",
			"1. Boats\n\n" + wide + "\nand of\n the nets they use.\n\n" + wide + "\n" + wide + "\nand so on.\n 3 \n\nThe end.\n",
			`heading sec-1 p1 1. Boats
para par-1-01 p1-2 WIDE and of the nets they use.
para par-1-02 p2 WIDE WIDE and so on.
para par-1-03 p3 The end.
dropped 10 3
`,
		},
		{
			"a bullet, wrapped, with an empty line inside, and a dash that is no bullet",
			"1. Boats\n\n" + wide + "\nnamely:\n\n- Mend the\n\nnets and the\nsails - also old\n- ones - in spring\n- Paint boats\n\nThe next paragraph.\n",
			`heading sec-1 p1 1. Boats
para par-1-01 p1 WIDE namely:
bullet par-1-02 p1 Mend the nets and the sails - also old - ones - in spring
bullet par-1-03 p1 Paint boats
para par-1-04 p1 The next paragraph.
`,
		},
		{
			"a bullet whose full line is broken before a name",
			"1. Boats\n\n- " + wide[:len(wide)-1] + " of\n\nGreen Harbour and more.\n- Last one.\n",
			"heading sec-1 p1 1. Boats\nbullet par-1-01 p1 " + wide[:len(wide)-1] + " of Green Harbour and more.\nbullet par-1-02 p1 Last one.\n",
		},
		{
			"a lettered list inside a paragraph stays inside it",
			"1. Boats\n\nThey asked for: a) paint; b) nets;\nc) sails.\n\nMore.\n",
			"heading sec-1 p1 1. Boats\npara par-1-01 p1 They asked for: a) paint; b) nets; c) sails.\npara par-1-02 p1 More.\n",
		},
		{
			"hyphens at line ends: soft, of a word written elsewhere, of a compound, of an unknown word",
			"1. Boats\n\n" + wide + " har\u00ad\nbour and the dis-\nplacement of non-\ngovernmental people, asylum-\nseekers, and inter-\nnational boats. Displacement and asylum-seekers and governmental people.\n",
			`heading sec-1 p1 1. Boats
para par-1-01 p1 WIDE harbour and the displacement of non-governmental people, asylum-seekers, and international boats. Displacement and asylum-seekers and governmental people.
`,
		},
		{
			"ligatures, no-break spaces, doubled spaces, zero-width marks and decomposed accents",
			"1. Boats\n\nThe \ufb01rst\u00a0of\u00a0\u00a0the  \ufb02eet\u200b is in Curac\u0327ao.\n\nMore.\n",
			"heading sec-1 p1 1. Boats\npara par-1-01 p1 The first of the fleet is in Curaçao.\npara par-1-02 p1 More.\n",
		},
		{
			"footnotes after a rule of spaces, their numbers glued to a word, a full stop and apart",
			"1. Boats\n\nThe boats1 are old.2 They cost 300 and 4 more.\n\nThe nets are new. 3\n\n" + rule + "\n1 All of them.\n2 See http://example.org/a-b.\n\nhttp://example.org/a-b\n3 Bought in\nspring.\n On the next page.\n",
			`heading sec-1 p1 1. Boats
para par-1-01 p1 The boats{1} are old.{2} They cost 300 and 4 more.
para par-1-02 p1 The nets are new.{3}
para par-1-03 p2 On the next page.
note 1 p1 All of them.
note 2 p1 See http://example.org/a-b.
note 3 p1 Bought in spring.
dropped 11 http://example.org/a-b
`,
		},
		{
			"footnotes after a drawn rule, raised numbers, and a page that begins right after them",
			"1. Boats\n\nThe boats¹ are old and " + wide + "\nand so on.\n\n________\n1 All of them.\n\nThe text of page two.\n",
			`heading sec-1 p1 1. Boats
para par-1-01 p1 The boats{1} are old and WIDE and so on.
para par-1-02 p2 The text of page two.
note 1 p1 All of them.
`,
		},
		{
			"a footnote without a reference is kept, at the end of its page",
			"1. Boats\n\nThe boats are old.\n\n" + rule + "\n1 All of them.\n",
			"heading sec-1 p1 1. Boats\npara par-1-01 p1 The boats are old.{1}\nnote 1 p1 All of them.\n",
		},
		{
			"headings without a number, below a numbered one",
			"2. Boats\n\n" + wide + "\nand so on.\n\nOther ways of rowing\n\nThey row.\n\nSail-making\n\nThey sew.\n",
			`heading sec-2 p1 2. Boats
para par-2-01 p1 WIDE and so on.
heading sec-2-owor p1 Other ways of rowing
para par-2-owor-01 p1 They row.
heading sec-2-sail p1 Sail-making
para par-2-sail-01 p1 They sew.
`,
		},
		{
			"a report without numbers at all",
			"Meeting on Boats\n\nSummary\n\n" + wide + "\nand so on.\n\nNext steps\n\nWe shall see.\n",
			`title par-0-01 p1 Meeting on Boats
heading sec-summary p1 Summary
para par-summary-01 p1 WIDE and so on.
heading sec-next-steps p1 Next steps
para par-next-steps-01 p1 We shall see.
`,
		},
		{
			"a table of contents and running heads are left out",
			"Contents\n1. Boats ........ 1\n2. Nets ........ 2\n\n1. Boats\n\nOld boats are for sale.\n\fBoats, page 2\n\nMany old boats.\n\fBoats, page 3\n\n2. Nets\n\nNew nets.\n\fBoats, page 4\n\nThe end.\n",
			`heading sec-1 p1 1. Boats
para par-1-01 p1 Old boats are for sale.
para par-1-02 p2 Many old boats.
heading sec-2 p3 2. Nets
para par-2-01 p3 New nets.
para par-2-02 p4 The end.
dropped 8 Boats, page 2
dropped 11 Boats, page 3
dropped 16 Boats, page 4
dropped 1 Contents
dropped 2 1. Boats ........ 1
dropped 3 2. Nets ........ 2
`,
		},
		{
			"a numbered list is no list of headings",
			"1. Boats\n\n" + wide + "\nand so on.\n\n2. Nets\n\n3. Sails\n\n4. Oars\n\nAll of them are old.\n",
			`heading sec-1 p1 1. Boats
para par-1-01 p1 WIDE and so on.
para par-1-02 p1 2. Nets
para par-1-03 p1 3. Sails
para par-1-04 p1 4. Oars
para par-1-05 p1 All of them are old.
`,
		},
		{
			"a heading over two lines, and text right under a heading",
			"1. Boats that are old\nThey float.\n\n2. " + wide[:len(wide)-1] + " and\nin autumn\n\nThey sink.\n",
			"heading sec-1 p1 1. Boats that are old\npara par-1-01 p1 They float.\nheading sec-2 p1 2. " + wide[:len(wide)-1] + " and in autumn\npara par-2-01 p1 They sink.\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, _, err := Read("boats.txt", strings.NewReader(test.text), Options{Acronym: "CMC"})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, dump(doc)); diff != "" {
				t.Errorf("Read (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadTellsTheLineOfEachGuess(t *testing.T) {
	_, report, err := Read("boats.txt", strings.NewReader("1. Boats\n\nThey were of\n\nGreen Harbour and old.\n\n1.3. Nets\n\nNew ones.\n"), Options{Acronym: "CMC"})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := report.Print(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"boats.txt:5: the paragraph goes on over an empty line",
		"boats.txt:7: heading 1.3 follows 1:",
		"Needs a person:\n  no title line",
		"1 pages, language en",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, b.String())
		}
	}
}

func TestReadFindsTheLanguageAndTheDates(t *testing.T) {
	for _, test := range []struct{ name, text, lang, start, end, place string }{
		{"English, a range of days", "Talks (XYZ)\n\nPort Green, 4-6 December 2017\n\n1. The boats\n\nThe boats of the islands are in the harbour and it is full.\n", "en", "2017-12-04", "2017-12-06", "Port Green"},
		{"English, the month first", "Talks (XYZ)\n\nPort Green, May 30 to June 1, 2018\n\n1. The boats\n\nThe boats of the islands are in the harbour and it is full.\n", "en", "2018-05-30", "2018-06-01", "Port Green"},
		{"Spanish", "Reunión (XYZ)\n\nPuerto Verde, 30 de abril al 2 de mayo de 2019\n\n1. Los barcos\n\nLos barcos de las islas están en el puerto y la gente de la costa se alegra por ellos.\n", "es", "2019-04-30", "2019-05-02", "Puerto Verde"},
		{"French", "Réunion (XYZ)\n\nPort-Vert, du 4 au 6 août 2021\n\n1. Les bateaux\n\nLes bateaux des îles sont dans le port et la mer est calme pour les pêcheurs qui partent.\n", "fr", "2021-08-04", "2021-08-06", "Port-Vert"},
		{"Dutch", "Overleg (XYZ)\n\nGroenhaven, 1 tot en met 3 maart 2022\n\n1. De boten\n\nDe boten van de eilanden liggen in de haven en het is niet druk op de kade met de vissers.\n", "nl", "2022-03-01", "2022-03-03", "Groenhaven"},
		{"one day", "Talks (XYZ)\n\nPort Green, 6 December 2017\n\n1. The boats\n\nThe boats of the islands are in the harbour and it is full.\n", "en", "2017-12-06", "2017-12-06", "Port Green"},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, _, err := Read("a.txt", strings.NewReader(test.text), Options{Acronym: "CMC"})
			if err != nil {
				t.Fatal(err)
			}
			got := fmt.Sprint(doc.Lang, doc.Start.Format(" 2006-01-02"), doc.End.Format(" 2006-01-02 "), doc.Place, " ", doc.Acronym)
			if want := fmt.Sprint(test.lang, " ", test.start, " ", test.end, " ", test.place, " XYZ"); got != want {
				t.Errorf("read %q, want %q", got, want)
			}
		})
	}
}

const adopted = "Talks on Boats (XYZ)\n\nPort Green, 4-6 May 2020\n\n1. The boats\n\nThe boats of the islands are these:\n\n- Old ones\n\n2. Conclusions and recommendations\n\n" +
	"On the next steps for boats:\n- Paint the *boats*\n- Mend the nets\n\nOn nets for sale:\n- Sell \"them\"1\n\n" +
	"                                        \n1 At http://example.org/market.\n"

func TestReadGroupsTheRecommendations(t *testing.T) {
	for _, test := range []struct {
		name string
		opts Options
		want string
	}{
		{"with proposed codes", Options{}, "NS: XYZ/2020/NS/1=par-2-02 XYZ/2020/NS/2=par-2-03; N1: XYZ/2020/N1/1=par-2-05; "},
		{
			"with the code of the data",
			Options{Codes: []GroupCode{{Code: "SL", Heading: "on NETS for sale"}}},
			"NS: XYZ/2020/NS/1=par-2-02 XYZ/2020/NS/2=par-2-03; SL: XYZ/2020/SL/1=par-2-05; ",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, _, err := Read("a.txt", strings.NewReader(adopted), test.opts)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, g := range doc.Groups {
				got += g.Code + ":"
				for _, r := range g.Items {
					got += " " + r.Symbol + "=" + r.Block
				}
				got += "; "
			}
			if got != test.want {
				t.Errorf("groups = %q, want %q", got, test.want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(adopted))
	f.Add([]byte("1. A\n\nb1 c\f 2 \n\n______\n1 d\n\nE"))
	f.Add([]byte("\xe9t\xe9 \x93x\x94"))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, _, err := Read("fuzz.txt", strings.NewReader(string(data)), Options{})
		if err != nil {
			return
		}
		ids := map[string]bool{}
		for _, b := range doc.Blocks {
			if b.ID == "" || ids[b.ID] || b.Page < 1 || b.PageEnd < b.Page || b.PageEnd > doc.Pages {
				t.Fatalf("block %+v of %q", b, data)
			}
			ids[b.ID] = true
			for _, r := range b.Refs {
				if r.At > len(b.Text) || doc.Notes[r.Note].Block != b.ID {
					t.Fatalf("reference %+v in %+v", r, b)
				}
			}
		}
		reportText(doc)
	})
}

func BenchmarkRead(b *testing.B) {
	text := strings.Repeat(strings.TrimPrefix(adopted, "Talks"), 200)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, _, err := Read("a.txt", strings.NewReader(text), Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
