package site

import (
	"path/filepath"
	"strings"
	"testing"
)

// glossaryOfTwo knows three acronyms in two languages; the last has no entry in
// the glossary's page.
func glossaryOfTwo() *glossary {
	g := newGlossary([]acronym{
		{ID: "rsd", Acronym: "RSD", Expansion: "refugee status determination", Name: map[string]string{"nl": "vaststelling van de status"}},
		{ID: "un", Acronym: "UN", Expansion: "United Nations", Name: map[string]string{"nl": "Verenigde Naties"}, Local: map[string]string{"nl": "VN"}},
		{ID: "bay", Acronym: "BAY", Expansion: "Board & Yard (BAY)", Aliases: []string{"Lake BAY"}},
	}, []string{"en", "nl"})
	g.links = map[string]string{"en rsd": "/glossary/#rsd", "nl rsd": "/nl/glossary/#rsd", "en un": "/glossary/#un", "nl un": "/nl/glossary/#un"}
	return g
}

func TestTheFirstUseOfAnAcronymIsExplained(t *testing.T) {
	const (
		rsd = `<a class="term" href="/glossary/#rsd">RSD</a>`
		un  = `<a class="term" href="/glossary/#un">UN</a>`
	)
	added := func(name string) string { return ` <span class="term-name">(` + name + `)</span>` }
	for _, test := range []struct{ name, lang, in, want string }{
		{"only the first use", "en", `<p>RSD is slow. RSD costs.</p>`, `<p>` + rsd + added("refugee status determination") + ` is slow. RSD costs.</p>`},
		{"not in headings, links and code", "en", `<h2>RSD</h2><p><a href="/x/">RSD</a> <code>RSD</code> <b>RSD</b></p>`, `<h2>RSD</h2><p><a href="/x/">RSD</a> <code>RSD</code> <b>` + rsd + added("refugee status determination") + `</b></p>`},
		{"not where the text explains it", "en", `<p>RSD, and later refugee status determination (RSD).</p>`, ""},
		{"not where the title explains it", "en", `<h1>Refugee status determination (RSD)</h1><p>RSD.</p>`, ""},
		{"a link that explains it is no explanation", "en", `<p>RSD</p><a href="/x/">refugee status determination (RSD)</a>`, `<p>` + rsd + added("refugee status determination") + `</p><a href="/x/">refugee status determination (RSD)</a>`},
		{"not inside a word or a symbol", "en", `<p>RSDs, RSD/2017, CMC-RSD, rsd, UN$</p>`, ""},
		{"after a genitive", "en", `<p>the UN’s work</p>`, `<p>the ` + un + `’s` + added("United Nations") + ` work</p>`},
		{"in square brackets within round ones", "en", `<p>several (UN, RSD)</p>`, `<p>several (` + un + ` <span class="term-name">[United Nations]</span>, ` + rsd + ` <span class="term-name">[refugee status determination]</span>)</p>`},
		{"a bracket does not reach beyond its paragraph", "en", `<p>a) one (</p><p>UN</p>`, `<p>a) one (</p><p>` + un + added("United Nations") + `</p>`},
		{"quoted words are not changed", "en", `<blockquote><p>RSD</p></blockquote>`, `<blockquote><p><a class="term" href="/glossary/#rsd"><abbr title="refugee status determination">RSD</abbr></a></p></blockquote>`},
		{"once in our words and once in theirs", "en", `<p>RSD</p><div data-terms="quote">RSD RSD</div>`, `<p>` + rsd + added("refugee status determination") + `</p><div data-terms="quote"><a class="term" href="/glossary/#rsd"><abbr title="refugee status determination">RSD</abbr></a> RSD</div>`},
		{"left alone where a template says so", "en", `<p data-terms="off">RSD</p>`, ""},
		{"in the language of the text", "nl", `<p>De RSD van de VN</p>`, `<p>De <a class="term" href="/nl/glossary/#rsd">RSD</a>` + added("vaststelling van de status") + ` van de <a class="term" href="/nl/glossary/#un">VN</a>` + added("Verenigde Naties") + `</p>`},
		{"two letters are a word elsewhere", "nl", `<p>UN</p>`, ""},
		{"an English text on a Dutch page", "nl", `<div lang="en">UN</div>`, `<div lang="en"><a class="term" href="/nl/glossary/#un">UN</a>` + added("United Nations") + `</div>`},
		{"without an entry there is no link, and the longest form wins", "en", `<p>Lake BAY</p>`, `<p>Lake BAY` + added("Board &amp; Yard") + `</p>`},
		{"a name in another language says so", "nl", `<p>BAY</p>`, `<p>BAY <span class="term-name" lang="en">(Board &amp; Yard)</span></p>`},
		{"every other byte stays", "en", "<p class=x>1 &lt; 2 &amp; 3<br><img src=a> <!-- RSD --></p>\n<p>é", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			page := func(main string) string {
				return `<!doctype html><html lang="` + test.lang + `"><title>RSD</title><body>RSD<main id=m>` + main + `</main>RSD</body></html>`
			}
			want := test.want
			if want == "" {
				want = test.in
			}
			if got := string(glossaryOfTwo().explain([]byte(page(test.in)))); got != page(want) {
				t.Errorf("explain(%s) =\n%s, want\n%s", test.in, got, page(want))
			}
		})
	}
}

func TestAcronymsAreExplainedWithoutAGlossary(t *testing.T) {
	opts := testOptions(t, writeSite(t, smallSite, `
-- data/acronyms.yaml --
- {id: rsd, acronym: RSD, expansion: refugee status determination}
-- content/about/index.en.md --
---
id: about
title: About
---
What RSD means.
`))
	mustBuild(t, opts)
	want := `What RSD <span class="term-name">(refugee status determination)</span> means.`
	if built := readFile(t, opts.Out, "about", "index.html"); !strings.Contains(built, want) {
		t.Errorf("/about/ is %s, want %s in it", built, want)
	}
}

// TestABuildExplainsAcronymsButNotToSearch builds a site with a data file.
func TestABuildExplainsAcronymsButNotToSearch(t *testing.T) {
	dir := writeSite(t, smallSite, `
-- data/acronyms.yaml --
- {id: rsd, acronym: RSD, expansion: refugee status determination}
-- content/glossary/_index.en.md --
---
title: Words
---
## RSD {id="rsd"}
-- layouts/glossary/section.html --
{{ define "main" }}{{ .Content }}{{ end }}
-- content/about/index.en.md --
---
id: about
title: About
---
What RSD means.
`)
	opts := testOptions(t, dir)
	result := mustBuild(t, opts)
	for _, page := range []struct{ path, link, lang string }{{"about", "/glossary/#rsd", ""}, {"es/about", "/es/glossary/#rsd", ` lang="en"`}} {
		want := `What <a class="term" href="` + page.link + `">RSD</a> <span class="term-name"` + page.lang + `>(refugee status determination)</span> means.`
		if built := readFile(t, opts.Out, filepath.FromSlash(page.path), "index.html"); !strings.Contains(built, want) {
			t.Errorf("/%s/ is %s, want %s in it", page.path, built, want)
		}
	}
	for _, r := range result.Records {
		for _, p := range r.Passages {
			if strings.Contains(p.Text, "refugee status") {
				t.Errorf("search reads %q of %s, want the text as written", p.Text, r.URL)
			}
		}
	}
}
