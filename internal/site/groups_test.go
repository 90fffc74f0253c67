package site

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// recommendationOf is one of two, in a group whose code another report has too.
func recommendationOf(report string, year, number int) string {
	return fmt.Sprintf(`
-- content/recommendations/cmc-%[2]d-ns-%[3]d/index.en.md --
---
id: cmc-%[2]d-ns-%[3]d
title: Step %[3]d of %[2]d
symbol: CMC/%[2]d/NS/%[3]d
group: NS
number: %[3]d
sources: [{report: %[1]s, paragraph: par-1}]
---
`, report, year, number)
}

func TestGroupsOfTwoReportsWithOneCodeAreKeptApart(t *testing.T) {
	_, site := themeOf(t)
	site += `
-- data/recommendation_groups.yaml --
- {code: NS, report: first, title: {en: Steps of the first}}
- {code: NS, report: second, title: {en: Steps of the second}}
-- content/recommendations/_index.en.md --
---
title: Recommendations
---
`
	for number := 1; number <= 2; number++ {
		site += recommendationOf("first", 2017, number) + recommendationOf("second", 2019, number)
	}
	opts := testOptions(t, writeSite(t, site))
	opts.Theme = os.DirFS(filepath.Join("..", ".."))
	mustBuild(t, opts)
	page := func(name string) *goquery.Document {
		t.Helper()
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(readFile(t, opts.Out, "recommendations", name, "index.html")))
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	one := page("cmc-2019-ns-1")
	if next, _ := one.Find("a[rel=next]").Attr("href"); next != "/recommendations/cmc-2019-ns-2/" {
		t.Errorf("after CMC/2019/NS/1 comes %q, want CMC/2019/NS/2", next)
	}
	if one.Find("a[rel=prev]").Length() > 0 {
		t.Error("something comes before CMC/2019/NS/1, want nothing")
	}
	if group := one.Find(`.facts a[href="/recommendations/#group-second-ns"]`).Text(); group != "Steps of the second" {
		t.Errorf("the group of CMC/2019/NS/1 is %q, want that of its own report", group)
	}
	list := page("")
	for group, year := range map[string]string{"group-ns": "2017", "group-second-ns": "2019"} {
		symbols := list.Find("section[aria-labelledby=" + group + "] .symbol").Text()
		if want := "CMC/" + year + "/NS/1CMC/" + year + "/NS/2"; symbols != want {
			t.Errorf("below %s stand %q, want %q", group, symbols, want)
		}
	}
}
