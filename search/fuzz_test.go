package search

import (
	"html"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", `"`, `""`, `-`, `--a`, `-"a b`, `a"b"c`, "“a» b", "CMC/2017/NS/3", "l’asile -d'un", "\x00\xff", "−x", "body:/.*/", "country:BHS type:practice", "-land:sur year:2017..2019", `country:"a b`, "type:", "año: 2017", "type::x", "year:..", strings.Repeat("ü ", 400), "﷽", "a-b-c", "🇧🇸 12%"} {
		f.Add(seed)
	}
	a := newAnalyzers()
	f.Fuzz(func(t *testing.T, text string) {
		q := a.parse(text, anyValue)
		if len(q.text) > maxQueryBytes || !utf8.ValidString(q.text) || len(q.want) > maxClauses {
			t.Errorf("parse(%q) = %d bytes, %d clauses; valid %t", text, len(q.text), len(q.want), utf8.ValidString(q.text))
		}
		for _, c := range q.want {
			if len(c.words) == 0 || c.words[0] == "" {
				t.Errorf("parse(%q) wants a clause without words", text)
			}
		}
		if again := a.parse(q.text, anyValue); again.text != q.text {
			t.Errorf("parse(%q) reads its own text %q as %q", text, q.text, again.text)
		}
	})
}

// anyValue knows the values that begin with a letter before n.
func anyValue(_ facet, value string) []string {
	if value < "n" {
		return []string{value}
	}
	return nil
}

func FuzzSnippet(f *testing.F) {
	for _, seed := range [][2]string{
		{"refugee", "A refugee <b>is</b> & was a refugee."},
		{"curacao", "Curaçao, Curac\u0327ao"},
		{"a", strings.Repeat("a ", 500)},
		{"x", strings.Repeat("ü", 900) + "x"},
		{"b", "a\xff\xfe b \xed\xa0\x80"},
		{"ﬁne", "ﬁne İstanbul ß"},
		{"k", "\u212a K\n\n\tk"},
	} {
		f.Add(seed[0], seed[1])
	}
	a := newAnalyzers()
	f.Fuzz(func(t *testing.T, asked, text string) {
		for _, lang := range append(languages(), "pap") {
			pieces := a.snippet(text, a.wanted(a.parse(asked, anyValue), lang))
			var whole strings.Builder
			for _, p := range pieces {
				whole.WriteString(p.Text)
			}
			cut := strings.TrimSuffix(strings.TrimPrefix(whole.String(), "… "), " …")
			if !strings.Contains(text, cut) {
				t.Errorf("snippet(%q, %q) = %q, which the text does not hold", lang, text, cut)
			}
			if len(cut) > 2*snippetBytes {
				t.Errorf("snippet(%q, %q) is %d bytes long", lang, text, len(cut))
			}
			if utf8.ValidString(text) && !utf8.ValidString(cut) {
				t.Errorf("snippet(%q, %q) = %q cuts a character", lang, text, cut)
			}
			bare := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(markup(pieces))
			if strings.ContainsAny(bare, `<>"`) || html.UnescapeString(bare) != whole.String() {
				t.Errorf("markup of %q = %q, want it escaped", whole.String(), bare)
			}
		}
	})
}
