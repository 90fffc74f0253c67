package search

import (
	"fmt"
	"strings"
	"testing"
)

// Nobody's words make a search fail, or look up more than its bounds: the
// lookups are counted, since time depends on the machine.
func TestNothingThatIsTypedFailsOrCostsMore(t *testing.T) {
	s := open(t, corpus())
	many := strings.Repeat("the of and a ", 300)
	var different strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&different, "harbour%d ", i)
	}
	for _, query := range []string{
		`body:/.*/`, `*`, `harb*`, `/(a+)+$/`, `harbour~2`, `(((((`, `"`, `"""`, `- - -`, `--`, `+`, `&& || !`, `\`, "\x00", "\xff\xfe",
		`country:`, `country:"`, `:`, `type:type:type:`, `year:99999999999999999999`, `year:..`, `year:0..9999`, `-country:QQQ`,
		many, different.String(), strings.Repeat("a", 100_000), strings.Repeat(`"harbour `, 500), strings.Repeat("country:BHS ", 500),
		strings.Repeat("year:2000..2020 ", 300), strings.Repeat("ﷺ", 2000), "’’’’", "l'l'l'l'", "<script>alert(1)</script>", "%00%ff", "🇧🇸🇧🇸",
	} {
		r := find(t, s, Request{Query: query})
		q := s.analyzers.parse(query, s.resolve(newMatcher(s.analyzers, s.parts(), []string{Public})))
		if len(q.text) > maxQueryBytes || len(q.want)+len(q.exclude) > maxClauses+1 || len(q.fields)+len(q.unread) > maxFields {
			t.Errorf("parse(%.40q) = %d bytes, %d clauses, %d fields", query, len(q.text), len(q.want)+len(q.exclude), len(q.fields)+len(q.unread))
		}
		if len(r.Query) > maxQueryBytes {
			t.Errorf("Search(%.40q) repeats %d bytes", query, len(r.Query))
		}
	}
}

func TestALargeIndexLooksForFewerWords(t *testing.T) {
	m := newMatcher(newAnalyzers(), nil, nil)
	for _, test := range []struct{ docs, words int }{{100, 20_000}, {10_000, 200}, {100_000, 20}, {10_000_000, fewWords}} {
		m.parts = []*partMatch{{part: &part{audiences: []audience{{docs: test.docs}, {docs: 1_000_000}}}, see: []bool{true, false}}}
		if got := m.affordable(); got != test.words {
			t.Errorf("of %d documents, %d words are looked for, want %d", test.docs, got, test.words)
		}
	}
}

func TestACorrectionIsSearchedWhereTheQueryFindsNothing(t *testing.T) {
	s := open(t, corpus())
	r := find(t, s, Request{Query: "resetlement", Language: "en"})
	if !r.Instead || r.Suggestion != "resettlement" || len(r.Hits) == 0 || r.Hits[0].ID != "theme-resettlement" {
		t.Errorf("Search = %q, instead %t, suggestion %q", links(r), r.Instead, r.Suggestion)
	}
	if r := find(t, s, Request{Query: "resettlement", Language: "en"}); r.Instead {
		t.Error("a query that finds records is replaced")
	}
}

// What a few words lead to, and what is to be left out, costs no more than so
// many visits and one lookup more, which is of a name of two words in all texts.
func TestNamesPhrasesAndExclusionsCostNoMoreThanTheirShare(t *testing.T) {
	const docs, most = 600, 40_000
	c := Corpus{Terms: []Term{{"en": {"harbour"}, "es": {"puerto"}, "fr": {"port"}}}}
	for i := range docs {
		c.Documents = append(c.Documents, Document{
			ID: fmt.Sprint(i), Record: fmt.Sprint(i), Lang: "en", URL: fmt.Sprint("/", i), Audience: []string{Public},
			Title: "Harbour", Body: "harbour quay quay quay harbour quay puerto harbour roster",
		})
	}
	names := []string{"harbour"}
	for i := range 200 {
		names = append(names, []string{"harbour quay", "quay harbour", "quay quay"}[i%3]+strings.Repeat(" quay", i/100))
	}
	c.Synonyms = [][]string{names}
	s := openCorpus(t, c)
	for _, query := range []string{
		"harbour", "harbour quay roster", strings.Repeat(`"harbour quay" "quay quay" "quay harbour" "quay quay quay" `, 9),
		"roster" + strings.Repeat(" -nowhere -harbours", 30), "harbour quay roster puerto -harbour -quay",
		"harbour -roster", strings.Repeat("harbour quay ", 30) + strings.Repeat(`-"harbour quay" `, 30),
	} {
		m := newMatcher(s.analyzers, s.parts(), []string{Public})
		m.most = most
		q := s.analyzers.parse(query, nil)
		q.expand(s.known(m))
		if err := m.run(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		typed := 2 * docs * len(q.want)
		if one := 3*docs + textVisits; m.visits > most+typed+one {
			t.Errorf("%.40q: %d visits, want at most %d", query, m.visits, most+typed+one)
		}
		if strings.HasSuffix(query, "-roster") && !m.parts[0].matches[0].excluded {
			t.Errorf("%q: names left nothing for what was to be excluded", query)
		}
		m.release()
	}
}
