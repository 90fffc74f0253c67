package site

import (
	"strings"
	"testing"
)

// canary stands in everything that must not be published.
const canary = "CANARY-7f3a"

func TestWhatIsNotForEverybodyIsNotPublished(t *testing.T) {
	page := func(front string) string {
		return "-- content/practices/hidden/index.en.md --\n---\nid: practice-hidden\ntitle: " + canary + "\n" + front + "\n---\n" + canary + "\n" +
			"-- content/practices/hidden/file.txt --\n" + canary + "\n"
	}
	text := func(front string) string {
		return "-- content/reports/harbour-2020/text.en.md --\n---\ntitle: Text\n" + front + "\n---\n" + canary + "\n"
	}
	for _, test := range []struct{ name, change string }{
		{"a draft", page("draft: true")},
		{"a page under embargo", page("embargo_until: 2999-01-01")},
		{"a page of the future", page("publishDate: 2999-01-01")},
		{"an expired page", page("expiryDate: 2001-01-01")},
		{"a draft for members", page("draft: true\nvisibility: members")},
		{"the draft of a full text", text("draft: true")},
		{"a full text under embargo", text("embargo_until: 2999-01-01")},
		{"the draft of a translation", "-- content/practices/boats/index.es.md --\n---\nid: practice-boats\ntitle: " + canary + "\ndraft: true\n---\n" + canary + "\n"},
		{"the draft of a section", "-- content/practices/_index.en.md --\n---\ntitle: " + canary + "\ndraft: true\n---\n" + canary + "\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			opts := testOptions(t, writeSite(t, smallSite, test.change))
			result := mustBuild(t, opts)
			for name, text := range tree(t, opts.Out) {
				if strings.Contains(text, canary) {
					t.Errorf("%s shows it", name)
				}
			}
			for _, record := range result.Records {
				for _, passage := range record.Passages {
					if strings.Contains(record.Title+passage.Text, canary) {
						t.Errorf("the record of %s holds it", record.File)
					}
				}
			}
			if !strings.Contains(readFile(t, opts.Out, "es/practices/boats/index.html"), "otes") &&
				!strings.Contains(readFile(t, opts.Out, "es/practices/boats/index.html"), "Boats") {
				t.Error("another page went missing with it")
			}
		})
	}
}

func TestAnAudienceThatASiteCannotKeepStopsTheBuild(t *testing.T) {
	for _, test := range []struct{ name, change, file string }{
		{
			"a page for members",
			"-- content/practices/hidden/index.en.md --\n---\ntitle: a\nvisibility: members\n---\nx\n", "content/practices/hidden/index.en.md",
		},
		{
			"a misspelt audience",
			"-- content/practices/hidden/index.en.md --\n---\ntitle: a\nvisibility: Public!\n---\nx\n", "content/practices/hidden/index.en.md",
		},
		{
			"a translation for members",
			"-- content/practices/boats/index.es.md --\n---\ntitle: a\nvisibility: members\n---\nx\n", "content/practices/boats/index.es.md",
		},
		{
			"a page for a group that is in no list",
			"-- content/practices/hidden/index.en.md --\n---\ntitle: a\nvisibility: group:chairs\nbuild:\n  list: never\n---\nx\n", "content/practices/hidden/index.en.md",
		},
		{
			"a section's audience, inherited by its pages",
			"-- content/practices/_index.en.md --\n---\ntitle: a\ncascade:\n  params:\n    visibility: members\n---\nx\n", "content/practices/boats/index.en.md",
		},
		{
			"a full text for members",
			"-- content/reports/harbour-2020/text.en.md --\n---\ntitle: a\nvisibility: members\n---\nx\n", "content/reports/harbour-2020/text.en.md",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Build(t.Context(), testOptions(t, writeSite(t, smallSite, test.change)))
			lines := strings.Join(problems(t, err), "\n")
			if !strings.Contains(lines, test.file+": visibility is") {
				t.Errorf("Build = %q, want it to name %s", lines, test.file)
			}
		})
	}
}

func TestPreviewsShowDraftsButNeverAnotherAudience(t *testing.T) {
	opts := testOptions(t, writeSite(t, smallSite, "-- content/practices/new/index.en.md --\n---\ntitle: New\ndraft: true\n---\nsoon\n"))
	opts.Drafts = true
	mustBuild(t, opts)
	if text := readFile(t, opts.Out, "practices/new/index.html"); !strings.Contains(text, "soon") {
		t.Errorf("practices/new = %q, want the draft", text)
	}
	change(t, opts.Dir, "-- content/practices/new/index.en.md --\n---\ntitle: New\nvisibility: members\n---\nsoon\n")
	if _, err := Build(t.Context(), opts); err == nil {
		t.Error("Build of a page for members = nil, want an error, also for a preview")
	}
}
