package record

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCheckIsSilentOnASiteWithoutFault(t *testing.T) {
	for _, f := range check(t, site()) {
		t.Error(f)
	}
}

func TestCheckIsSilentOnOurOwnContent(t *testing.T) {
	result, err := Check("../..", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range result.Findings {
		t.Error(f)
	}
	if result.Records < 100 || result.Files < 4*result.Records {
		t.Errorf("%d records in %d files were looked at; the site has more", result.Records, result.Files)
	}
}

func TestCheckCountsAWaitingTextAsSourceButNotAsPlace(t *testing.T) {
	files := site()
	files["content/reports/town-2020/.draft.text.en.md"] = front(`title: "T"`) + "New.\n{id=\"par-9-01\" data-page=\"9\"}\n"
	files["content/practices/boat/index.en.md"] = strings.Replace(boat(), "par-1-02, page: 3", "par-9-01, page: 9", 1) + "[x](/reports/town-2020/#par-9-01)\n"
	findings := check(t, files)
	if len(findings) != 1 || !strings.Contains(findings[0].Message, "has no place #par-9-01") {
		t.Errorf("findings = %v", findings)
	}
}

func TestCheckNamesTheDraftThatALinkLeadsTo(t *testing.T) {
	files := site()
	files["content/practices/new/index.en.md"] = strings.Replace(field("draft: true")(boat()), "practice-boat", "practice-new", 1)
	files["content/practices/boat/index.en.md"] += "[new](/practices/new/)\n"
	findings := check(t, files)
	if len(findings) != 1 || !strings.Contains(findings[0].Message, "a draft or under embargo") {
		t.Errorf("findings = %v", findings)
	}
}

func TestCheckKnowsAPageUnderEmbargo(t *testing.T) {
	files := site()
	files["content/practices/new/index.en.md"] = strings.Replace(field(`embargo_until: "2021-07-01"`)(boat()), "practice-boat", "practice-new", 1)
	files[boatFile] += "[new](/practices/new/)\n"
	findings := check(t, files)
	if len(findings) != 1 || !strings.Contains(findings[0].Message, "a draft or under embargo") {
		t.Errorf("findings = %v", findings)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range site() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse("content/practices/x/index.en.md", []byte(text))
		if err != nil {
			return
		}
		c := &checker{root: t.TempDir(), today: "2021-06-01", pages: []*Page{p}}
		if err := c.gather(); err != nil {
			t.Fatal(err)
		}
		c.checkPage(p)
		for _, f := range c.findings {
			if f.Line < 1 || f.Line > strings.Count(text, "\n")+2 {
				t.Errorf("finding outside the file: %v", f)
			}
		}
	})
}

func TestCheckFollowsALinkToTheWholeContent(t *testing.T) {
	root := t.TempDir()
	elsewhere := filepath.Join(t.TempDir(), "content")
	if err := errors.Join(os.MkdirAll(filepath.Join(elsewhere, "songs"), 0o755), os.Symlink(elsewhere, filepath.Join(root, "content"))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(elsewhere, "songs", "_index.en.md"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	result, err := Check(root, today)
	if err != nil || len(result.Findings) != 1 || result.Findings[0].File != "content/songs/_index.en.md" {
		t.Errorf("Check = %v, %v, want one finding in content/songs", result.Findings, err)
	}
}
